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

// All that phones of a driver answer at, open for as long as it lives.
class Doors {
 public:
  // Listens at once, at each address that phones have. Loop, driver and `wall` must outlive it.
  // `network` and `tell` are for registrations, as in sip_port.hpp. Raises the process's limit of
  // open files where it takes that. Fails with bad_argument where it cannot listen.
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
  // Sockets that it keeps open by itself.
  std::size_t sockets() const { return sockets_; }

 private:
  Doors() = default;

  Places places_;
  std::size_t sockets_ = 0;
  std::unique_ptr<WebPort> web_;
  std::unique_ptr<SipPort> sip_;
};

}  // namespace provphone::client::listen
