#include "profile/aes.hpp"

#include "profile/detail/octets.hpp"
#include "profile/gzip.hpp"
#include "profile/xml.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <span>

namespace provphone::profile {
namespace {

using detail::octets;

constexpr std::string_view magic = "Salted__";
constexpr std::size_t openssl_salt_bytes = 8;
constexpr std::size_t block_bytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Key and initialisation vector; wiped when done with.
struct KeyMaterial {
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, block_bytes> iv{};

  KeyMaterial() = default;
  KeyMaterial(const KeyMaterial&) = delete;
  KeyMaterial& operator=(const KeyMaterial&) = delete;
  ~KeyMaterial() {
    OPENSSL_cleanse(key.data(), key.size());
    OPENSSL_cleanse(iv.data(), iv.size());
  }
};

// R-LAYER-08: one iteration of OpenSSL's own derivation, as its `enc -k` does without -pbkdf2.
bool derive(KeyMaterial& out, std::string_view phrase, const unsigned char* salt, Layer digest) {
  const auto* hash = digest == Layer::aes_256_cbc_md5 ? EVP_md5() : EVP_sha256();
  return EVP_BytesToKey(EVP_aes_256_cbc(), hash, salt, octets(phrase),
                        static_cast<int>(phrase.size()), 1, out.key.data(), out.iv.data()) != 0;
}

enum class CipherDirection { decrypt, encrypt };

// Nothing where the padding is not PKCS#7.
std::optional<std::string> run_cipher(std::string_view in, const KeyMaterial& material,
                                      CipherDirection direction) {
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  // PKCS#7 adds a whole block where the input fills its last one.
  std::string out(in.size() + block_bytes, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  int body = 0;
  int tail = 0;
  if (!context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, material.key.data(),
                        material.iv.data(), direction == CipherDirection::encrypt ? 1 : 0) != 1 ||
      EVP_CipherUpdate(context.get(), to, &body, octets(in), static_cast<int>(in.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), to + body, &tail) != 1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(body) + static_cast<std::size_t>(tail));
  return out;
}

// SHA-256 is OpenSSL's default since 1.1.0, MD5 was it before: files are of either kind.
std::span<const Layer> digests_to_try(KeyDigests digests) {
  static constexpr std::array<Layer, 2> order{Layer::aes_256_cbc_sha256, Layer::aes_256_cbc_md5};
  return digests == KeyDigests::md5 ? std::span(order).last(1) : std::span(order);
}

}  // namespace

bool looks_encrypted(std::string_view bytes) {
  return bytes.starts_with(magic);
}

Result<Decrypted> decrypt(std::string_view bytes, std::string_view phrase, KeyDigests digests) {
  if (!looks_encrypted(bytes)) {
    return fail(Errc::not_encrypted,
                "the rule has a --key, but the file does not begin with Salted__");
  }
  const auto salt = bytes.substr(magic.size(), openssl_salt_bytes);
  const auto body = bytes.substr(magic.size() + salt.size());
  if (salt.size() < openssl_salt_bytes || body.empty() || body.size() % block_bytes != 0) {
    return fail(Errc::wrong_key,
                "the file is cut off: its ciphertext is no whole number of blocks");
  }
  // R-LAYER-09: right padding alone proves little (a wrong key has it once in 256 tries), so the
  // content counts too.
  for (const Layer layer : digests_to_try(digests)) {
    KeyMaterial material;
    if (!derive(material, phrase, octets(salt), layer)) continue;
    auto plain = run_cipher(body, material, CipherDirection::decrypt);
    if (plain && (looks_gzipped(*plain) || looks_like_markup(*plain))) {
      return Decrypted{*std::move(plain), layer};
    }
  }
  return fail(Errc::wrong_key, "under the rule's --key the file is neither gzip nor XML");
}

std::string encrypt(std::string_view plain, std::string_view phrase, Layer digest,
                    const std::array<unsigned char, 8>& salt) {
  KeyMaterial material;
  derive(material, phrase, salt.data(), digest);
  std::string out(magic);
  out.append(reinterpret_cast<const char*>(salt.data()), salt.size());
  out += run_cipher(plain, material, CipherDirection::encrypt).value_or(std::string{});
  return out;
}

}  // namespace provphone::profile
