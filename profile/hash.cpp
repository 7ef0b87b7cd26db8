#include "profile/hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace provphone::profile {

std::string hash_hex(Hash hash, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size,
             hash == Hash::md5 ? EVP_md5() : EVP_sha256(), nullptr);
  std::string hex;
  hex.reserve(std::size_t{2} * size);
  for (std::size_t i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

std::string base64(std::string_view text) {
  // EVP_EncodeBlock() writes a NUL behind what it makes.
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  encoded.pop_back();
  return encoded;
}

}  // namespace provphone::profile
