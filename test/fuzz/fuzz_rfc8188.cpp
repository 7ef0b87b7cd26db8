#include "profile/rfc8188.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The first octet says how many octets of the input are the IKM, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto ikm = text.substr(0, data[0]);
  const auto rest = text.substr(ikm.size());
  (void)provphone::profile::decrypt_aes128gcm(rest, ikm);
  (void)provphone::profile::decrypt_aes128gcm(text, "yqdlZ-tYemfogSmv7Ws5PQ");

  const provphone::profile::SealingHeader header{{}, 18 + size % 64, ikm};
  const auto sealed = provphone::profile::encrypt_aes128gcm(rest, ikm, header);
  const auto opened = provphone::profile::decrypt_aes128gcm(sealed, ikm);
  if (!opened || *opened != rest) std::abort();
  return 0;
}
