#pragma once

#include "client/listen/place.hpp"
#include "client/transport/loop.hpp"

#include <memory>

// Where phones take SIP requests, over UDP and TCP (behaviour rules R-SIP-01, R-SIP-02),
// and where they register from (R-SIP-08). What they say is for client/face/sip.hpp and
// registration.hpp. No phone calls.
namespace provphone::client::listen {

class SipPort {
 public:
  // Listens at once, at each address of `phones`, with the place's port, which is one number for
  // both. Loop and driver must outlive it. Registrars are found in `network`; `tell` hears what
  // they said. Fails with bad_argument where it cannot listen.
  static Result<std::unique_ptr<SipPort>> open(boost::asio::io_context& loop, const Place& place,
                                               const PhonesByAddress& phones,
                                               drive::RealDriver& driver,
                                               transport::Network network, trace::TraceSink tell);
  ~SipPort();  // NOLINT(bugprone-exception-escape): nobody could do anything about it

  // What happens to a phone, by its index. Every event, as it happens.
  void observe(std::size_t phone, const trace::TraceEvent& event);

  // That was taken; the place's where no phone needs one.
  std::uint16_t port() const;
  // Of each address with phones, `sip:127.0.0.1:5060`.
  std::vector<std::string> urls() const;

  struct Impl;  // of sip_port.cpp

 private:
  explicit SipPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::listen
