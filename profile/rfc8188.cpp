#include "profile/rfc8188.hpp"

#include "macro/ascii.hpp"
#include "profile/detail/octets.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <optional>

namespace provphone::profile {
namespace {

using detail::octets;

constexpr std::size_t header_salt_bytes = 16;
constexpr std::size_t header_bytes = header_salt_bytes + 4 + 1;  // without the keyid
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t least_record = tag_bytes + 2;
constexpr std::size_t nonce_bytes = 12;

// What the header of a body says. The keyid is passed over: a phone has but one IKM.
struct Message {
  std::string_view salt;
  std::size_t record_size;
  std::string_view records;
};

std::size_t octet(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

Result<Message> parse_header(std::string_view body) {
  if (body.size() < header_bytes) return fail(Errc::rfc8188_corrupt, "the header is cut off");
  std::size_t record_size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    record_size = record_size << 8 | octet(body, header_salt_bytes + i);
  const auto start = header_bytes + octet(body, header_bytes - 1);
  if (body.size() < start) return fail(Errc::rfc8188_corrupt, "the keyid is cut off");
  if (record_size < least_record) {
    return fail(Errc::rfc8188_corrupt, fmt::format("record size {} is below 18", record_size));
  }
  if (body.size() == start) return fail(Errc::rfc8188_corrupt, "no record follows the header");
  return Message{body.substr(0, header_salt_bytes), record_size, body.substr(start)};
}

template <std::size_t size>
std::optional<std::array<unsigned char, size>> hkdf(std::string_view ikm, std::string_view salt,
                                                    std::string_view info) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free);
  char digest[] = "SHA256";
  const auto octet_string = [](const char* key, std::string_view text) {
    return OSSL_PARAM_construct_octet_string(key, const_cast<char*>(text.data()), text.size());
  };
  const OSSL_PARAM settings[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      octet_string(OSSL_KDF_PARAM_KEY, ikm), octet_string(OSSL_KDF_PARAM_SALT, salt),
      octet_string(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::array<unsigned char, size> out{};
  if (!context || EVP_KDF_derive(context.get(), out.data(), out.size(), settings) != 1) {
    return std::nullopt;
  }
  return out;
}

enum class RecordDirection { open, seal };

// The cipher of one body's records under one key.
class RecordCipher {
 public:
  RecordCipher(std::string_view ikm, std::string_view salt, RecordDirection direction)
      : context_(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free) {
    using namespace std::string_view_literals;
    // RFC 8188, 2.2 and 2.3: the NUL at the end belongs to the info strings, hence the sv literals.
    const auto key = hkdf<16>(ikm, salt, "Content-Encoding: aes128gcm\0"sv);
    const auto nonce = hkdf<nonce_bytes>(ikm, salt, "Content-Encoding: nonce\0"sv);
    if (!key || !nonce || !context_) return;
    nonce_ = *nonce;
    ready_ = EVP_CipherInit_ex(context_.get(), EVP_aes_128_gcm(), nullptr, key->data(), nullptr,
                               direction == RecordDirection::seal ? 1 : 0) == 1;
  }

  // Appends the record's plaintext, with delimiter and padding. Says whether the tag is right.
  bool open(std::string_view record, std::uint64_t number, std::string& out) {
    if (record.size() <= tag_bytes) return false;
    const auto sealed = record.substr(0, record.size() - tag_bytes);
    const auto tag = record.substr(sealed.size());
    return run(sealed, number, out) &&
           EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes,
                               const_cast<char*>(tag.data())) == 1 &&
           finish();
  }

  // Appends the record for `plain`, which ends in its delimiter.
  bool seal(std::string_view plain, std::uint64_t number, std::string& out) {
    std::array<char, tag_bytes> tag{};
    if (!run(plain, number, out) || !finish() ||
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data()) != 1) {
      return false;
    }
    out.append(tag.data(), tag.size());
    return true;
  }

 private:
  bool run(std::string_view in, std::uint64_t number, std::string& out) {
    // RFC 8188, 2.3: the record's number, big-endian, is laid over the nonce's end.
    auto nonce = nonce_;
    for (std::size_t i = 0; i < 8; ++i) {
      nonce[nonce_bytes - 1 - i] ^= static_cast<unsigned char>(number >> (8 * i));
    }
    const auto start = out.size();
    out.resize(start + in.size());
    auto* const to = reinterpret_cast<unsigned char*>(out.data()) + start;
    int written = 0;
    return ready_ &&
           EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data(), -1) == 1 &&
           EVP_CipherUpdate(context_.get(), to, &written, octets(in),
                            static_cast<int>(in.size())) == 1;
  }

