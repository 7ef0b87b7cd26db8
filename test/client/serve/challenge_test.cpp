#include "client/serve/challenge.hpp"

#include "test/client/serve/world.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>
#include <openssl/evp.h>

#include <array>
#include <cstdio>

namespace provphone::client::serve::challenge_test {
namespace {

const LoginFault basic{Scheme::basic, "phone", "open sesame", Stale::never};
const LoginFault digest{Scheme::digest, "phone", "open sesame", Stale::never};

std::string md5(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), octets.data(), &size, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", octets[i]);
    hex += two;
  }
  return hex;
}

std::string nonce_in(const std::string& challenge) {
  const auto begin = challenge.find("nonce=\"") + 7;
  return challenge.substr(begin, challenge.find('"', begin) - begin);
}

// What a client says that knows its part; each case then changes one thing.
struct Says {
  std::string user = "phone", password = "open sesame", realm = "provphone";
  std::string method = "GET", uri = "/a.xml?b=1", nonce{}, count = "00000001", qop = "auth";
  std::string algorithm = "MD5";

  std::string header() const {
    const auto who = md5(user + ":" + realm + ":" + password);
    const auto what = md5(method + ":" + uri);
    const auto middle = qop.empty() ? nonce : nonce + ":" + count + ":c0ffee:" + qop;
    auto text = "Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" + nonce +
                "\", uri=\"" + uri + "\", algorithm=" + algorithm + ", response=\"" +
                md5(who + ":" + middle + ":" + what) + "\"";
    if (!qop.empty()) text += ", qop=" + qop + ", nc=" + count + ", cnonce=\"c0ffee\"";
    return text;
  }
};

// Whether the authenticator lets this through as GET /a.xml?b=1.
bool passes(Authenticator& authenticator, const LoginFault& login,
            const std::string& authorization) {
  return !authenticator.challenge(login, {authorization, "GET", "/a.xml?b=1"});
}

std::string fresh_nonce(Authenticator& authenticator, const LoginFault& login = digest) {
  return nonce_in(authenticator.challenge(login, {"", "GET", "/a.xml?b=1"}).value());
}

Options with_fault(const std::string& fault) {
  Options options;
  options.http_port = 0;
  options.faults = faults_of({fault});
  return options;
}

}  // namespace

TEST_CASE("Basic wants exactly the user and the password", "[serve]") {
  const auto [header, good] = GENERATE(table<std::string, bool>({
      {"Basic cGhvbmU6b3BlbiBzZXNhbWU=", true},
      {"basic  cGhvbmU6b3BlbiBzZXNhbWU=", true},
      {"", false},
      {"Basic", false},
      {"Basic ", false},
      {"Basic cGhvbmU6b3BlbiBzZXNhbWU", false},
      {"Basic cGhvbmU6T3BlbiBzZXNhbWU=", false},
      {"Digest cGhvbmU6b3BlbiBzZXNhbWU=", false},
  }));
  Authenticator authenticator;
  INFO(header);
  CHECK(passes(authenticator, basic, header) == good);
  CHECK(authenticator.challenge(basic, {"", "GET", "/"}) == "Basic realm=\"provphone\"");
}

TEST_CASE("Digest verifies everything that an answer says", "[serve]") {
  struct Case {
    std::string what;
    void (*change)(Says&);
    bool good;
  };
  const auto [what, change, good] = GENERATE(values<Case>({
      {"nothing", [](Says&) {}, true},
      {"without qop, as of old", [](Says& says) { says.qop.clear(); }, true},
      {"user", [](Says& says) { says.user = "Phone"; }, false},
      {"password", [](Says& says) { says.password = "open"; }, false},
      {"realm", [](Says& says) { says.realm = "other"; }, false},
      {"method", [](Says& says) { says.method = "POST"; }, false},
      {"target", [](Says& says) { says.uri = "/a.xml"; }, false},
      {"qop", [](Says& says) { says.qop = "auth-int"; }, false},
      {"algorithm", [](Says& says) { says.algorithm = "SHA-256"; }, false},
      {"count", [](Says& says) { says.count = "0000000g"; }, false},
      {"count of zero", [](Says& says) { says.count = "00000000"; }, false},
      {"nonce", [](Says& says) { says.nonce += '0'; }, false},
  }));
  Authenticator authenticator;
  Says says;
  says.nonce = fresh_nonce(authenticator);
  change(says);
  INFO(what);
  CHECK(passes(authenticator, digest, says.header()) == good);
}

TEST_CASE("a wrong response of Digest is not called stale, an old nonce is", "[serve]") {
  Authenticator authenticator;
  Says says;
  says.nonce = "never issued";
  const auto stale = authenticator.challenge(digest, {says.header(), "GET", says.uri});
  CHECK(stale.value().find("stale=true") != std::string::npos);
  says.password = "wrong";
  const auto wrong = authenticator.challenge(digest, {says.header(), "GET", says.uri});
  CHECK(wrong.value().find("stale") == std::string::npos);
}

TEST_CASE("the same answer to a challenge does not pass twice, the next count does", "[serve]") {
  Authenticator authenticator;
  Says says;
  says.nonce = fresh_nonce(authenticator);
  CHECK(passes(authenticator, digest, says.header()));
  CHECK_FALSE(passes(authenticator, digest, says.header()));
  says.count = "00000002";
  CHECK(passes(authenticator, digest, says.header()));
}

TEST_CASE("a nonce that goes stale is replaced once, or for ever", "[serve]") {
  for (const auto stale : {Stale::once, Stale::always}) {
    auto login = digest;
    login.stale = stale;
    Authenticator authenticator;
    Says says;
    says.nonce = fresh_nonce(authenticator, login);
    const auto again = authenticator.challenge(login, {says.header(), "GET", says.uri});
    REQUIRE(again);
    CHECK(again->find("stale=true") != std::string::npos);
    says.nonce = nonce_in(*again);
    CHECK(passes(authenticator, login, says.header()) == (stale == Stale::once));
  }
}

TEST_CASE("nonsense in place of credentials is challenged", "[serve]") {
  Authenticator authenticator;
  for (const std::string header :
       {"Digest", "Digest ", "Digest =", "Digest a", "Digest a=\"", "Digest a=\"\\",
        "Digest nonce=\"x\", nonce", "Digest ,,,=,,,", "Bearer x"}) {
    INFO(header);
    CHECK_FALSE(passes(authenticator, digest, header));
    CHECK_FALSE(passes(authenticator, basic, header));
  }
}

TEST_CASE("libcurl passes with the right login and with no other", "[serve]") {
  const std::string fault = GENERATE("basic=phone:open-sesame", "digest=phone:open-sesame",
                                     "digest=phone:open-sesame stale=once");
  INFO(fault);
  World world(with_fault(fault));
  world.folder().write("a.xml", "a");
  const auto status = [&](const std::string& login) {
    return fetch(world.url("http", "/a.xml?b=1"), {.login = login}).status;
  };
  CHECK(status("") == 401);
  CHECK(status("phone:wrong") == 401);
  CHECK(status("other:open-sesame") == 401);
  CHECK(fetch(world.url("http", "/a.xml?b=1"), {.login = "phone:open-sesame"}).body == "a");
}

}  // namespace provphone::client::serve::challenge_test
