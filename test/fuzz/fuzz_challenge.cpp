#include "resync/challenge.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace provphone::resync;

namespace {

// Nobody who asks for a login makes the phone send a header of his own, or its password.
void check(const std::string& value) {
  for (const auto c : value) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet < 0x20U && c != '\t') || octet == 0x7FU) std::abort();
  }
  if (value.find("Zq7Zq7Zq7") != std::string::npos) std::abort();
}

}  // namespace

// One header a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> headers(1);
  for (const auto c : text) {
    if (c == '\n')
      headers.emplace_back();
    else
      headers.back() += c;
  }
  const auto challenges = read_challenges(headers);
  if (challenges.size() > 16) std::abort();
  for (const auto& challenge : challenges) {
    if (text.find("Zq7Zq7Zq7") == std::string::npos)
      check(authorization(challenge, {"us\"er", "Zq7Zq7Zq7"}, {"GET", "/x"}, {1, "c"}));
  }
  return 0;
}
