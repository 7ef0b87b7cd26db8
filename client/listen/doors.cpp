#include "client/listen/doors.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sys/resource.h>
#include <utility>

namespace provphone::client::listen {

std::size_t sockets_for(const Places& places, const drive::RealDriver& driver) {
  std::size_t sockets = 0;
  if (places.web) sockets += phones_by_address(*places.web, driver).size();
  // For UDP and for TCP.
  if (places.sip) sockets += 2 * phones_by_address(*places.sip, driver).size();
  return sockets;
}

// A socket and more an address are more than the soft limit of most systems for a thousand phones.
// Whatever else the process opens needs some, too.
Result<void> make_room_for(std::size_t sockets) {
  constexpr rlim_t others = 512, fewest_others = 32;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return {};
  const rlim_t wanted = sockets + others;
  if (files.rlim_cur < wanted) {
    const rlimit raised{std::min<rlim_t>(files.rlim_max, wanted), files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
  }
  if (files.rlim_cur >= sockets + fewest_others) return {};
  return fail(Errc::bad_argument,
              fmt::format("phones that answer take {} sockets, and this process may open {} files; "
                          "before the next start: ulimit -n {}",
                          sockets, files.rlim_cur, wanted));
}

Result<Doors> Doors::open(boost::asio::io_context& loop, const Places& places,
                          drive::RealDriver& driver, const resync::WallClock& wall,
                          transport::Network network, trace::TraceSink tell) {
  Doors doors;
  doors.places_ = places;
  if (places.web) {
    const auto phones = phones_by_address(*places.web, driver);
    TRY(doors.web_, WebPort::open(loop, *places.web, phones, driver, wall));
    doors.places_.web->port = doors.web_->port();
  }
  if (places.sip) {
    const auto phones = phones_by_address(*places.sip, driver);
    TRY(doors.sip_,
        SipPort::open(loop, *places.sip, phones, driver, std::move(network), std::move(tell)));
    doors.places_.sip->port = doors.sip_->port();
  }
  return doors;
}

void Doors::observe(std::size_t phone, const trace::TraceEvent& event) {
  if (web_) web_->observe(phone, event);
  if (sip_) sip_->observe(phone, event);
}

std::vector<std::string> Doors::web_urls() const {
  return web_ ? web_->urls() : std::vector<std::string>{};
}

std::vector<std::string> Doors::sip_urls() const {
  return sip_ ? sip_->urls() : std::vector<std::string>{};
}

}  // namespace provphone::client::listen
