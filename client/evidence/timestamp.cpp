#include "client/evidence/timestamp.hpp"

#include "macro/ascii.hpp"

#include <fmt/chrono.h>

#include <array>

namespace provphone::client::evidence {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads a text from front to back; once something did not fit nothing does any more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // A number of `least` to `most` digits, up to `highest`.
  unsigned number(std::size_t least, std::size_t most, unsigned highest) {
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < most && ascii::is_digit(peek())) {
      value = value * 10 + static_cast<unsigned>(peek() - '0');
      ++at_;
      ++digits;
    }
    ok_ = ok_ && digits >= least && value <= highest;
    return value;
  }
  void one_of(std::string_view characters) {
    ok_ = ok_ && at_ < text_.size() && characters.find(text_[at_]) != std::string_view::npos;
    ++at_;
  }
  bool skip(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  unsigned month() {
    static constexpr std::array<std::string_view, 12> names{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto name = text_.substr(std::min(at_, text_.size()), 3);
    for (unsigned i = 0; i < names.size(); ++i) {
      if (names[i] != name) continue;
      at_ += 3;
      return i + 1;
    }
    ok_ = false;
    return 1;
  }
  milliseconds clock() {
    const auto hour = number(2, 2, 23);
    one_of(":");
    const auto minute = number(2, 2, 59);
    one_of(":");
    const auto second = number(2, 2, 60);  // a leap second is the next one's beginning
    return hours(hour) + minutes(minute) + seconds(second) + fraction();
  }
  std::optional<seconds> offset() {
    if (skip('Z')) return seconds(0);
    if (peek() != '+' && peek() != '-') return std::nullopt;
    const int sign = peek() == '-' ? -1 : 1;
    ++at_;
    const auto hour = static_cast<int>(number(2, 2, 14));
    skip(':');
    const auto minute = static_cast<int>(number(2, 2, 59));
    return seconds(sign * (hour * 60 + minute) * 60);
  }

 private:
  milliseconds fraction() {
    if (peek() != '.' && peek() != ',') return milliseconds(0);
    ++at_;
    int value = 0;
    int digits = 0;
    for (; ascii::is_digit(peek()); ++at_, ++digits)
      if (digits < 3) value = value * 10 + (peek() - '0');
    ok_ = ok_ && digits > 0;
    for (; digits < 3; ++digits) value *= 10;
    return milliseconds(value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::optional<Stamp> finished(Stamp stamp, const Scanner& scanner) {
  constexpr int first_year = 1970, last_year = 2199;
  const bool has_day = stamp.month >= 1 && stamp.day >= 1;
  const bool has_fit_year =
      stamp.year == 0 || (stamp.year >= first_year && stamp.year <= last_year);
  if (!scanner.ok() || !has_day || !has_fit_year) return std::nullopt;
  stamp.length = scanner.at();
  return stamp;
}

resync::local_seconds local_day(int year, const Stamp& stamp) {
  using namespace std::chrono;
  return local_seconds{
      sys_days{std::chrono::year(year) / month(stamp.month) / day(stamp.day)}.time_since_epoch()};
}

}  // namespace

std::optional<Stamp> parse_access_stamp(std::string_view text) {
  Scanner scanner(text);
  Stamp stamp;
  stamp.day = scanner.number(2, 2, 31);
  scanner.one_of("/");
  stamp.month = scanner.month();
  scanner.one_of("/");
  stamp.year = static_cast<int>(scanner.number(4, 4, 9999));
  scanner.one_of(":");
  stamp.of_day = scanner.clock();
  if (scanner.skip(' ')) stamp.offset = scanner.offset();
  return finished(stamp, scanner);
}

std::optional<Stamp> parse_iso_stamp(std::string_view text) {
  Scanner scanner(text);
  Stamp stamp;
  stamp.year = static_cast<int>(scanner.number(4, 4, 9999));
  scanner.one_of("-");
  stamp.month = scanner.number(2, 2, 12);
  scanner.one_of("-");
  stamp.day = scanner.number(2, 2, 31);
  scanner.one_of("T ");
  stamp.of_day = scanner.clock();
  stamp.offset = scanner.offset();
  return finished(stamp, scanner);
}

std::optional<Stamp> parse_syslog_stamp(std::string_view text) {
  Scanner scanner(text);
  Stamp stamp;
  stamp.month = scanner.month();
  scanner.one_of(" ");
  scanner.skip(' ');
  stamp.day = scanner.number(1, 2, 31);
  scanner.one_of(" ");
  const auto behind = text.substr(std::min(scanner.at(), text.size()));
  const bool has_year =
      behind.size() > 4 && behind[4] == ' ' && ascii::run_length(behind, 0, ascii::is_digit) == 4;
  if (has_year) {
    stamp.year = static_cast<int>(scanner.number(4, 4, 9999));
    scanner.one_of(" ");
  }
  stamp.of_day = scanner.clock();
  return finished(stamp, scanner);
}

std::optional<Instant> parse_unix_time(std::string_view text) {
  std::int64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() && ascii::is_digit(text[at]) && at < 12; ++at)
    value = value * 10 + (text[at] - '0');
  if (at == 0) return std::nullopt;
  value *= 1000;
  if (at < text.size() && text[at] == '.') {
    std::int64_t weight = 100;
    for (++at; at < text.size() && ascii::is_digit(text[at]); ++at, weight /= 10)
      value += weight * (text[at] - '0');
  }
  return at == text.size() ? std::optional(Instant{milliseconds(value)}) : std::nullopt;
}

std::string format_utc(Instant at) {
  const auto second = std::chrono::floor<seconds>(at);
  return fmt::format("{:%FT%T}.{:03}Z", second, (at - second).count());
}

int LogClock::year_of(const Stamp& stamp) {
  if (stamp.year != 0) return stamp.year;
  if (year_ == 0) {
    const auto last = std::chrono::floor<std::chrono::days>(written_);
    year_ = given_year_.value_or(static_cast<int>(std::chrono::year_month_day(last).year()));
    const auto day = Instant{local_day(year_, stamp).time_since_epoch()};
    if (!given_year_ && day > written_ + hours(24)) --year_;
    last_month_ = stamp.month;
  }
  // Lines come nearly in order: from December to January is a new year, and back a late line.
  constexpr unsigned half = 6;
  if (stamp.month + half < last_month_) {
    ++year_;
    last_month_ = stamp.month;
  } else if (stamp.month > last_month_ + half) {
    return year_ - 1;
  }
  last_month_ = stamp.month;
  return year_;
}

Instant LogClock::from_local(resync::local_seconds local) {
  const Instant first{resync::first_instant(zone_, local)};
  // The same time is shown again an hour later where clocks were put back.
  const auto again = first + hours(1);
  const bool is_shown_again =
      resync::local_time(zone_, std::chrono::floor<seconds>(again)) == local;
  return is_shown_again && first < last_ - minutes(5) ? again : first;
}

Instant LogClock::instant_of(const Stamp& stamp) {
  const auto local = local_day(year_of(stamp), stamp);
  if (stamp.offset) {
    last_ = Instant{local.time_since_epoch() + stamp.of_day - *stamp.offset};
    return last_;
  }
  const auto whole = std::chrono::floor<seconds>(stamp.of_day);
  last_ = from_local(local + whole) + (stamp.of_day - whole);
  return last_;
}

}  // namespace provphone::client::evidence