  // GCM leaves nothing to write, so the buffer is for form's sake.
  bool finish() {
    std::array<unsigned char, 16> rest{};
    int written = 0;
    return EVP_CipherFinal_ex(context_.get(), rest.data(), &written) == 1;
  }

  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
  std::array<unsigned char, nonce_bytes> nonce_{};
  bool ready_ = false;
};

// R-LAYER-13: a record ends with 02, if it is the last one, or 01, and then zeros. Both go.
bool strip_padding(std::string& out, std::size_t record_start, bool last) {
  const auto end = out.find_last_not_of('\0');
  if (end == std::string::npos || end < record_start) return false;
  if (out[end] != (last ? '\x02' : '\x01')) return false;
  out.resize(end);
  return true;
}

Result<std::string> open_records(const Message& message, std::string_view ikm) {
  RecordCipher cipher(ikm, message.salt, RecordDirection::open);
  std::string out;
  out.reserve(message.records.size());
  auto rest = message.records;
  // A body that was cut between two records shows by the delimiter of what is then the last one.
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const auto record = rest.substr(0, message.record_size);
    rest.remove_prefix(record.size());
    const auto start = out.size();
    if (!cipher.open(record, number, out)) {
      return fail(Errc::rfc8188_corrupt, fmt::format("record {} does not authenticate", number));
    }
    if (!strip_padding(out, start, rest.empty())) {
      return fail(Errc::rfc8188_corrupt,
                  fmt::format("record {} lacks the delimiter of {} record", number,
                              rest.empty() ? "the last" : "an inner"));
    }
  }
  return out;
}

int base64url_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

// Without padding, as RFC 8188 writes keys. Nothing where the text is not that.
std::optional<std::string> parse_base64url(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64url_value(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>(bits >> held & 0xff));
    }
  }
  if (text.size() % 4 == 1) return std::nullopt;
  return out;
}

std::optional<std::string> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = ascii::hex_value(text[i]);
    const int low = ascii::hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::optional<std::string> parse_ikm(std::string_view text, IkmEncoding encoding) {
  switch (encoding) {
    case IkmEncoding::octets_then_base64url:
    case IkmEncoding::octets:
      break;
    case IkmEncoding::base64url:
      return parse_base64url(text);
    case IkmEncoding::hex:
      return parse_hex(text);
  }
  return std::string(text);
}

}  // namespace

Result<std::string> ikm_octets(std::string_view ikm, IkmEncoding encoding) {
  auto octets = parse_ikm(ikm, encoding);
  if (octets) return *std::move(octets);
  return fail(Errc::rfc8188_corrupt,
              fmt::format("IKM_HTTP_Encrypt_Content is no {}",
                          encoding == IkmEncoding::hex ? "hexadecimal text" : "base64url text"));
}

Result<std::string> decrypt_aes128gcm(std::string_view body, std::string_view ikm,
                                      IkmEncoding encoding) {
  const auto message = parse_header(body);
  if (!message) return tl::make_unexpected(message.error());
  const auto octets = ikm_octets(ikm, encoding);
  if (!octets) return tl::make_unexpected(octets.error());
  auto opened = open_records(*message, *octets);
  if (opened || encoding != IkmEncoding::octets_then_base64url) return opened;
  const auto decoded = parse_base64url(ikm);
  // R-LAYER-12. Whichever way it is read, what is told is the failure of the text as it stands.
  if (!decoded || decoded->size() < 16) return opened;
  if (auto second = open_records(*message, *decoded)) return second;
  return opened;
}

std::string encrypt_aes128gcm(std::string_view plain, std::string_view ikm,
                              const SealingHeader& header) {
  assert(header.record_size >= least_record && header.record_size <= 0xffffffff);
  assert(header.keyid.size() <= 0xff);
  std::string out(reinterpret_cast<const char*>(header.salt.data()), header.salt.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(header.record_size >> shift & 0xff));
  }
  out.push_back(static_cast<char>(header.keyid.size()));
  out.append(header.keyid);

  // One octet of each record is the delimiter. An empty text makes one record: RFC 8188 has no body
  // without any.
  RecordCipher cipher(ikm, std::string_view(out).substr(0, header_salt_bytes),
                      RecordDirection::seal);
  const auto room = header.record_size - tag_bytes - 1;
  std::uint64_t number = 0;
  do {
    std::string record(plain.substr(0, room));
    plain.remove_prefix(record.size());
    record.push_back(plain.empty() ? '\x02' : '\x01');
    // OpenSSL fails here only for want of memory, as in encrypt() of profile/aes.hpp.
    if (!cipher.seal(record, number++, out)) return {};
  } while (!plain.empty());
  return out;
}

}  // namespace provphone::profile
