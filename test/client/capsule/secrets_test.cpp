#include "client/capsule/secrets.hpp"

#include "client/capsule/seal.hpp"
#include "client/capsule/secret_places.hpp"
#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/rfc8188.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace secrets_test {

using namespace provphone;
using namespace provphone::client::capsule;

namespace {

std::vector<std::string> places_in(std::string_view text) {
  std::vector<std::string> found;
  for_each_secret_place(text, [&](Stretch place) {
    found.emplace_back(text.substr(place.from, place.to - place.from));
  });
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("secrets stand behind their names") {
  struct Row {
    std::string text;
    std::vector<std::string> secrets;
  };
  const std::vector<Row> rows{
      {"<Password_1_ ua=\"na\">hunter2</Password_1_>", {"hunter2"}},
      {"<Password_1_/><Proxy_1_>a</Proxy_1_>", {}},
      {"<Password_1_></Password_1_>", {}},
      {"<Proxy_1_>sip.example.net</Proxy_1_>", {}},
      {"    set: {Password_1_: \"two words\", Proxy_1_: b}", {"two words"}},
      {"  Password_1_: plain # and why", {"plain"}},
      {"Admin_Passwd=abc", {"abc"}},
      {"\"Admin_Passwd\": \"abc\"", {"abc"}},
      {"GPP_SA: 12", {"12"}},
      {"GPP_A: 12", {}},
      {"[--key secret --uid me --pwd 'my own'] http://h/x", {"secret", "my own"}},
      {"[--key $B] http://h/x", {}},
      {"--keyring x", {}},
      {"https://me:word@h:8443/p and http://h/a:b@c", {"word"}},
      {"ftp:// user:x", {}},
      {"activation_code: \"1234567890123456\"", {"1234567890123456"}},
      {"", {}},
      {"--key", {}},
      {"<Password_1_", {}},
      {"<Password_1_>never closed", {"never closed"}},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(places_in(row.text) == row.secrets);
  }
}

TEST_CASE("a stand-in has the shape of its secret, and is the same everywhere") {
  const Secrets secrets("salt");
  const auto put = secrets.stand_in("Hunter2-x");
  CHECK(put.size() == 9);
  CHECK(put != "Hunter2-x");
  CHECK((put[0] >= 'A' && put[0] <= 'Z'));
  CHECK((put[6] >= '0' && put[6] <= '9'));
  CHECK(put[7] == '-');
  CHECK(secrets.stand_in("Hunter2-x") == put);
  CHECK(Secrets("other").stand_in("Hunter2-x") != put);
  // Keys in hexadecimal digits stay such, however long.
  const std::string key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  CHECK(secrets.stand_in(key).find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("what is known to be a secret is replaced wherever it stands") {
  Secrets secrets("salt");
  secrets.add_of_text("<Password_1_>b&amp;c&lt;longer</Password_1_>");
  secrets.add("topsecret");
  secrets.add("abcd");
  secrets.add("4711");
  secrets.add("123456");
  const auto put = [&](const char* secret) { return secrets.stand_in(secret); };
  CHECK(secrets.replaced("say topsecretly") == "say " + put("topsecret") + "ly");
  CHECK(secrets.replaced("/x?p=b%26c%3Clonger") ==
        "/x?p=" + put("b&c<longer").replace(1, 1, "%26").replace(5, 1, "%3C"));
  // In markup with the same reference.
  const auto markup = secrets.replaced("<GPP_A>b&amp;c&lt;longer</GPP_A>");
  CHECK(has(markup, "&amp;"));
  CHECK_FALSE(has(markup, "longer"));
  // Short ones only where they stand alone, and short numbers not at all.
  CHECK(secrets.replaced("abcd abcde") == put("abcd") + " abcde");
  CHECK(secrets.replaced("port 4711") == "port 4711");
  CHECK(secrets.replaced("<GPP_SA>4711</GPP_SA>") == "<GPP_SA>" + put("4711") + "</GPP_SA>");
  // A number is no part of another one.
  CHECK(secrets.replaced("1234567 123456") == "1234567 " + put("123456"));
}

TEST_CASE("words that files are written with stay, and macros") {
  Secrets secrets("salt");
  for (const auto* word : {"phones", "timeout", "Resync_Periodic", "$PASSWORD"}) secrets.add(word);
  CHECK(secrets.replaced("phones: timeout Resync_Periodic $PASSWORD") ==
        "phones: timeout Resync_Periodic $PASSWORD");
  // But not where a secret stands by its name.
  CHECK(secrets.replaced("Password_1_: phones") == "Password_1_: " + secrets.stand_in("phones"));
}

TEST_CASE("what replaces a secret is not replaced once more") {
  Secrets secrets("salt");
  secrets.add("topsecret");
  const auto once = secrets.replaced("<Password_1_>topsecret</Password_1_> topsecret");
  CHECK(once == "<Password_1_>" + secrets.stand_in("topsecret") + "</Password_1_> " +
                    secrets.stand_in("topsecret"));
}

TEST_CASE("a body stays behind its layers, under the stand-in of its key") {
  Secrets secrets("salt");
  secrets.add("topsecret");
  const std::string plain = "<flat-profile><Password_1_>hunter2x</Password_1_></flat-profile>";
  const std::array<unsigned char, 8> salt{1, 2, 3, 4, 5, 6, 7, 8};
  const auto body =
      profile::encrypt(profile::gzip(plain), "topsecret", profile::Layer::aes_256_cbc_sha256, salt);
  const auto sealed = without_secrets(body, {"topsecret", {}}, secrets);
  CHECK_FALSE(profile::decrypt(sealed, "topsecret", profile::KeyDigests::sha256_then_md5));
  const auto opened =
      profile::decrypt(sealed, secrets.stand_in("topsecret"), profile::KeyDigests::sha256_then_md5);
  REQUIRE(opened);
  CHECK(opened->layer == profile::Layer::aes_256_cbc_sha256);
  const auto unpacked = profile::gunzip(opened->bytes, 10'000);
  REQUIRE(unpacked);
  CHECK_FALSE(has(*unpacked, "hunter2x"));
  CHECK(unpacked->size() == plain.size());
}

TEST_CASE("a body of RFC 8188 stays one") {
  Secrets secrets("salt");
  const std::string ikm = "0123456789abcdef-octets";
  secrets.add(ikm);
  profile::SealingHeader header{{1, 2, 3}};
  const auto body = profile::encrypt_aes128gcm(
      "<flat-profile><GPP_SA>sesame</GPP_SA></flat-profile>", ikm, header);
  const auto sealed = without_secrets(body, {{}, ikm}, secrets);
  const auto opened = profile::decrypt_aes128gcm(sealed, secrets.stand_in(ikm));
  REQUIRE(opened);
  CHECK_FALSE(has(*opened, "sesame"));
}

TEST_CASE("a body that no key opens, and one without secrets, stay as they are") {
  const Secrets secrets("salt");
  CHECK(without_secrets("Salted__12345678garbage", {"key", {}}, secrets) ==
        "Salted__12345678garbage");
  CHECK(without_secrets("<a>b</a>", {}, secrets) == "<a>b</a>");
  const auto packed = profile::gzip("<a>b</a>");
  CHECK(without_secrets(packed, {}, secrets) == packed);
}

}  // namespace secrets_test
