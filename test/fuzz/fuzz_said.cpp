#include "macro/said.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace provphone::macro;

namespace {

std::size_t characters_in(const std::string& text) {
  std::size_t count = 0;
  for (const auto c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20U || octet == 0x7FU) std::abort();
    if ((octet & 0xC0U) != 0x80U) ++count;
  }
  return count;
}

}  // namespace

// Whatever a server sends, little of it is shown, and nothing that a terminal obeys. What follows a
// secret's name is not shown either.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto said = said_in(text);
  if (characters_in(said) > most_said) std::abort();
  // Shown text that is said again may be folded or hidden further, and grows in no case.
  if (characters_in(said_in(said)) > most_said) std::abort();
  const auto behind = said_in(text.substr(0, 32) + "\npassword=Zq7Zq7Zq7\n");
  if (behind.find("Zq7Zq7Zq7") != std::string::npos &&
      text.substr(0, 32).find("Zq7") == std::string::npos)
    std::abort();
  return 0;
}
