#pragma once

#include "client/drive/real.hpp"
#include "client/run/web_port.hpp"
#include "client/transport/loop.hpp"

#include <memory>
#include <string>
#include <vector>

// Where a run's phones take SIP requests, over UDP and TCP (behaviour rules R-SIP-01, R-SIP-02),
// and where they register from (R-SIP-08). What they say is for client/face/sip.hpp and
// registration.hpp. No phone calls.
namespace provphone::client::run {

class SipPort {
 public:
  // Listens at once, at the place and at each source address that phones have, with the same port.
  // Loop and driver must outlive it. Registrars are found in `network`; `tell` hears what they
  // said. Fails with bad_argument where it cannot listen.
  static Result<std::unique_ptr<SipPort>> open(boost::asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver,
                                               transport::Network network, trace::TraceSink tell);
  ~SipPort();

  // What happens to the phones, for their registrations. Every event, as it happens.
  void observe(const trace::TraceEvent& event);

  // Of each address with phones, `sip:127.0.0.1:5060`.
  std::vector<std::string> urls() const;

  struct Impl;  // of sip_port.cpp

 private:
  explicit SipPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::run
