#include "client/capsule/seal.hpp"

#include "macro/try.hpp"
#include "profile/aes.hpp"
#include "profile/decode.hpp"
#include "profile/gzip.hpp"
#include "profile/hash.hpp"
#include "profile/rfc8188.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace provphone::client::capsule {
namespace {

using profile::Layer;

// Equal bodies stay equal, and no salt comes twice under one key.
template <std::size_t size>
std::array<unsigned char, size> salt_for(const std::string& plain) {
  std::array<unsigned char, size> salt{};
  const auto digest = profile::hash_hex(profile::Hash::sha256, plain);
  for (std::size_t i = 0; i < size; ++i)
    salt.at(i) = static_cast<unsigned char>(std::stoul(digest.substr(2 * i, 2), nullptr, 16));
  return salt;
}

// A body without its layers, which are named from the outermost on.
struct Opened {
  std::string plain;
  std::vector<Layer> layers;
};

Result<Opened> open(const std::string& body, const Keys& keys) {
  Opened opened{body, {}};
  auto& [plain, layers] = opened;
  if (!keys.ikm.empty()) {
    TRY(plain, profile::decrypt_aes128gcm(plain, keys.ikm));
    layers.push_back(Layer::rfc8188);
  }
  if (!keys.phrase.empty() && profile::looks_encrypted(plain)) {
    TRY(auto decrypted, profile::decrypt(plain, keys.phrase, profile::KeyDigests::sha256_then_md5));
    plain = std::move(decrypted.bytes);
    layers.push_back(decrypted.layer);
  }
  if (profile::looks_gzipped(plain)) {
    TRY(plain, profile::gunzip(plain, profile::max_unpacked_bytes));
    layers.push_back(Layer::gzip);
  }
  return opened;
}

std::string sealed(std::string plain, Layer layer, const Keys& keys) {
  if (layer == Layer::gzip) return profile::gzip(plain);
  if (layer != Layer::rfc8188)
    return profile::encrypt(plain, keys.phrase, layer, salt_for<8>(plain));
  const auto ikm = profile::ikm_octets(keys.ikm, profile::IkmEncoding::octets_then_base64url);
  if (!ikm) return plain;
  return profile::encrypt_aes128gcm(plain, *ikm, {salt_for<16>(plain)});
}

}  // namespace

std::string without_secrets(const std::string& body, const Keys& keys, const Secrets& secrets) {
  auto opened = open(body, keys);
  if (!opened) return body;
  auto readable = secrets.replaced(opened->plain);
  if (readable == opened->plain && keys.phrase.empty() && keys.ikm.empty()) return body;
  const Keys stand_ins{secrets.stand_in(keys.phrase), secrets.stand_in(keys.ikm)};
  for (auto layer = opened->layers.rbegin(); layer != opened->layers.rend(); ++layer)
    readable = sealed(std::move(readable), *layer, stand_ins);
  return readable;
}

}  // namespace provphone::client::capsule
