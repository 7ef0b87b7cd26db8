#include "profile/aes.hpp"
#include "profile/decode.hpp"
#include "profile/gzip.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

// Foreign octets through every layer: plain, with a key, and behind each layer that hides them from
// the fuzzer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provphone::profile;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const DecodeOptions plain;
  DecodeOptions keyed;
  keyed.key = "phrase";

  const auto direct = decode(bytes, plain);
  (void)decode(bytes, keyed);
  if (direct) {
    const auto sealed = encrypt(gzip(bytes), "phrase", Layer::aes_256_cbc_sha256, {});
    const auto again = decode(sealed, keyed);
    // A file at the limit of two gzip layers has no room for the third one added here.
    if (again && again->changes != direct->changes) std::abort();
  }
  // Reaches the content of AES and gzip without the fuzzer having to guess a key or a checksum.
  (void)decode(encrypt(bytes, "phrase", Layer::aes_256_cbc_md5, {}), keyed);
  (void)decode(gzip(bytes), plain);

  if (direct) {
    ParameterSet phone(factory_values(Generation::mpp12));
    apply(phone, std::as_const(direct->changes));
    if (!apply(phone, std::as_const(direct->changes)).empty()) std::abort();
  }
  return 0;
}
