#include "client/check/detail/facts.hpp"
#include "client/lint/rule_text.hpp"
#include "macro/hide.hpp"
#include "resync/apply.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

// Whether what is secret stays so on its way, and how it is encrypted.
namespace provphone::client::check::detail {
namespace {

bool has_layer(const Reading& file, profile::Layer layer) {
  const auto& layers = file.content.layers;
  return std::find(layers.begin(), layers.end(), layer) != layers.end();
}

// Whoever listens reads the file: nothing hides it, neither on its way nor in itself.
std::optional<Outcome> is_hidden(const Facts& facts) {
  if (facts.seen.is_https()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (is_encrypted(*facts.file)) return passed("the file is encrypted");
  if (facts.file->refusal) return not_made("the file cannot be read");
  return std::nullopt;
}

Outcome judge_secrets(const Facts& facts) {
  if (auto hidden = is_hidden(facts)) return *std::move(hidden);
  const auto secrets = secrets_in(facts.file->content);
  if (secrets.empty()) return passed("no secret parameter is set");
  return found(fmt::format("over {}: {}", name(facts.seen.url.scheme), fmt::join(secrets, ", ")));
}

Outcome judge_plain(const Facts& facts) {
  if (facts.seen.is_https()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  // AES in CBC mode hides a file and does not seal it: only RFC 8188 has an authentication tag.
  if (has_layer(*facts.file, profile::Layer::rfc8188))
    return passed("the file is encrypted and sealed");
  return found(
      fmt::format("{} proves neither the server nor the file", name(facts.seen.url.scheme)));
}

std::string_view value_of(const profile::Decoded& content, std::string_view name) {
  for (const auto& change : content.changes) {
    if (profile::parameter(change.id).name == name && change.value) return *change.value;
  }
  return {};
}

Outcome judge_clear_key(const Facts& facts) {
  if (auto hidden = is_hidden(facts)) return *std::move(hidden);
  const auto& content = facts.file->content;
  std::vector<std::string> rules;
  for (const auto& change : content.changes) {
    if (change.value && lint::shows_argument(content, *change.value, "--key"))
      rules.push_back(profile::parameter(change.id).name);
  }
  if (!value_of(content, "IKM_HTTP_Encrypt_Content").empty())
    rules.emplace_back("IKM_HTTP_Encrypt_Content");
  if (rules.empty()) return passed();
  return found(fmt::format("over {}: {}", name(facts.seen.url.scheme), fmt::join(rules, ", ")));
}

// The salt that a file was encrypted with; empty where it is not encrypted.
std::string_view salt_of(const Answer& answer) {
  const std::string_view body = answer.body;
  constexpr std::string_view magic = "Salted__";
  // `Salted__` and 8 octets (R-LAYER-08); RFC 8188 begins with 16.
  if (body.starts_with(magic)) return body.substr(magic.size(), 8);
  return resync::says_aes128gcm(answer.content_encoding) ? body.substr(0, 16) : std::string_view{};
}

Outcome judge_salt(const Facts& facts) {
  if (!facts.gets_file()) return not_made("the phone gets no file");
  std::map<std::string_view, const Answer*> salts;
  std::size_t files = 0;
  for (const auto& exchange : facts.seen.exchanges) {
    const auto& answer = exchange.answer;
    const auto salt = is_success(answer) ? salt_of(answer) : std::string_view{};
    if (salt.empty()) continue;
    ++files;
    const auto [first, is_new] = salts.emplace(salt, &answer);
    // The same file again has the same salt, of course.
    if (!is_new && first->second->body != answer.body)
      return found("two different files begin with one salt, that of " +
                   macro::hide_query_secrets(exchange.path) + " among them");
  }
  if (files == 0) return passed("no file is encrypted");
  if (salts.size() > 1) return passed("every encryption has a salt of its own");
  return not_made(
      "one and the same encrypted file came each time; another phone's would tell (--other MAC)");
}

Outcome judge_digest(const Facts& facts) {
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (facts.file->refusal && is_encrypted(*facts.file))
    return not_made("the file cannot be decrypted: give its key, [--key TEXT] before the URL");
  // A family that knows nothing better is served as well as it can be.
  if (facts.seen.personality.aes_digests == profile::KeyDigests::md5)
    return passed("the family knows MD5 only");
  if (has_layer(*facts.file, profile::Layer::aes_256_cbc_md5)) return found("aes-256-cbc/md5");
  return passed();
}

constexpr Check secret_catalogue[] = {
    {"CHK-PLAIN-SECRETS", Severity::high, "secrets travel in the clear", "It applies them.",
     "Read them from the network, and make calls on somebody's account.",
     "Serve over HTTPS with client certificates, or encrypt the file with a key of its own for "
     "each "
     "phone.",
     judge_secrets},
    {"CHK-PLAIN", Severity::low, "nobody can tell the file from a forged one",
     "It applies whatever arrives.",
     "Answer in the server's place and give the phone a registrar, or a Profile_Rule, of their "
     "own.",
     "Serve over HTTPS.", judge_plain},
    {"CHK-KEY-CLEAR", Severity::high, "a key of profiles travels in the clear",
     "It uses the key for its next file.",
     "Read the key from the network, and with it every file that is encrypted under it.",
     "Give the key over HTTPS, or enter it before the phone leaves the house.", judge_clear_key},
    {"CHK-KEY-SALT", Severity::medium, "different files are encrypted with one salt",
     "It decrypts them.",
     "See where files of the same key begin alike; under aes128gcm, work their contents out.",
     "Draw a new random salt for every encryption.", judge_salt},
    {"CHK-KEY-DIGEST", Severity::low, "the key is derived with MD5",
     "It tries SHA-256 first, and MD5 then.", "Guess short phrases a little faster.",
     "Encrypt with `openssl enc -aes-256-cbc -md sha256` and a long random phrase.", judge_digest},
};

}  // namespace

bool is_encrypted(const Reading& file) {
  if (file.refusal) {
    return stage_of(file.refusal->code) == Stage::decrypt &&
           file.refusal->code != Errc::not_encrypted;
  }
  return has_layer(file, profile::Layer::rfc8188) ||
         has_layer(file, profile::Layer::aes_256_cbc_sha256) ||
         has_layer(file, profile::Layer::aes_256_cbc_md5);
}

std::vector<std::string> secrets_in(const profile::Decoded& content) {
  std::vector<std::string> names;
  for (const auto& change : content.changes) {
    const auto& parameter = profile::parameter(change.id);
    if (parameter.secret && change.value && !change.value->empty()) names.push_back(parameter.name);
  }
  return names;
}

std::span<const Check> secret_checks() {
  return secret_catalogue;
}

}  // namespace provphone::client::check::detail
