#include "client/transport/syslog.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

namespace provphone::client::transport {
namespace {

constexpr std::uint16_t syslog_port = 514;

// R-LOG-02: month and day as RFC 3164 prints them, a day below 10 behind a second space.
std::string timestamp(std::chrono::system_clock::time_point now) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(now - day));
  return fmt::format("{} {:>2} {:02}:{:02}:{:02}", months.at(unsigned{date.month()} - 1),
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

// R-LOG-19: version 1, and the time as RFC 5424 prints it.
std::string versioned_timestamp(std::chrono::system_clock::time_point now) {
  using namespace std::chrono;
  const auto day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(now - day));
  return fmt::format("1 {:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

// R-LOG-01: facility local0, severity info; the identifier stands behind the time stamp.
std::string datagram_of(const Syslog::Message& message) {
  const bool is_versioned = message.form == resync::SyslogForm::rfc5424;
  return fmt::format("<134>{} {}{}{}",
                     is_versioned ? versioned_timestamp(message.at) : timestamp(message.at),
                     message.identifier, message.identifier.empty() ? "" : " ", message.text);
}

Error about_server(Error error) {
  if (error.code == Errc::target_refused) error.detail.insert(0, "syslog server ");
  return error;
}

}  // namespace

Syslog::Syslog(const Targets& targets, NameService& names) : datagrams_(targets, names) {}

void Syslog::send(const Message& message, OnSent on_sent) {
  const auto server = parse_host_port(message.server, syslog_port);
  if (!server) {
    return on_sent(
        fail(Errc::bad_argument,
             fmt::format("syslog server \"{}\": expected host or host:port", message.server)));
  }
  datagrams_.send(*server, message.naming, datagram_of(message),
                  [on_sent = std::move(on_sent)](const Result<void>& sent) {
                    if (sent) return on_sent(sent);
                    on_sent(tl::unexpected(about_server(sent.error())));
                  });
}

}  // namespace provphone::client::transport
