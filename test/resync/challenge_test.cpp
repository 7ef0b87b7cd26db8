#include "resync/challenge.hpp"

#include "resync/request_target.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace challenge_test {
namespace {

using namespace provphone;
using namespace provphone::resync;

using Headers = std::vector<std::string>;

Personality family(profile::Generation generation) {
  return personality_of(generation);
}

// What a phone of that family makes of the headers: the scheme and the realm that it answers.
std::string chosen(const Headers& headers,
                   profile::Generation generation = profile::Generation::mpp12) {
  const auto challenges = read_challenges(headers);
  const auto* challenge = choose_challenge(challenges, family(generation));
  if (challenge == nullptr) return "none";
  const bool is_digest = challenge->scheme == Challenge::Scheme::digest;
  return (is_digest ? "digest " : "basic ") + challenge->realm;
}

Challenge only(const std::string& header) {
  const auto challenges = read_challenges(Headers{header});
  REQUIRE(challenges.size() == 1);
  return challenges.front();
}

std::string field(const std::string& value, const std::string& name) {
  const auto at = value.find(name + "=");
  if (at == std::string::npos) return "none";
  const auto from = at + name.size() + 1;
  const auto end = std::min(value.find(',', from), value.size());
  return value.substr(from, end - from);
}

// A phone that was asked `headers`, with a login or without.
struct Asked {
  LoginTalk talk;
  std::optional<Login> login = Login{"user", "hush"};
  Personality personality = family(profile::Generation::mpp12);

