#pragma once

#include "client/listen/place.hpp"
#include "client/listen/sip_port.hpp"
#include "client/listen/web_port.hpp"

#include <optional>

namespace provphone::client::listen {

// Nothing: closed.
struct Places {
  std::optional<Place> web, sip;

  bool any() const { return web || sip; }
};

// How many sockets that takes.
std::size_t sockets_for(const Places& places, const drive::RealDriver& driver);

// To be called before so many are opened, by one or several drivers of the process, whose limit of
// open files it raises where that is too low. Fails with bad_argument where it may not; the error
// has the command that mends it.
Result<void> make_room_for(std::size_t sockets);

// All that phones of a driver answer at, open for as long as it lives.
class Doors {
 public:
  // Listens at once, at each address that phones have. Loop, driver and `wall` must outlive it.
  // `network` and `tell` are for registrations, as in sip_port.hpp. Fails with bad_argument where
  // it cannot listen.
  static Result<Doors> open(boost::asio::io_context& loop, const Places& places,
                            drive::RealDriver& driver, const resync::WallClock& wall,
                            transport::Network network, trace::TraceSink tell);

  // What happens to a phone, by its index. Every event, as it happens.
  void observe(std::size_t phone, const trace::TraceEvent& event);

  // With the ports that were taken, for whoever opens the same for other phones.
  const Places& places() const { return places_; }
  // Of each phone, `http://127.0.0.1:8080/000e08012345/`, and of each address,
  // `sip:127.0.0.1:5060`; empty where that is closed.
  std::vector<std::string> web_urls() const;
  std::vector<std::string> sip_urls() const;

 private:
  Doors() = default;

  Places places_;
  std::unique_ptr<WebPort> web_;
  std::unique_ptr<SipPort> sip_;
};

}  // namespace provphone::client::listen
