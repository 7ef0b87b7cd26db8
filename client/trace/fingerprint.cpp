#include "client/trace/fingerprint.hpp"

#include <fmt/format.h>

namespace provphone::client::trace {

void Fingerprint::add(std::uint64_t number) {
  for (int octet = 0; octet < 8; ++octet) fold((number >> (8 * octet)) & 0xffU);
}

void Fingerprint::add(std::string_view text) {
  for (const char c : text) fold(static_cast<unsigned char>(c));
  fold(0x100U);  // no octet: the end of a text
}

std::string Fingerprint::hex() const {
  return fmt::format("{:016x}", state_);
}

}  // namespace provphone::client::trace
