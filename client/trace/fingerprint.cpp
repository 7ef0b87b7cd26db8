#include "client/trace/fingerprint.hpp"

#include <fmt/format.h>

namespace provphone::client::trace {

void Fingerprint::add(std::uint64_t number) {
  // From the lowest octet on, whatever the machine's byte order is.
  for (int octet = 0; octet < 8; ++octet) hash_.take((number >> (8 * octet)) & 0xffU);
}

void Fingerprint::add(std::string_view text) {
  hash_.take(text);
  hash_.take(0x100U);  // no octet: the end of a text
}

std::string Fingerprint::hex() const {
  return fmt::format("{:016x}", hash_.value());
}

}  // namespace provphone::client::trace
