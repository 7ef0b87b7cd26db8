#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::transport {

// The only places that traffic may go to: `limits.targets` and `--target` (R-HTTP-15). Loopback
// always, and nothing else where nothing is named.
class Targets {
 public:
  Targets();  // 127.0.0.0/8 and ::1

  // Adds an address, a prefix (`10.0.0.0/8`) or a host name, which stands for whatever it resolves
  // to. Fails with bad_argument.
  Result<void> add(std::string_view text);

  // False for what is no address. An IPv4 address written as IPv6 (`::ffff:10.0.0.9`) is the IPv4
  // one.
  bool allows_address(std::string_view address) const;
  // Whether the name itself was added, in whatever case. It says nothing of addresses, literal ones
  // included.
  bool allows_name(std::string_view host) const;

 private:
  struct Prefix {
    std::vector<unsigned char> octets;  // 4 or 16
    unsigned bits;
  };
  std::vector<Prefix> prefixes_;
  std::vector<std::string> names_;
};

}  // namespace provphone::client::transport
