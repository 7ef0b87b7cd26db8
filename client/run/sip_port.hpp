#pragma once

#include "client/drive/real.hpp"
#include "client/run/web_port.hpp"
#include "client/transport/loop.hpp"

#include <memory>
#include <string>
#include <vector>

// Where a run's phones take SIP requests, over UDP and TCP (behaviour rules R-SIP-01, R-SIP-02).
// What they say is for client/face/sip.hpp. No phone registers, and none calls.
namespace provphone::client::run {

class SipPort {
 public:
  // Listens at once, at the place and at each source address that phones have, with the same port.
  // Both must outlive it. Fails with bad_argument where it cannot.
  static Result<std::unique_ptr<SipPort>> open(boost::asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver);
  ~SipPort();

  // Of each address with phones, `sip:127.0.0.1:5060`.
  std::vector<std::string> urls() const;

  struct Impl;  // of sip_port.cpp

 private:
  explicit SipPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::run
