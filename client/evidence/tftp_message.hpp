#pragma once

#include "client/evidence/sighting.hpp"

#include <optional>
#include <string>
#include <string_view>

// What TFTP servers log.
namespace provphone::client::evidence {

// A request that a message of atftpd, tftpd-hpa or dnsmasq tells, without its time; nothing where
// it tells none. Views of `message`.
std::optional<Sighting> read_tftp_message(std::string_view message);

// Paths that dnsmasq prints with the folder that it serves in front.
class TftpRoot {
 public:
  // Where the message says which folder it is.
  void learn(std::string_view message);
  // The path as it was asked for, with a `/` in front. Without a known folder the usual ones are
  // taken off. Valid until the next call.
  std::string_view asked_for(std::string_view path);

 private:
  std::string root_, path_;
};

}  // namespace provphone::client::evidence
