#include "client/listen/doors.hpp"

#include "macro/try.hpp"

#include <algorithm>
#include <sys/resource.h>
#include <utility>

namespace provphone::client::listen {
namespace {

// A socket and more an address are more than the soft limit of most systems for a thousand phones.
void raise_limit_of_files(std::size_t sockets) {
  constexpr std::size_t others = 512;
  rlimit files{};
  const rlim_t wanted = sockets + others;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, wanted);
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

Result<Doors> Doors::open(boost::asio::io_context& loop, const Places& places,
                          drive::RealDriver& driver, const resync::WallClock& wall,
                          transport::Network network, trace::TraceSink tell) {
  Doors doors;
  doors.places_ = places;
  const auto web = places.web ? phones_by_address(*places.web, driver) : PhonesByAddress{};
  const auto sip = places.sip ? phones_by_address(*places.sip, driver) : PhonesByAddress{};
  doors.sockets_ = web.size() + 2 * sip.size();
  raise_limit_of_files(doors.sockets_);
  if (places.web) {
    TRY(doors.web_, WebPort::open(loop, *places.web, web, driver, wall));
    doors.places_.web->port = doors.web_->port();
  }
  if (places.sip) {
    TRY(doors.sip_,
        SipPort::open(loop, *places.sip, sip, driver, std::move(network), std::move(tell)));
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
