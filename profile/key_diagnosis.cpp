#include "macro/ascii.hpp"
#include "profile/aes.hpp"
#include "profile/detail/octets.hpp"
#include "profile/gzip.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

// How a file was encrypted that no phone opens (R-LAYER-21).
namespace provphone::profile {
namespace {

using detail::octets;

constexpr std::string_view salt_mark = "Salted__";
constexpr std::size_t salt_bytes = 8;
constexpr std::size_t cipher_block = 16;

enum class Derivation : std::uint8_t { one_iteration, pbkdf2 };

// A way to encrypt, as the flags of `openssl enc` have it.
struct Way {
  const EVP_CIPHER* (*cipher)();
  const EVP_MD* (*digest)();
  Derivation derivation;
  std::string_view said;  // where it fits
};

// The usual ones first. MD5 and SHA-256 with AES-256 come last: they are the ones that phones know,
// and fit here where the family knows the other one, or behind base64.
constexpr std::string_view no_pbkdf2 = "the phrase fits with -pbkdf2, which no phone knows";
constexpr std::string_view no_short_key =
    "the phrase fits with another cipher than a phone's: `openssl enc -aes-256-cbc`";
constexpr std::array<Way, 6> foreign_ways{{
    {&EVP_aes_256_cbc, &EVP_sha256, Derivation::pbkdf2, no_pbkdf2},
    {&EVP_aes_256_cbc, &EVP_md5, Derivation::pbkdf2, no_pbkdf2},
    {&EVP_aes_128_cbc, &EVP_sha256, Derivation::one_iteration, no_short_key},
    {&EVP_aes_128_cbc, &EVP_md5, Derivation::one_iteration, no_short_key},
    {&EVP_aes_192_cbc, &EVP_sha256, Derivation::one_iteration, no_short_key},
    {&EVP_aes_256_cbc, &EVP_sha1, Derivation::one_iteration,
     "the phrase fits with SHA-1, which no phone knows: `openssl enc -md md5`"},
}};
constexpr Way sha256_way{&EVP_aes_256_cbc, &EVP_sha256, Derivation::one_iteration, {}};
constexpr Way md5_way{&EVP_aes_256_cbc, &EVP_md5, Derivation::one_iteration, {}};

// Key and vector one behind the other; wiped when done with.
struct Derived {
  std::array<unsigned char, EVP_MAX_KEY_LENGTH + EVP_MAX_IV_LENGTH> octets{};

  Derived() = default;
  Derived(const Derived&) = delete;
  Derived& operator=(const Derived&) = delete;
  ~Derived() { OPENSSL_cleanse(octets.data(), octets.size()); }
};

// A file without its salt, which may be empty: -nosalt.
struct Sealed {
  std::string_view salt;
  std::string_view body;
};

bool derive_by(Derived& out, const Way& way, std::string_view salt, std::string_view phrase) {
  constexpr int default_iterations = 10'000;  // of `openssl enc -pbkdf2`
  const auto* cipher = way.cipher();
  const auto* from = salt.empty() ? nullptr : octets(salt);
  const auto key_bytes = EVP_CIPHER_key_length(cipher);
  if (way.derivation == Derivation::one_iteration) {
    return EVP_BytesToKey(cipher, way.digest(), from, octets(phrase),
                          static_cast<int>(phrase.size()), 1, out.octets.data(),
                          out.octets.data() + key_bytes) != 0;
  }
  return PKCS5_PBKDF2_HMAC(phrase.data(), static_cast<int>(phrase.size()), from,
                           static_cast<int>(salt.size()), default_iterations, way.digest(),
                           key_bytes + EVP_CIPHER_iv_length(cipher), out.octets.data()) == 1;
}

std::optional<std::string> opened(const Way& way, const Sealed& file, std::string_view phrase) {
  using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
  Derived derived;
  if (!derive_by(derived, way, file.salt, phrase)) return std::nullopt;
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const auto* cipher = way.cipher();
  std::string out(file.body.size() + cipher_block, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  int body = 0;
  int tail = 0;
  if (!context ||
      EVP_DecryptInit_ex(context.get(), cipher, nullptr, derived.octets.data(),
                         derived.octets.data() + EVP_CIPHER_key_length(cipher)) != 1 ||
      EVP_DecryptUpdate(context.get(), to, &body, octets(file.body),
                        static_cast<int>(file.body.size())) != 1 ||
      EVP_DecryptFinal_ex(context.get(), to + body, &tail) != 1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(body) + static_cast<std::size_t>(tail));
  return out;
}

// Many ways are tried, so that a `<` at the beginning is not enough: chance has it often.
bool makes_sense(std::string_view plain) {
  if (looks_gzipped(plain)) return true;
  const auto head = plain.substr(0, 64);
  return looks_like_markup(plain) && std::none_of(head.begin(), head.end(), [](unsigned char c) {
           return c < ' ' && c != '\t' && c != '\r' && c != '\n';
         });
}

bool fits(const Way& way, const Sealed& file, std::string_view phrase) {
  const auto plain = opened(way, file, phrase);
  return plain && makes_sense(*plain);
}

bool is_whole(std::string_view body) {
  return !body.empty() && body.size() % cipher_block == 0;
}

// What `openssl enc -a` writes, decoded; empty where it is no base64.
std::string from_base64(std::string_view text) {
  std::string letters;
  std::copy_if(text.begin(), text.end(), std::back_inserter(letters),
               [](char c) { return !ascii::is_space(c); });
  if (letters.empty() || letters.size() % 4 != 0) return {};
  std::string out(letters.size() / 4 * 3, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(letters),
                                    static_cast<int>(letters.size()));
  if (size < 0) return {};
  out.resize(static_cast<std::size_t>(size) -
             static_cast<std::size_t>(std::count(letters.end() - 2, letters.end(), '=')));
  return out;
}

std::string why_salted_fails(const Sealed& file, std::string_view phrase, KeyDigests digests) {
  if (digests == KeyDigests::md5 && fits(sha256_way, file, phrase))
    return "the phrase fits with SHA-256, which this family does not know: `openssl enc -md md5`";
  for (const auto& way : foreign_ways) {
    if (fits(way, file, phrase)) return std::string(way.said);
  }
  return {};
}

std::string why_unsalted_fails(std::string_view bytes, std::string_view phrase) {
  if (from_base64(bytes).starts_with(salt_mark))
    return "the file is base64 text: `openssl enc` without -a, -base64 or -A";
  const Sealed file{{}, bytes};
  if (is_whole(bytes) && (fits(sha256_way, file, phrase) || fits(md5_way, file, phrase)))
    return "the phrase fits with -nosalt; a phone wants the salt in front";
  return {};
}

}  // namespace

std::string why_key_fails(std::string_view bytes, std::string_view phrase, KeyDigests digests) {
  if (!looks_encrypted(bytes)) return why_unsalted_fails(bytes, phrase);
  bytes.remove_prefix(salt_mark.size());
  const Sealed file{bytes.substr(0, salt_bytes), bytes.substr(std::min(salt_bytes, bytes.size()))};
  return is_whole(file.body) ? why_salted_fails(file, phrase, digests) : std::string();
}

Error with_key_diagnosis(Error error, std::string_view bytes, std::string_view phrase,
                         KeyDigests digests) {
  if (error.code != Errc::wrong_key && error.code != Errc::not_encrypted) return error;
  const auto why = why_key_fails(bytes, phrase, digests);
  if (!why.empty()) error.detail += "; " + why;
  return error;
}

}  // namespace provphone::profile
