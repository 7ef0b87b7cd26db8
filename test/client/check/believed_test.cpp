#include "client/check/detail/asking.hpp"
#include "client/check/detail/weak_phrases.hpp"
#include "test/client/check/seen.hpp"

#include <catch2/catch.hpp>

#include <functional>

// What a server takes a request's word for, secrets where they do not belong, and what findings
// stand on.
namespace provphone::test::believed_test {
namespace {

using client::check::RateSeen;
using client::check::Severity;

const std::string secret_file = profile_of("<Password_1_>geheim</Password_1_>");
const std::string other_file = profile_of("<Password_1_>geheim2</Password_1_>");

void add(Observations& seen, ProbeTarget target, ClientRole role, Answer answer,
         std::string pretended = {}) {
  seen.exchanges.push_back(
      {target, role, seen.mac, seen.url.path, std::move(answer), "GET", std::move(pretended)});
}

Answer& own(Observations& seen) {
  return answer_to(seen, ProbeTarget::own_file, ClientRole::own);
}

void redirect(Observations& seen, const std::string& location) {
  own(seen).hops = {{seen.url, 302, location}};
  own(seen).last_asked = seen.url;
}

struct Row {
  std::string id;
  State expected;
  std::string why;
  std::function<void(Observations&)> make;
  Severity severity = Severity::high;
};

void check_each(Observations (*good)(), const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    INFO(row.id << ": " << row.why);
    auto seen = good();
    row.make(seen);
    const auto judgement = judgement_of(seen, row.id);
    CHECK(judgement.outcome.state == row.expected);
    if (judgement.is_finding()) CHECK(judgement.severity() == row.severity);
    CHECK(judgement.outcome.evidence.find("geheim") == std::string::npos);
  }
}

TEST_CASE("a server that believes what a request says of itself is found") {
  const auto forwarded = [](Answer answer) {
    return [answer](Observations& seen) {
      add(seen, ProbeTarget::forwarded, ClientRole::nothing, answer, "X-Forwarded-For: 127.0.0.1");
    };
  };
  const auto as_other = [](Answer answer) {
    return [answer](Observations& seen) {
      add(seen, ProbeTarget::agent_of_other, ClientRole::own, answer);
    };
  };
  check_each(
      good_http,
      {{"CHK-TRUST-FORWARDED", State::not_made, "not tried", [](Observations&) {}},
       {"CHK-TRUST-FORWARDED", State::found, "403 becomes a file", forwarded(file(secret_file))},
       {"CHK-TRUST-FORWARDED", State::passed, "403 stays", forwarded(status(403))},
       {"CHK-TRUST-FORWARDED", State::found, "another address is let in with it",
        [](Observations& seen) {
          add(seen, ProbeTarget::own_file, ClientRole::other_address, status(403));
          add(seen, ProbeTarget::forwarded, ClientRole::other_address, file(secret_file));
        }},
       {"CHK-TRUST-FORWARDED", State::passed, "a page that says no",
        forwarded(file("<html>no</html>"))},
       {"CHK-TRUST-FORWARDED", State::found, "another file than without it",
        [](Observations& seen) {
          add(seen, ProbeTarget::forwarded, ClientRole::own, file(other_file));
        }},
       {"CHK-TRUST-FORWARDED", State::passed, "a file that is made anew each time",
        [](Observations& seen) {
          answer_to(seen, ProbeTarget::own_file_again, ClientRole::own) =
              file(profile_of("<GPP_A>noon</GPP_A>"));
          add(seen, ProbeTarget::forwarded, ClientRole::own, file(other_file));
        }},
       {"CHK-TRUST-AGENT", State::not_made, "nobody else is known", [](Observations&) {}},
       {"CHK-TRUST-AGENT", State::found, "another file", as_other(file(other_file))},
       {"CHK-TRUST-AGENT", State::passed, "the same file", as_other(file(secret_file))},
       {"CHK-TRUST-AGENT", State::passed, "refused", as_other(status(403))}});
}

TEST_CASE("a file behind a redirect is judged by what the last place gives away") {
  const auto direct = [](Answer answer) {
    return [answer](Observations& seen) {
      redirect(seen, "/own/000e08000001.xml");
      add(seen, ProbeTarget::behind_redirect, ClientRole::nothing, answer);
    };
  };
  check_each(good_http,
             {{"CHK-REDIRECT-PHONE", State::passed, "no redirect", [](Observations&) {}},
              {"CHK-REDIRECT-PHONE", State::found, "past the login", direct(file(secret_file))},
              {"CHK-REDIRECT-PHONE", State::passed, "it asks, too", direct(status(401))},
              {"CHK-REDIRECT-PHONE", State::found, "the first place is open as well",
               [direct](Observations& seen) {
                 direct(file(secret_file))(seen);
                 forget(seen, ProbeTarget::own_file, ClientRole::nothing);
               },
               Severity::low}});
}

TEST_CASE("paths that are spelt otherwise, and folders that are listed, are found") {
  const auto listed = [](const std::string& page) {
    return
        [page](Observations& seen) { add(seen, ProbeTarget::folder, ClientRole::own, file(page)); };
  };
  const auto absent = [](Observations& seen) { own(seen) = status(404); };
  check_each(good_http,
             {{"CHK-PATH-CAPITALS", State::passed, "it is there", [](Observations&) {}},
              {"CHK-PATH-CAPITALS", State::found, "it is there in capitals", absent},
              {"CHK-PATH-CAPITALS", State::passed, "it is nowhere",
               [absent](Observations& seen) {
                 absent(seen);
                 answer_to(seen, ProbeTarget::other_case, ClientRole::own) = status(404);
               }},
              {"CHK-PATH-LISTING", State::found, "a list", listed("<title>Index of /</title>"),
               Severity::medium},
              {"CHK-PATH-LISTING", State::found, "a list with the file",
               listed("Index of / <a href=000e08000001.xml>")},
              {"CHK-PATH-LISTING", State::passed, "a page of welcome", listed("<html>Welcome")},
              {"CHK-PATH-LISTING", State::passed, "refused", [](Observations& seen) {
                 add(seen, ProbeTarget::folder, ClientRole::own, status(403));
               }}});
}

TEST_CASE("a phone that is shut out for asking often is found where that was tried") {
  const auto rate = [](RateSeen seen_rate) {
    return [seen_rate](Observations& seen) { seen.rate = seen_rate; };
  };
  check_each(good_http,
             {{"CHK-RATE-BAN", State::not_made, "not tried", [](Observations&) {}},
              {"CHK-RATE-BAN", State::passed, "all were answered", rate({30, std::nullopt, {}})},
              {"CHK-RATE-BAN", State::not_made, "the budget ended before",
               rate({10, std::nullopt, {}, "--requests"})},
              {"CHK-RATE-BAN", State::found, "the tenth was not", rate({10, 10U, "status 429"}),
               Severity::medium}});
}

TEST_CASE("secrets in addresses and caches are found, and are not told") {
  const auto caches = [](const std::string& header) {
    return [header](Observations& seen) { own(seen).cache_control = header; };
  };
  check_each(
      good_https,
      {{"CHK-QUERY-SECRETS", State::passed, "no query", [](Observations&) {}},
       {"CHK-QUERY-SECRETS", State::found, "of the rule",
        [](Observations& seen) { seen.url.path = "/a?mac=1&password=geheim"; }, Severity::medium},
       {"CHK-QUERY-SECRETS", State::found, "of a redirect",
        [](Observations& seen) { redirect(seen, "/a?token=geheim"); }, Severity::medium},
       {"CHK-QUERY-SECRETS", State::passed, "an address that names the phone alone",
        [](Observations& seen) { seen.url.path = "/a?mac=000e08000001"; }},
       {"CHK-CACHE-SECRETS", State::passed, "nothing is said", caches("")},
       {"CHK-CACHE-SECRETS", State::found, "public", caches("public"), Severity::medium},
       {"CHK-CACHE-SECRETS", State::found, "an hour", caches("Max-Age=3600"), Severity::medium},
       {"CHK-CACHE-SECRETS", State::passed, "no-store", caches("no-store, max-age=60")},
       {"CHK-CACHE-SECRETS", State::passed, "private", caches("private, max-age=60")},
       {"CHK-CACHE-SECRETS", State::passed, "no secret in it", [](Observations& seen) {
          own(seen) = file(profile_of("<GPP_A>a</GPP_A>"));
          own(seen).cache_control = "public";
        }}});
}

TEST_CASE("a server with none of the phone's suites is found") {
  const auto takes = [](bool yes) {
    return [yes](Observations& seen) { seen.tls->takes_phone_suites = yes; };
  };
  check_each(good_https, {{"CHK-TLS-SUITES", State::not_made, "not tried", [](Observations&) {}},
                          {"CHK-TLS-SUITES", State::passed, "taken", takes(true)},
                          {"CHK-TLS-SUITES", State::found, "refused", takes(false)}});
}

TEST_CASE("phrases that come to mind first are weak") {
  resync::Identity phone;
  phone.serial = "CCQ12345678";
  phone.model = "CP-8841-3PCC";
  const auto is_weak = [&](std::string_view phrase) {
    return !client::check::detail::weakness_of(phrase, phone, "000e08000001").empty();
  };
  for (const auto* phrase :
       {"password", "Password123", "PROVISIONING!", "000E08000001", "00:0e:08:00:00:01",
        "ccq12345678", "cp-8841-3pcc", "x7$kQ2", "1234567890"}) {
    INFO(phrase);
    CHECK(is_weak(phrase));
  }
  for (const auto* phrase : {"k9Lw-2vXq-Zt7m-Rb4n", "passwordless horses", "000e08000002"}) {
    INFO(phrase);
    CHECK_FALSE(is_weak(phrase));
  }
  auto seen = good_http();
  CHECK(outcome_of(seen, "CHK-KEY-WEAK").state == State::not_applicable);
  seen.decode.key = "geheimgeheim-and-17-more";
  CHECK(outcome_of(seen, "CHK-KEY-WEAK").state == State::passed);
  seen.decode.key = "secret99";
  const auto outcome = outcome_of(seen, "CHK-KEY-WEAK");
  CHECK(outcome.state == State::found);
  CHECK(outcome.evidence.find("secret99") == std::string::npos);
}

TEST_CASE("a login that is none, one that is wrong, and another address decide about open files") {
  const auto opens = [](Observations& seen, ClientRole role) {
    if (role == ClientRole::nothing)
      answer_to(seen, ProbeTarget::own_file, role) = own(seen);
    else
      add(seen, ProbeTarget::own_file, role, own(seen));
  };
  const auto refuses = [](Observations& seen, ClientRole role) {
    add(seen, ProbeTarget::own_file, role, status(403));
  };
  check_each(
      good_http,
      {{"CHK-OPEN", State::passed, "both are refused",
        [&](Observations& seen) { refuses(seen, ClientRole::wrong_password); }},
       {"CHK-OPEN", State::found, "both get it",
        [&](Observations& seen) {
          opens(seen, ClientRole::nothing);
          opens(seen, ClientRole::wrong_password);
        }},
       {"CHK-OPEN", State::found, "a wrong password alone gets it",
        [&](Observations& seen) { opens(seen, ClientRole::wrong_password); }, Severity::medium},
       {"CHK-OPEN", State::found, "it comes without any login",
        [&](Observations& seen) {
          opens(seen, ClientRole::nothing);
          refuses(seen, ClientRole::wrong_password);
        },
        Severity::high},
       {"CHK-OPEN", State::found, "another address gets nothing",
        [&](Observations& seen) {
          opens(seen, ClientRole::nothing);
          refuses(seen, ClientRole::other_address);
        },
        Severity::medium},
       {"CHK-OPEN", State::found, "from another address nobody could ask",
        [&](Observations& seen) {
          opens(seen, ClientRole::nothing);
          opens(seen, ClientRole::wrong_password);
          add(seen, ProbeTarget::own_file, ClientRole::other_address, failure(Errc::bad_argument));
        },
        Severity::high}});
}

TEST_CASE("a finding says what was asked, what came and what would have refuted it") {
  auto seen = good_http();
  answer_to(seen, ProbeTarget::own_file, ClientRole::nothing) = own(seen);
  auto refusal = status(403);
  refusal.body = "<h1>access denied</h1> password=geheim";
  add(seen, ProbeTarget::own_file, ClientRole::wrong_password, refusal);
  const auto grounds = grounds_of(judgement_of(seen, "CHK-OPEN"), seen);
  REQUIRE(grounds);
  CHECK(grounds->asked.who == "somebody without certificate and login");
  CHECK(grounds->asked.status == 200);
  CHECK(grounds->asked.said.empty());  // nothing of a profile
  REQUIRE(grounds->counter);
  CHECK(grounds->counter->status == 403);
  CHECK(grounds->counter->said.starts_with("access denied"));
  CHECK(in_words(*grounds->counter).find("geheim") == std::string::npos);
  CHECK_FALSE(grounds_of(judgement_of(seen, "CHK-FETCH"), seen));

  auto tls = good_https();
  tls.tls->versions[1].second = true;
  const auto shown = grounds_of(judgement_of(tls, "CHK-TLS-OLD"), tls);
  REQUIRE(shown);
  CHECK(shown->asked.certificate == "prov.example.net");
}

TEST_CASE("what an audit asks for besides is made of the phone's own path") {
  using namespace client::check::detail;
  CHECK(folder_of("/a/b.xml?c=/d") == "/a/");
  CHECK(with_query_secrets("/a?password=geheim&b=1", "x") == "/a?password=x&b=1");
  CHECK(in_other_case("/000e08abcdef.xml", "000e08abcdef") == "/000E08ABCDEF.xml");
  CHECK(in_other_case("/000E08ABCDEF.xml", "000e08abcdef") == "/000e08abcdef.xml");
  CHECK(in_other_case("/a.xml", "000e08abcdef").empty());
}

}  // namespace
}  // namespace provphone::test::believed_test
