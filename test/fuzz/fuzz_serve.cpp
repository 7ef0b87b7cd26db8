#include "client/serve/challenge.hpp"
#include "client/serve/fault_text.hpp"
#include "client/serve/files.hpp"
#include "client/serve/record.hpp"
#include "client/serve/tftp_agreement.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace provphone::client::serve;

// Nobody gets in who does not know the password, and there is always another challenge.
void knock(std::string_view header) {
  static Authenticator authenticator;
  const LoginFault digest{Scheme::digest, "phone", "0d9f3c17a6be42", Stale::never};
  const LoginFault basic{Scheme::basic, "phone", "0d9f3c17a6be42", Stale::never};
  if (!authenticator.challenge(digest, {header, "GET", "/a"})) std::abort();
  if (!authenticator.challenge(basic, {header, "GET", "/a"})) std::abort();
}

void ask_for(std::string_view target) {
  for (const auto& path : {path_of_target(target), path_of_file_name(target)}) {
    if (path && (path->find("/../") != std::string::npos || !path->starts_with('/'))) std::abort();
  }
  if (shown_path(target).size() > target.size() + 8 * target.size()) std::abort();
}

void send_packet(std::string_view packet) {
  const auto request = provphone::client::transport::tftp::parse_request(packet);
  if (request && agree(*request, announced_octets(*request)).block_octets < 8) std::abort();
}

}  // namespace

// The first octet says what the rest is: an Authorization header, a request's target, a TFTP
// packet, a fault, or a file of faults.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      knock(text);
      break;
    case 1:
      ask_for(text);
      break;
    case 2:
      send_packet(text);
      break;
    case 3:
      (void)parse_fault(text);
      break;
    default:
      (void)read_faults(text, "faults.yaml");
  }
  return 0;
}
