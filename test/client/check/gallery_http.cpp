#include "profile/aes.hpp"
#include "profile/rfc8188.hpp"
#include "test/client/check/gallery.hpp"
#include "test/client/check/seen.hpp"

// What a server answers over HTTP, to phones with logins, and how its file is encrypted.
namespace provphone::test::gallery {
namespace {

const std::string phrase = "k9Lw-2vXq-Zt7m-Rb4n";

// The file encrypted as `openssl enc` does it, for a rule with that phrase.
Set encrypting(const std::string& with, profile::Layer layer, const std::string& key = phrase) {
  return [=](Stage& stage) {
    giving(careful_http, [=](Site& site, const Asked&) {
      const auto salt = static_cast<unsigned char>(++site.sealed);
      return whole("200 OK", profile::encrypt(site.file, with, layer, {salt}));
    })(stage);
    stage.options = "[--key " + key + " --uid $MA --pwd $A] ";
  };
}

Set in_the_clear(const std::string& elements) {
  return [=](Stage& stage) {
    careful_http(stage);
    stage.site.seals = false;
    with_file(stage, elements);
  };
}

std::vector<Entry> encryption_entries() {
  using enum profile::Layer;
  return {
      {"encrypted, not sealed", "CHK-PLAIN", encrypting(phrase, aes_256_cbc_sha256)},
      {"encrypted under a key from MD5", "CHK-PLAIN CHK-KEY-DIGEST",
       encrypting(phrase, aes_256_cbc_md5)},
      {"a phrase that anybody guesses", "CHK-PLAIN CHK-KEY-WEAK",
       encrypting("password1", aes_256_cbc_sha256, "password1")},
      // What cannot be opened is not known to be sealed.
      {"encrypted under another phrase", "CHK-FILE-LAYERS CHK-PLAIN",
       encrypting("another-phrase-of-theirs", aes_256_cbc_sha256)},
      {"one salt for every file", "CHK-KEY-SALT",
       giving(careful_http,
              [](Site& site, const Asked&) {
                const auto text = site.file + "<!-- " + std::to_string(++site.sealed) + " -->";
                return whole("200 OK",
                             profile::encrypt_aes128gcm(text, content_key, {{7}, 4096, {}}),
                             "Content-Encoding: aes128gcm\r\n");
              })},
      {"a password in the clear", "CHK-PLAIN-SECRETS CHK-PLAIN",
       in_the_clear("<Password_1_>for-me-only</Password_1_>")},
      // A rule that does not hold for this phone: it leads nowhere, and shows its key all the same.
      {"a key in the clear", "CHK-PLAIN CHK-KEY-CLEAR",
       in_the_clear("<Profile_Rule_B>(\"$MA\" eq \"000e08000001\")? [--key " + phrase +
                    "] https://HOST/b</Profile_Rule_B>")},
  };
}

std::vector<Entry> door_entries() {
  return {
      {"any password", "CHK-OPEN",
       answering(careful_http,
                 [](Site& site, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of != own_name || !asked.has_login) return std::nullopt;
                   return site.own_file();
                 })},
      {"any phone's login for any phone's file", "CHK-ENUM-NEIGHBOUR",
       answering(careful_http,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of != other_name || asked.asker != own_name) return std::nullopt;
                   return whole("200 OK", profile_of("<User_ID_1_>101</User_ID_1_>"));
                 })},
      {"whoever says that he is of the house", "CHK-TRUST-FORWARDED",
       answering(careful_http,
                 [](Site& site, const Asked& asked) -> std::optional<Reply> {
                   const bool says_so =
                       asked.text.find("X-Forwarded-For: 10.0.0.1\r\n") != std::string::npos;
                   if (asked.of != own_name || !says_so) return std::nullopt;
                   return site.own_file();
                 })},
  };
}

}  // namespace

std::vector<Entry> http_entries() {
  std::vector<Entry> entries{{"careful", "", careful_http}};
  for (const auto& part : {encryption_entries(), door_entries()})
    entries.insert(entries.end(), part.begin(), part.end());
  return entries;
}

}  // namespace provphone::test::gallery
