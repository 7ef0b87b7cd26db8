#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::transport {

// The only places that traffic may go to: `limits.targets` and `--target`. Loopback where nothing
// else is named.
class Targets {
 public:
  Targets();  // 127.0.0.0/8 and ::1

  // Adds an address, a prefix (`10.0.0.0/8`) or a host name. Fails with bad_argument.
  Result<void> add(std::string_view text);

  bool allows_address(std::string_view address) const;
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
