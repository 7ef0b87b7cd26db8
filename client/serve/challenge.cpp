#include "client/serve/challenge.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "profile/hash.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <functional>

namespace provphone::client::serve {
namespace {

// A client that never answers must not fill the memory.
constexpr std::size_t most_nonces = 10'000;

// In a time that does not depend on where they differ, as secrets are compared.
bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(const unsigned char* octets, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += fmt::format("{:02x}", octets[i]);
  return text;
}

std::string md5(std::string_view text) {
  return profile::hash_hex(profile::Hash::md5, text);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == ',';
}

// What follows the scheme's name; nothing where it is another scheme.
std::optional<std::string_view> behind_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  if (ascii::lowered(header.substr(0, scheme.size())) != scheme) return std::nullopt;
  return header.substr(header.find_first_not_of(' ', scheme.size()) == std::string_view::npos
                           ? header.size()
                           : header.find_first_not_of(' ', scheme.size()));
}

// A quoted text without its quotes, or a word.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    value = text.substr(0, text.find_first_of(", \t"));
    text.remove_prefix(value.size());
    return value;
  }
  for (text.remove_prefix(1); !text.empty() && text.front() != '"'; text.remove_prefix(1)) {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
  }
  text.remove_prefix(std::min<std::size_t>(1, text.size()));
  return value;
}

using Fields = std::map<std::string, std::string, std::less<>>;

Fields parse_fields(std::string_view text) {
  Fields fields;
  while (true) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return fields;
    auto name = ascii::lowered(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    fields.emplace(std::move(name), take_value(text));
  }
}

std::string_view field(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view{} : found->second;
}

bool passes_basic(const LoginFault& login, std::string_view header) {
  const auto given = behind_scheme(header, "basic");
  return given && same(*given, profile::base64(login.user + ':' + login.password));
}

// The number of uses that the client claims; nothing where its answer is wrong.
std::optional<std::uint32_t> verify_digest(const LoginFault& login, const Credentials& credentials,
                                           const Fields& fields) {
  const auto qop = field(fields, "qop");
  const auto algorithm = ascii::lowered(field(fields, "algorithm"));
  if (!same(field(fields, "username"), login.user) || field(fields, "realm") != realm ||
      field(fields, "uri") != credentials.target || (!algorithm.empty() && algorithm != "md5") ||
      (!qop.empty() && qop != "auth"))
    return std::nullopt;
  // RFC 7616 calls them A1 and A2. The target is the one of the request line: `uri` was compared.
  const auto who = md5(fmt::format("{}:{}:{}", login.user, realm, login.password));
  const auto what = md5(fmt::format("{}:{}", credentials.method, credentials.target));
  const auto nonce = field(fields, "nonce");
  const auto count = field(fields, "nc");
  const auto middle = qop.empty()
                          ? std::string(nonce)
                          : fmt::format("{}:{}:{}:{}", nonce, count, field(fields, "cnonce"), qop);
  if (!same(field(fields, "response"), md5(fmt::format("{}:{}:{}", who, middle, what))))
    return std::nullopt;
  // Without qop nobody counts (RFC 2069): the nonce is good for one use.
  if (qop.empty()) return 1;
  return parse_whole(count, std::numeric_limits<std::uint32_t>::max(), 16);
}

}  // namespace

std::string Authenticator::new_challenge(Stale stale, bool is_stale) {
  std::array<unsigned char, 16> octets{};
  RAND_bytes(octets.data(), static_cast<int>(octets.size()));
  const auto nonce = hex(octets.data(), octets.size());
  // Whoever has been away for so long is told that the nonce is stale, and asks again.
  if (nonces_.size() >= most_nonces) nonces_.clear();
  const bool spent = stale == Stale::always || (stale == Stale::once && !is_stale);
  nonces_.emplace(nonce, Issued{0, spent});
  return fmt::format("Digest realm=\"{}\", qop=\"auth\", algorithm=MD5, nonce=\"{}\"{}", realm,
                     nonce, is_stale ? ", stale=true" : "");
}

std::optional<std::string> Authenticator::challenge_digest(const LoginFault& login,
                                                           const Credentials& credentials) {
  const auto given = behind_scheme(credentials.authorization, "digest");
  const auto fields = given ? parse_fields(*given) : Fields{};
  const auto uses = given ? verify_digest(login, credentials, fields) : std::nullopt;
  if (!uses) return new_challenge(login.stale, false);
  const auto nonce = nonces_.find(field(fields, "nonce"));
  const bool is_fresh = nonce != nonces_.end() && !nonce->second.spent;
  // The same count twice is somebody who has listened.
  if (!is_fresh || *uses <= nonce->second.uses) return new_challenge(login.stale, true);
  nonce->second.uses = *uses;
  return std::nullopt;
}

std::optional<std::string> Authenticator::challenge(const LoginFault& login,
                                                    const Credentials& credentials) {
  if (login.scheme == Scheme::digest) return challenge_digest(login, credentials);
  if (passes_basic(login, credentials.authorization)) return std::nullopt;
  return fmt::format("Basic realm=\"{}\"", realm);
}

}  // namespace provphone::client::serve