  bool answers(const Headers& headers) {
    return takes_challenge(talk, headers, login, personality);
  }
};

struct Account {
  Identity identity;
  Personality personality = family(profile::Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  MacroState state;

  Account& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  std::string user() const {
    const auto login = phone_login({identity, personality, parameters, state}, Login{"desk", "pw"});
    return login ? login->user + ":" + login->password : "none";
  }
};

}  // namespace

TEST_CASE("a phone answers Digest where it is offered, else Basic", "[R-HTTP-09]") {
  const std::string basic = "Basic realm=\"b\"";
  const std::string digest = "Digest realm=\"d\", nonce=\"n\"";
  CHECK(chosen({basic}) == "basic b");
  CHECK(chosen({digest}) == "digest d");
  CHECK(chosen({basic, digest}) == "digest d");
  CHECK(chosen({basic + ", " + digest}) == "digest d");
  CHECK(chosen({digest + ", " + basic}) == "digest d");
  CHECK(chosen({"Negotiate", "Bearer abc==, " + basic}) == "basic b");
  CHECK(chosen({"NTLM TlRMTVNTUAACAAAA=", digest}) == "digest d");
  CHECK(chosen({"Negotiate"}) == "none");
  CHECK(chosen({}) == "none");
  CHECK(chosen({"bAsIc REALM=\"b\""}) == "basic b");
  CHECK(chosen({"Basic"}) == "basic ");
  CHECK(chosen({"Digest realm = \"d\" ,\t nonce =n"}) == "digest d");
}

TEST_CASE("the algorithms of Digest that a phone knows are its family's", "[R-HTTP-26]") {
  using profile::Generation;
  const auto with = [](const std::string& algorithm) {
    return "Digest realm=\"d\", nonce=\"n\", qop=\"auth\", algorithm=" + algorithm;
  };
  for (const auto* known : {"MD5", "md5", "\"MD5\"", "MD5-sess"}) {
    CHECK(chosen({with(known)}, Generation::spa) == "digest d");
    CHECK(chosen({with(known)}, Generation::mpp12) == "digest d");
  }
  CHECK(chosen({with("SHA-256")}, Generation::spa) == "none");
  CHECK(chosen({with("SHA-256")}, Generation::mpp11) == "none");
  CHECK(chosen({with("SHA-256")}, Generation::mpp12) == "digest d");
  CHECK(chosen({with("SHA-256"), with("MD5")}, Generation::spa) == "digest d");
  CHECK(chosen({with("SHA-256"), "Basic realm=\"b\""}, Generation::spa) == "basic b");
  CHECK(chosen({with("SHA-512-256")}) == "none");
  CHECK(chosen({"Digest realm=\"d\", nonce=\"n\", qop=\"auth-int\""}) == "none");
  CHECK(chosen({"Digest realm=\"d\", nonce=\"n\", qop=\"auth-int, auth\""}) == "digest d");
}

TEST_CASE("what does not follow the grammar is no challenge", "[R-HTTP-26]") {
  for (const std::string garbage :
       {"", ",", "=", "\"", "Basic realm=\"", "Basic realm=\"b", "Basic realm=", "Basic =b",
        "Digest nonce=\"n", "Digest realm=\"d\"", "Digest realm=\"d\", nonce=\"\"", "Basic @",
        "realm=\"b\"", "Digest realm=\"d\" nonce", "\xFF\xFE", "Basic realm=\"b\\"}) {
    INFO(garbage);
    CHECK(chosen({garbage}) == "none");
  }
  // What stands before it counts.
  CHECK(chosen({"Basic realm=\"b\", Digest realm=\"d"}) == "basic b");
  // Far more than servers send is not read.
  CHECK(chosen({"Basic realm=\"" + std::string(10'000, 'x') + "\""}) == "none");
  CHECK(read_challenges(Headers(1000, "Basic realm=\"b\"")).size() <= 16);
  std::string many = "Digest realm=\"d\", nonce=\"n\"";
  for (int i = 0; i < 100; ++i) many += ", x" + std::to_string(i) + "=1";
  CHECK(chosen({many}) == "none");
}

TEST_CASE("no control octet of a challenge gets into the phone's own header", "[R-HTTP-26]") {
  for (const auto* header :
       {"Digest realm=\"a\rX-Evil: 1\", nonce=\"n\"", "Digest realm=\"r\", nonce=\"\x01\"",
        "Digest realm=\"\\\x7f\", nonce=\"n\""}) {
    INFO(header);
    CHECK(read_challenges(Headers{header}).empty());
  }
  CHECK(read_challenges(Headers{std::string("Digest realm=\"\0\", nonce=\"n\"", 26)}).empty());
  CHECK(read_challenges(Headers{"Digest realm=\"a\tb\", nonce=\"n\""}).size() == 1);
}

TEST_CASE("quoted texts are read, and written, with their backslashes", "[R-HTTP-26]") {
  const auto challenge = only(R"(Digest realm="a \"b\" \\c, d", nonce="n")");
  CHECK(challenge.realm == "a \"b\" \\c, d");
  const auto value = authorization(challenge, {"us\"er\r\n", "p"}, {"GET", "/x"}, {1, "c"});
  CHECK(value.find(R"(realm="a \"b\" \\c, d")") != std::string::npos);
  CHECK(value.find(R"(username="us\"er")") != std::string::npos);
  CHECK(value.find('\r') == std::string::npos);
}

TEST_CASE("Basic is the login in base64", "[R-HTTP-09]") {
  const auto challenge = only("Basic realm=\"x\"");
  const auto value = [&](const Login& login) {
    return authorization(challenge, login, {"GET", "/"}, {});
  };
  CHECK(value({"user", "p#ss:word"}) == "Basic dXNlcjpwI3NzOndvcmQ=");
  CHECK(value({"", ""}) == "Basic Og==");
  CHECK(value({std::string(2000, 'u'), std::string(2000, 'p')}).size() == 6 + 4 * 1334);
}

// The examples of RFC 7616 and RFC 2617, and two that were worked out apart.
TEST_CASE("Digest is what the RFCs work out", "[R-HTTP-26]") {
  const std::string rfc7616 =
      "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
      "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
      "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm=";
  const Login mufasa{"Mufasa", "Circle of Life"};
  const Once once{1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
  const Guarded page{"GET", "/dir/index.html"};
  const auto md5 = authorization(only(rfc7616 + "MD5"), mufasa, page, once);
  CHECK(field(md5, "response") == "\"8ca523f5e9506fed4657c9700eebdbec\"");
  CHECK(field(md5, "opaque") == "\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
  CHECK(field(md5, "uri") == "\"/dir/index.html\"");
  CHECK(field(md5, "qop") == "auth");
  CHECK(field(md5, "nc") == "00000001");
  CHECK(field(authorization(only(rfc7616 + "SHA-256"), mufasa, page, once), "response") ==
        "\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"");

  const auto session = authorization(only("Digest realm=r, nonce=n, qop=auth, algorithm=MD5-sess"),
                                     mufasa, {"PUT", "/x"}, {2, "c1"});
  CHECK(field(session, "response") == "\"0a872bd528b1260289a49b73a9c4f2f6\"");
  CHECK(field(session, "algorithm") == "MD5-sess");

  // RFC 2069: neither a count nor a nonce of the phone's.
  const auto old =
      authorization(only("Digest realm=r, nonce=n"), {"u", "p"}, {"GET", "/x"}, {1, "c"});
  CHECK(field(old, "response") == "\"3042aef13752cb1d63f6787a080ffdfc\"");
  CHECK(field(old, "cnonce") == "none");
  CHECK(field(old, "algorithm") == "none");
}

TEST_CASE("so many challenges are answered, stale ones with the new nonce", "[R-HTTP-09]") {
  Asked phone;
  CHECK(phone.answers({"Digest realm=r, nonce=first, qop=auth"}));
  CHECK(phone.talk.challenge->nonce == "first");
  phone.talk.uses = 1;
  CHECK(phone.answers({"Digest realm=r, nonce=second, qop=auth, stale=true"}));
  CHECK(phone.talk.challenge->nonce == "second");
  CHECK(phone.talk.challenge->is_stale);
  CHECK(phone.talk.uses == 0);
  CHECK_FALSE(phone.answers({"Digest realm=r, nonce=third, qop=auth, stale=true"}));

  Asked once;
  REQUIRE(set_knob(once.personality, "challenge_retries=1"));
  CHECK(once.answers({"Basic realm=r"}));
  CHECK_FALSE(once.answers({"Basic realm=r"}));
  Asked never;
  REQUIRE(set_knob(never.personality, "challenge_retries=0"));
  CHECK_FALSE(never.answers({"Basic realm=r"}));
  Asked stranger;
  stranger.login.reset();
  CHECK_FALSE(stranger.answers({"Basic realm=r"}));
  Asked unheard;
  CHECK_FALSE(unheard.answers({}));
  CHECK_FALSE(unheard.answers({"Digest realm=r, nonce=n, algorithm=SHA-512"}));
}

TEST_CASE("Profile_Authentication_Type says whose login a rule without one has", "[R-HTTP-25]") {
  Account phone;
  CHECK(phone.user() == "desk:pw");  // from the factory
  phone.set("Profile_Authentication_Type", "Disabled");
  CHECK(phone.user() == "none");
  phone.set("Profile_Authentication_Type", "XSI Authentication");
  CHECK(phone.user() == "none");
  phone.set("Login_User_ID", "xsi").set("Login_Password", "one");
  phone.set("User_ID_1_", "1001").set("Auth_ID_1_", "auth").set("Password_1_", "two");
  CHECK(phone.user() == "xsi:one");
  phone.set("XSI_Authentication_Type", "SIP Credentials");
  CHECK(phone.user() == "1001:two");
  phone.set("Use_Auth_ID_1_", "Yes");
  CHECK(phone.user() == "auth:two");
  REQUIRE(set_knob(phone.personality, "unauthorized_without_login=fails"));
  CHECK(phone.user() == "none");
  // Families that know no such parameter.
  CHECK(family(profile::Generation::spa).unauthorized_without_login ==
        UnauthorizedWithoutLogin::fails);
}

TEST_CASE("a path stands in the request line as the rule has it", "[R-HTTP-06]") {
  const auto target = [](const std::string& path) {
    return request_target({macro::Scheme::http, "h", 80, path});
  };
  CHECK(target("/a/../b?c=d&e=%20") == "/a/../b?c=d&e=%20");
  CHECK(target("/a b#c\x7F\xC3\xA4") == "/a%20b%23c%7F%C3%A4");
  CHECK(target("a") == "/a");
  CHECK(authority("h.example.net", 8080) == "h.example.net:8080");
  CHECK(authority("::1", 443) == "[::1]:443");
}

}  // namespace challenge_test
