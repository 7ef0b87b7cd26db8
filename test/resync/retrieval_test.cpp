#include "test/resync/retrieval_bench.hpp"

namespace retrieval_test {

using namespace provphone;
using namespace provphone::resync;
using test::Bench;
using test::bench;
using test::file;

TEST_CASE("a rule asks for its file, applies it and has succeeded", "[R-RESYNC-14]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "http://h.example.net:80/a.xml");
  CHECK(phone.retrievals.is_busy());
  phone.answered(200, file);
  REQUIRE(phone.event<RuleSucceeded>());
  CHECK_FALSE(phone.event<RuleSucceeded>()->needs_restart);
  CHECK(phone.find<Applied>()->changed == std::vector{*profile::find_parameter("GPP_A")});
  CHECK(phone.value("GPP_A") == "1");
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("a rule that asks for nothing says at once what came of it") {
  CHECK(bench("").take(EvaluateRule{0}).event<RuleSkipped>());
  CHECK(bench("").find<RulePassedOver>() == nullptr);
  CHECK(bench("(1 eq 2)? http://h/a").take(EvaluateRule{0}).find<RulePassedOver>()->why ==
        Reason::no_guard_held);
  auto assigns = bench("(GPP_B = \"$SN\";)!");
  CHECK(assigns.take(EvaluateRule{0}).event<RuleSucceeded>());
  CHECK(assigns.value("GPP_B") == assigns.device.identity.serial);
  auto broken = bench("[--nonsense] http://h/a");
  CHECK(broken.take(EvaluateRule{0}).failure() == Errc::unknown_option);
  CHECK_FALSE(broken.retrievals.failure.detail.empty());
}

TEST_CASE("the macros of the last request are what it was, and why it failed", "[R-MACRO-20]") {
  auto phone = bench("http://h.example.net:8080/a.xml");
  phone.take(EvaluateRule{0});
  CHECK(phone.device.state.serv == "h.example.net");
  CHECK(phone.device.state.servip == "h.example.net");
  phone.take(Resolved{Lane::work, "10.0.0.7"});
  CHECK(phone.device.state.servip == "10.0.0.7");
  CHECK(phone.find<RequestMade>()->server_address == "10.0.0.7");
  CHECK(phone.take(Resolved{Lane::work, "10.0.0.8"}).outputs.empty());  // it is told once
  phone.failed(Errc::connection_refused);
  CHECK(phone.failure() == Errc::connection_refused);
  CHECK(phone.device.state.err == "Connection error");
  CHECK(phone.device.state.port == "8080");
}

TEST_CASE("a phone without power forgets what was under way and what was last",
          "[R-MACRO-20][R-UPGRADE-07]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Report_Rule", "http://h.example.net/up").take(SendReports{Reason::report_requested});
  phone.take(EvaluateRule{0});
  phone.device.tried_upgrade.emplace();
  phone.take(CutOff{});
  CHECK(phone.outputs.size() == 2);
  CHECK(phone.find<Cancel>() != nullptr);
  CHECK_FALSE(phone.retrievals.is_busy());
  CHECK(phone.device.state.serv.empty());
  CHECK_FALSE(phone.device.tried_upgrade);

  Phone up;
  up.state = State::idle;
  CHECK(cuts_off(PoweredOff{}, up));
  CHECK(cuts_off(PoweredOn{}, up));
  CHECK_FALSE(cuts_off(PoweredOn{}, Phone{}));
  CHECK_FALSE(cuts_off(RestartRequested{}, up));
}

TEST_CASE("a redirect is followed so many times, and to allowed places", "[R-RULE-46]") {
  auto phone = bench("http://h.example.net/0");
  phone.take(EvaluateRule{0});
  const auto limit = phone.device.personality.redirect_limit;
  for (std::int64_t hop = 1; hop <= limit; ++hop) {
    phone.answered(302, {}, "/" + std::to_string(hop));
    CHECK(phone.asks() == "http://h.example.net:80/" + std::to_string(hop));
    CHECK_FALSE(phone.find<AnswerSeen>()->refused);
  }
  CHECK(phone.answered(302, {}, "/more").failure() == Errc::redirect_limit);

  auto restricted = bench("http://h.example.net/0");
  restricted.set("Restricted_Access_Domains", "example.net").take(EvaluateRule{0});
  CHECK(restricted.answered(302, {}, "http://h.example.org/").failure() == Errc::server_restricted);
  CHECK(restricted.find<AnswerSeen>()->refused == Errc::server_restricted);
}

TEST_CASE("nothing is sent unasked, and a challenge is answered in the next request",
          "[R-HTTP-09]") {
  auto phone = bench("[--uid user --pwd hush] http://h.example.net/a.xml?c=1");
  phone.take(EvaluateRule{0});
  CHECK(phone.find<Fetch>()->request.authorization.empty());
  CHECK_FALSE(phone.find<Fetch>()->request.login);
  phone.challenged("Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  CHECK(phone.find<AnswerSeen>()->asks_again);
  REQUIRE(phone.find<Fetch>());
  const auto first = phone.find<Fetch>()->request.authorization;
  CHECK(first.find("uri=\"/a.xml?c=1\"") != std::string::npos);
  CHECK(first.find("nonce=\"n1\"") != std::string::npos);
  CHECK(first.find("hush") == std::string::npos);
  phone.challenged("Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=true");
  const auto second = phone.find<Fetch>()->request.authorization;
  CHECK(second.find("nonce=\"n2\"") != std::string::npos);
  const auto cnonce = [](const std::string& value) { return value.substr(value.find("cnonce=")); };
  CHECK(cnonce(first) != cnonce(second));
  CHECK(phone.challenged("Digest realm=\"r\", nonce=\"n3\", qop=\"auth\"").failure() ==
        Errc::unauthorized);
  CHECK_FALSE(phone.find<AnswerSeen>()->asks_again);
  // The next retrieval knows nothing of it.
  phone.take(EvaluateRule{0});
  CHECK(phone.find<Fetch>()->request.authorization.empty());
}

TEST_CASE("with a wrong password three requests are made", "[R-HTTP-09]") {
  auto phone = bench("[--uid user --pwd wrong] http://h.example.net/a.xml");
  int requests = 0;
  for (phone.take(EvaluateRule{0}); phone.find<Fetch>() != nullptr; ++requests)
    phone.challenged("Basic realm=\"r\"");
  CHECK(requests == 3);
  CHECK(phone.failure() == Errc::unauthorized);
}

TEST_CASE("a login goes to no other host, and each hop is asked for anew",
          "[R-HTTP-09][R-HTTP-24]") {
  auto phone = bench("[--uid user --pwd hush] http://h.example.net/a.xml");
  phone.take(EvaluateRule{0}).challenged("Basic realm=\"r\"");
  CHECK(phone.find<Fetch>()->request.authorization == "Basic dXNlcjpodXNo");
  phone.answered(302, {}, "/b.xml");
  CHECK(phone.find<Fetch>()->request.authorization.empty());
  phone.challenged("Basic realm=\"r\"").challenged("Basic realm=\"r\"");
  CHECK(phone.find<Fetch>()->request.authorization == "Basic dXNlcjpodXNo");
  phone.answered(302, {}, "http://evil.example.org/b.xml");
  CHECK(phone.find<Fetch>()->request.authorization.empty());
  CHECK(phone.challenged("Basic realm=\"r\"").failure() == Errc::unauthorized);
}

TEST_CASE("an unknown algorithm alone leaves 401 as it stands", "[R-HTTP-26]") {
  auto phone = bench("[--uid user --pwd hush] http://h.example.net/a.xml");
  phone.device.personality = personality_of(profile::Generation::spa);
  phone.take(EvaluateRule{0});
  CHECK(phone.challenged("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256").failure() ==
        Errc::unauthorized);
}

TEST_CASE("a challenged phone answers with its profile account, and then gives up", "[R-HTTP-25]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.device.profile_account = Login{"desk", "pass"};
  phone.take(EvaluateRule{0}).challenged("Basic realm=\"r\"");
  REQUIRE(phone.find<Fetch>());
  CHECK(phone.find<Fetch>()->request.authorization == "Basic ZGVzazpwYXNz");
  phone.challenged("Basic realm=\"r\"");
  CHECK(phone.challenged("Basic realm=\"r\"").failure() == Errc::unauthorized);

  auto without = bench("http://h.example.net/a.xml");
  CHECK(without.take(EvaluateRule{0}).challenged("Basic realm=\"r\"").failure() ==
        Errc::unauthorized);

  // A redirect may lead anywhere; the account is for the server that the rule names.
  auto led = bench("http://h.example.net/a.xml");
  led.device.profile_account = Login{"desk", "pass"};
  led.take(EvaluateRule{0}).answered(302, {}, "http://other.example.net/a.xml");
  CHECK(led.challenged("Basic realm=\"r\"").failure() == Errc::unauthorized);
}

TEST_CASE("a proxy's challenge is answered to the proxy alone, for as long as the retrieval lasts",
          "[R-HTTP-27][R-HTTP-28]") {
  auto phone = bench("[--uid user --pwd hush] http://h.example.net/a.xml");
  phone.set("Proxy_Mode", "Manual").set("Proxy_Host", "10.0.0.5").set("Proxy_Username", "p");
  phone.set("Proxy_Server_Requires_Authentication", "Yes").set("Proxy_Password", "q");
  phone.take(EvaluateRule{0});
  CHECK(phone.find<Fetch>()->proxy == Proxy{"10.0.0.5", 3128});
  CHECK(host_asked(*phone.find<Fetch>()) == "10.0.0.5");
  CHECK(phone.find<Fetch>()->proxy_authorization.empty());
  phone.take(Resolved{Lane::work, "10.0.0.5"});
  CHECK(phone.device.state.servip == "h.example.net");
  phone.challenged("Basic realm=\"proxy\"", 407);
  CHECK(phone.find<Fetch>()->proxy_authorization == "Basic cDpx");
  CHECK(phone.find<Fetch>()->request.authorization.empty());
  phone.challenged("Basic realm=\"r\"");
  CHECK(phone.find<Fetch>()->proxy_authorization == "Basic cDpx");
  CHECK(phone.find<Fetch>()->request.authorization == "Basic dXNlcjpodXNo");
  phone.answered(302, {}, "http://other.example.net/b.xml");
  CHECK(phone.find<Fetch>()->proxy_authorization == "Basic cDpx");
  CHECK(phone.find<Fetch>()->request.authorization.empty());
  phone.challenged("Basic realm=\"proxy\"", 407);
  CHECK(phone.challenged("Basic realm=\"proxy\"", 407).failure() == Errc::proxy_unauthorized);
  CHECK(phone.retrievals.failure.detail == "the proxy 10.0.0.5:3128: status 407");
}

TEST_CASE("the Digest of a tunnel is that of CONNECT, and counts its uses", "[R-HTTP-27]") {
  auto phone = bench("https://h.example.net/a.xml");
  phone.set("Proxy_Mode", "Manual").set("Proxy_Host", "10.0.0.5").set("Proxy_Username", "p");
  phone.set("Proxy_Server_Requires_Authentication", "Yes").set("Proxy_Password", "q");
  phone.take(EvaluateRule{0});
  phone.challenged("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"", 407);
  const auto first = phone.find<Fetch>()->proxy_authorization;
  CHECK(first.find("uri=\"h.example.net:443\"") != std::string::npos);
  CHECK(first.find("nc=00000001") != std::string::npos);
  phone.answered(302, {}, "/b.xml");
  CHECK(phone.find<Fetch>()->proxy_authorization.find("nc=00000002") != std::string::npos);
  // Without a login the phone has none to answer with.
  phone.set("Proxy_Server_Requires_Authentication", "No").take(EvaluateRule{0});
  CHECK(phone.challenged("Basic realm=\"r\"", 407).failure() == Errc::proxy_unauthorized);
}

TEST_CASE("a phone in Proxy_Mode Auto fetches its PAC file first, and keeps it", "[R-HTTP-29]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Proxy_Mode", "Auto").set("Use_Auto_Discovery__WPAD_", "No");
  phone.set("PAC_URL", "http://10.0.0.5/proxy.pac");
  const std::string script = "function FindProxyForURL(u, h) { return \"DIRECT\"; }";
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "http://10.0.0.5:80/proxy.pac");
  phone.take(Resolved{Lane::work, "10.0.0.5"});
  CHECK(phone.find<RequestMade>()->rule == "PAC_URL");
  // The macros are about what a rule asks for.
  CHECK(phone.device.state.servip.empty());
  phone.answered(200, script);
  CHECK(phone.find<AnswerSeen>()->rule == "PAC_URL");
  REQUIRE(phone.find<AskPac>());
  CHECK(*phone.find<AskPac>()->script == script);
  CHECK(phone.find<AskPac>()->url.host == "h.example.net");
  CHECK_FALSE(phone.find<Fetch>());
  CHECK(phone.take(PacSaid{Lane::work, {"DIRECT"}}).asks() == "http://h.example.net:80/a.xml");
  CHECK(phone.answered(200, file).event<RuleSucceeded>());
  // It has the file now, until its place changes or power is lost.
  CHECK(phone.take(EvaluateRule{0}).find<AskPac>());
  phone.take(PacSaid{Lane::work, {"DIRECT"}}).answered(200, file);
  phone.set("PAC_URL", "http://10.0.0.5/other.pac");
  CHECK(phone.take(EvaluateRule{0}).asks() == "http://10.0.0.5:80/other.pac");
  CHECK(phone.answered(200, script).find<AskPac>());
  phone.take(CutOff{});
  CHECK(phone.take(EvaluateRule{0}).asks() == "http://10.0.0.5:80/other.pac");
}

TEST_CASE("without its PAC file a phone goes directly, or not at all", "[R-HTTP-29]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Proxy_Mode", "Auto").set("Use_Auto_Discovery__WPAD_", "No");
  phone.set("PAC_URL", "http://10.0.0.5/proxy.pac");
  const auto direct = [&] {
    const auto* fetch = phone.find<Fetch>();
    return phone.asks() == "http://h.example.net:80/a.xml" && !fetch->proxy;
  };
  phone.take(EvaluateRule{0}).answered(404);
  CHECK(phone.find<AnswerSeen>()->refused == Errc::pac_unusable);
  CHECK(direct());
  phone.answered(302, {}, "/b.xml");  // asked for once a retrieval
  CHECK(phone.asks() == "http://h.example.net:80/b.xml");
  phone.answered(200, file);
  phone.take(EvaluateRule{0}).failed(Errc::connection_refused);
  CHECK(direct());
  phone.answered(200, file);
  phone.take(EvaluateRule{0}).answered(200, "");
  CHECK(direct());
  phone.answered(200, file);
  phone.take(EvaluateRule{0}).take(NotAsked{Lane::work, {Errc::unreadable_file, "key.pem"}});
  CHECK(direct());
  phone.answered(200, file);

  phone.knob("bad_pac=fails");
  CHECK(phone.take(EvaluateRule{0}).answered(404).failure() == Errc::pac_unusable);
  CHECK(phone.retrievals.failure.detail.find("http://10.0.0.5:80/proxy.pac") != std::string::npos);
  // It is the rule's request that has failed.
  CHECK(phone.device.state.path == "/a.xml");
}

namespace {

// That has its PAC file and waits for what it says.
Bench phone_that_asks_pac() {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Proxy_Mode", "Auto").set("Use_Auto_Discovery__WPAD_", "No");
  phone.set("PAC_URL", "http://10.0.0.5/proxy.pac");
  phone.take(EvaluateRule{0}).answered(200, "script");
  REQUIRE(phone.find<AskPac>());
  return phone;
}

}  // namespace

TEST_CASE("the ways that a PAC file names are tried in turn", "[R-HTTP-29][R-HTTP-30]") {
  auto phone = phone_that_asks_pac();
  phone.set("Proxy_Server_Requires_Authentication", "Yes").set("Proxy_Username", "u");
  phone.take(PacSaid{Lane::work, {"PROXY a:1; PROXY b:2; DIRECT"}});
  CHECK(phone.find<Fetch>()->proxy == Proxy{"a", 1});
  phone.failed(Errc::connection_refused);
  CHECK(phone.find<Fetch>()->proxy == Proxy{"b", 2});
  // The request is one, told once.
  CHECK_FALSE(phone.find<AnswerSeen>());
  SECTION("until one is reached, without a login for it") {
    CHECK(phone.challenged("Basic realm=\"r\"", 407).failure() == Errc::proxy_unauthorized);
    CHECK(phone.retrievals.failure.detail.find("b:2") != std::string::npos);
  }
  SECTION("and what goes wrong behind it is the answer") {
    phone.failed(Errc::tls_handshake_failed);
    CHECK(phone.failure() == Errc::tls_handshake_failed);
  }
  SECTION("and its word holds for the server, not for another") {
    phone.answered(302, {}, "/b.xml");
    CHECK(phone.find<AnswerSeen>()->note ==
          "through the proxy b:2, as the PAC file says; not reached: a:1");
    CHECK(phone.find<Fetch>()->proxy == Proxy{"b", 2});
    phone.answered(302, {}, "http://other.example.net/c.xml");
    CHECK(phone.find<AskPac>()->url.host == "other.example.net");
    phone.take(PacSaid{Lane::work, {"DIRECT"}});
    CHECK_FALSE(phone.find<Fetch>()->proxy);
    // Its address is the server's now.
    phone.take(Resolved{Lane::work, "10.0.0.8"});
    CHECK(phone.device.state.servip == "10.0.0.8");
  }
  SECTION("and the last one's failure counts") {
    phone.failed(Errc::name_not_resolved);
    CHECK_FALSE(phone.find<Fetch>()->proxy);
    CHECK(phone.failed(Errc::connect_timeout).failure() == Errc::connect_timeout);
  }
}

TEST_CASE("a PAC file that says nothing of use means directly, or failure", "[R-HTTP-29]") {
  auto phone = phone_that_asks_pac();
  const Error why{Errc::pac_unusable, "the script cannot be read"};
  phone.take(PacSaid{Lane::work, tl::unexpected(why)});
  CHECK_FALSE(phone.find<Fetch>()->proxy);
  phone.answered(200, file);
  CHECK(phone.find<AnswerSeen>()->note ==
        "asked directly: the PAC file cannot be used: the script cannot be read");
  phone.knob("bad_pac=fails").take(EvaluateRule{0});
  phone.take(PacSaid{Lane::work, tl::unexpected(why)});
  CHECK(phone.failure() == Errc::pac_unusable);
  // No request was made.
  CHECK_FALSE(phone.find<RequestMade>());
}

TEST_CASE("what follows from an answer may go over its connection", "[R-HTTP-02]") {
  auto phone = bench("[--uid u --pwd p] http://h.example.net/a.xml");
  phone.take(EvaluateRule{0});
  CHECK_FALSE(phone.find<Fetch>()->keeps_connection);
  phone.answered(302, {}, "/b.xml");
  CHECK(phone.find<Fetch>()->keeps_connection);
  phone.challenged("Basic realm=\"r\"");
  CHECK(phone.find<Fetch>()->keeps_connection);
  phone.answered(200, file);
  CHECK_FALSE(phone.take(EvaluateRule{0}).find<Fetch>()->keeps_connection);
  phone.knob("connection_per=request").answered(302, {}, "/b.xml");
  CHECK_FALSE(phone.find<Fetch>()->keeps_connection);
}

TEST_CASE("each place is tried in turn, with messages of its own", "[R-DHCP-08][R-LOG-10]") {
  auto phone = bench("/a.xml");
  phone.device.lease = {{150, "10.0.0.2,10.0.0.3,10.0.0.4"}};
  phone.set("Syslog_Server", "10.0.0.9");
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "tftp://10.0.0.2:69/a.xml");
  phone.failed(Errc::file_not_found);
  CHECK(phone.asks() == "tftp://10.0.0.3:69/a.xml");
  CHECK(phone.logs().size() == 2);  // the request that was made, and its failure
  phone.answered(200, "no profile");
  CHECK(phone.asks() == "tftp://10.0.0.4:69/a.xml");
  phone.take(NotAsked{Lane::work, {Errc::unreadable_file, "key.pem: cannot be read"}});
  CHECK(phone.failure() == Errc::unreadable_file);
  CHECK(phone.find<RequestMade>() == nullptr);
  CHECK(phone.find<AnswerSeen>() == nullptr);
  CHECK(phone.retrievals.failure.detail == "key.pem: cannot be read");
}

TEST_CASE("a file is not there where no place that answered says otherwise",
          "[R-DHCP-08][R-RESYNC-15]") {
  struct Case {
    std::vector<Errc> failures;
    Errc expected;
  };
  for (const auto& [failures, expected] :
       {Case{{Errc::service_unavailable, Errc::file_not_found}, Errc::service_unavailable},
        Case{{Errc::file_not_found, Errc::service_unavailable}, Errc::service_unavailable},
        Case{{Errc::forbidden, Errc::bad_gateway, Errc::file_not_found}, Errc::bad_gateway},
        Case{{Errc::forbidden, Errc::connect_timeout}, Errc::connect_timeout},
        Case{{Errc::file_not_found, Errc::file_not_found}, Errc::file_not_found},
        // Who does not answer says nothing of the file.
        Case{{Errc::connection_refused, Errc::file_not_found}, Errc::file_not_found},
        Case{{Errc::transfer_timeout, Errc::file_not_found}, Errc::file_not_found},
        Case{{Errc::transfer_interrupted, Errc::file_not_found}, Errc::transfer_interrupted}}) {
    auto phone = bench("/a.xml");
    std::string servers;
    for (std::size_t i = 0; i < failures.size(); ++i)
      servers += (i > 0 ? ",10.0.0." : "10.0.0.") + std::to_string(i + 1);
    phone.device.lease = {{150, servers}};
    phone.take(EvaluateRule{0});
    for (const auto failure : failures) phone.failed(failure);
    INFO(name(failures.front()) << " .. " << name(failures.back()));
    CHECK(phone.failure() == expected);
    // The last message is the last place's.
    CHECK(phone.device.state.err == resync::err_text({failures.back(), {}}));
  }
}

TEST_CASE("whatever hops follow, a request is logged once", "[R-LOG-10]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Syslog_Server", "10.0.0.9").take(EvaluateRule{0});
  CHECK(phone.answered(302, {}, "/b.xml").logs().size() == 1);
  const auto logs = phone.answered(200, file).logs();
  CHECK(logs.size() == 1);  // the success
}

TEST_CASE("servers are looked up before they are asked", "[R-RULE-43]") {
  auto phone = bench("[--srv] http://example.net/a.xml");
  phone.take(EvaluateRule{0});
  REQUIRE(phone.find<LookUp>());
  CHECK(phone.find<LookUp>()->name == "_ciscoprov-http._tcp.example.net");
  CHECK(phone.asks().empty());
  phone.take(NamesFound{std::vector<SrvRecord>{{2, 0, 82, "b"}, {1, 0, 81, "a"}}});
  CHECK(phone.asks() == "http://a:81/a.xml");
  CHECK(phone.failed(Errc::connection_refused).asks() == "http://b:82/a.xml");

  auto unknown = bench("[--srv] http://example.net/a.xml");
  unknown.take(EvaluateRule{0});
  unknown.take(NamesFound{fail(Errc::name_not_resolved, "none")});
  CHECK(unknown.failure() == Errc::name_not_resolved);
  CHECK_FALSE(unknown.retrievals.is_busy());
}

TEST_CASE("a load is asked for once, and again after power-on", "[R-UPGRADE-06][R-UPGRADE-07]") {
  Bench phone;
  phone.set("Upgrade_Rule", "http://h.example.net/sip88xx.12-0-2MPP0001-116.loads");
  phone.take(EvaluateUpgrade{false});
  CHECK(phone.find<UpgradeStarted>()->load == "sip88xx.12-0-2MPP0001-116");
  CHECK(phone.find<Fetch>()->keep == Fetch::Keep::body);
  phone.answered(404);
  CHECK(phone.event<UpgradeFailed>()->error == Errc::file_not_found);
  CHECK(phone.device.state.upgerr == "File not found");
  CHECK(phone.take(EvaluateUpgrade{false}).event<UpgradeSkipped>());
  CHECK(phone.find<RulePassedOver>()->why == Reason::already_tried);
  phone.take(EvaluateUpgrade{true});
  CHECK_FALSE(phone.asks().empty());
  phone.answered(200);
  CHECK(phone.event<UpgradeFailed>()->error == Errc::empty_body);
  phone.take(CutOff{}).take(EvaluateUpgrade{false});
  phone.answered(200, "\1kernel.sbn\2root.sbn");
  CHECK(phone.asks() == "http://h.example.net:80/kernel.sbn");
  CHECK(phone.find<Fetch>()->keep == Fetch::Keep::size);
  phone.answered(200, "\1");
  CHECK(phone.asks() == "http://h.example.net:80/root.sbn");
  CHECK(phone.answered(200, "\1").event<UpgradeSucceeded>());
  CHECK(phone.device.identity.firmware == "sip88xx.12-0-2MPP0001-116");
}

TEST_CASE("a load is one with all its parts and nothing else", "[R-UPGRADE-05][R-UPGRADE-11]") {
  Bench phone;
  const auto failure = [&] {
    const auto* failed = phone.event<UpgradeFailed>();
    return failed != nullptr ? std::optional(failed->error) : std::nullopt;
  };
  phone.set("Upgrade_Rule", "http://h.example.net/fw/a.12-0-2MPP0001-116.loads");
  const auto list = std::string("\1kernel.sbn\2root.sbn");
  SECTION("a part is missing") {
    phone.take(EvaluateUpgrade{false}).answered(200, list).answered(200, "\1").answered(404);
    CHECK(failure() == Errc::file_not_found);
    CHECK(phone.find<UpgradeEnded>()->url == "http://h.example.net:80/fw/root.sbn");
  }
  SECTION("a part is a page") {
    phone.take(EvaluateUpgrade{false}).answered(200, list).answered(200, "<html>sign in</html>");
    CHECK(failure() == Errc::not_a_load);
  }
  SECTION("a load without a list is a profile") {
    phone.set("Upgrade_Rule", "http://h.example.net/000e08012345.xml");
    phone.take(EvaluateUpgrade{false}).answered(200, file);
    CHECK(failure() == Errc::not_a_load);
  }
  CHECK(phone.device.identity.firmware == "sip88xx.11-3-2MPP0001-609");
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("parts are where their list is, behind a redirect too", "[R-UPGRADE-11]") {
  Bench phone;
  phone.set("Upgrade_Rule", "http://h.example.net/fw/a.12-0-2MPP0001-116.loads?t=/x");
  phone.take(EvaluateUpgrade{false}).answered(302, {}, "http://cdn.example.net/deep/b.loads");
  CHECK(phone.find<Fetch>()->keep == Fetch::Keep::body);
  phone.answered(200, "\1kernel.sbn");
  CHECK(phone.asks() == "http://cdn.example.net:80/deep/kernel.sbn");
  // The next load is a list again, whatever came of this one.
  phone.answered(404).take(EvaluateUpgrade{true});
  CHECK(phone.asks() == "http://h.example.net:80/fw/a.12-0-2MPP0001-116.loads?t=/x");
  CHECK(phone.find<Fetch>()->keep == Fetch::Keep::body);
}

TEST_CASE("with the knob a name is enough", "[R-UPGRADE-11]") {
  Bench phone;
  phone.knob("load_content=any");
  phone.set("Upgrade_Rule", "http://h.example.net/fw/a.12-0-2MPP0001-116.loads");
  phone.take(EvaluateUpgrade{false}).answered(200, "a word");
  CHECK(phone.event<UpgradeSucceeded>());
}

TEST_CASE("reports go one behind the other, beside whatever else the phone does",
          "[R-REPORT-07][R-REPORT-08]") {
  auto phone = bench("http://h.example.net/a.xml");
  phone.set("Report_Rule", "http://h.example.net/full [--status] http://h.example.net/status");
  phone.take(EvaluateRule{0});
  const auto serv = phone.device.state.path;
  phone.take(SendReports{Reason::report_requested});
  CHECK(phone.asks() == "http://h.example.net:80/full");
  CHECK(phone.find<Fetch>()->lane == Lane::reports);
  CHECK(phone.device.state.path == serv);
  phone.answered(500, {}, {}, Lane::reports);
  CHECK(phone.find<ReportEnded>()->error->code == Errc::internal_server_error);
  CHECK(phone.asks() == "http://h.example.net:80/status");
  CHECK_FALSE(phone.device.reported);
  phone.answered(200, {}, {}, Lane::reports);
  CHECK_FALSE(phone.find<ReportEnded>()->error);
  CHECK(phone.find<Done>() == nullptr);  // the machine waits for no report
  CHECK(phone.retrievals.is_busy());     // with the file
  CHECK(phone.answered(200, file).event<RuleSucceeded>());
}

TEST_CASE("no two reports of a run are salted alike", "[R-REPORT-03]") {
  std::vector<std::string> bodies;
  for (const auto index : {0U, 1U}) {
    Bench phone;
    phone.machine.index = index;
    phone.set("Report_Rule", "[--key k] http://h/a [--status --key k] http://h/b");
    bodies.push_back(phone.take(SendReports{}).find<Fetch>()->request.body);
    phone.answered(200, {}, {}, Lane::reports);
    bodies.push_back(phone.find<Fetch>()->request.body);
  }
  constexpr std::size_t salt_at = 8, salt_length = 8;
  for (auto& body : bodies) {
    CHECK(body.starts_with("Salted__"));
    body = body.substr(salt_at, salt_length);
  }
  std::sort(bodies.begin(), bodies.end());
  CHECK(std::unique(bodies.begin(), bodies.end()) == bodies.end());
}

TEST_CASE("a rule sees how long a line has been unregistered while it is", "[R-MACRO-20]") {
  auto phone = bench("(GPP_B = \"$REGTMR1\";)!");
  phone.machine.unregistered_since[0] = Time{};
  phone.outputs = advance(phone.device, phone.retrievals, EvaluateRule{0},
                          {phone.machine, Time{std::chrono::seconds(90)}, Depth::figures});
  CHECK(phone.value("GPP_B") == "90");
  phone.machine.unregistered_since[0] = Time::max();
  phone.take(EvaluateRule{0});
  CHECK(phone.value("GPP_B") == "0");
}

TEST_CASE("a report rule sees timers as they are when it is evaluated", "[R-MACRO-20]") {
  auto phone = bench("http://h/a.xml");
  phone.set("Report_Rule", "($PRVTMR ge 60)? http://h/late | http://h/early");
  const auto report_at = [&](std::chrono::seconds now) {
    phone.retrievals = {};
    phone.outputs = advance(phone.device, phone.retrievals, SendReports{Reason::report_requested},
                            {phone.machine, Time{now}, Depth::figures, nullptr, {1, 2}});
    return phone.asks();
  };
  CHECK(report_at(std::chrono::seconds(59)) == "http://h:80/early");
  CHECK(report_at(std::chrono::seconds(60)) == "http://h:80/late");
}

TEST_CASE("what was applied in front of a fault takes its restart all the same",
          "[R-RESYNC-46][R-XML-10]") {
  for (const auto* parameter : {"VLAN_ID", "GPP_A"}) {
    auto phone = bench("http://h/a.xml");
    phone.knob("malformed_profile=up_to_fault").take(EvaluateRule{0});
    phone.answered(200, "<flat-profile><" + std::string(parameter) + ">7</" + parameter + "><x>");
    REQUIRE(phone.event<RuleFailed>());
    CHECK(phone.event<RuleFailed>()->needs_restart == (std::string_view(parameter) == "VLAN_ID"));
  }
}

TEST_CASE("what stood behind a decision is told to whoever explains it, as it was then") {
  auto phone = bench("(\"$SERV\" eq \"\")? http://h.example.net/a.xml");
  phone.take(EvaluateRule{0}).take(Resolved{Lane::work, {}});
  CHECK(phone.find<RequestMade>()->facts.text.empty());
  auto explained = bench("(\"$SERV\" eq \"\")? http://h.example.net/a.xml");
  explained.depth = Depth::everything;
  explained.take(EvaluateRule{0}).take(Resolved{Lane::work, {}});
  REQUIRE(explained.find<RequestMade>()->facts.guards.size() == 1);
  CHECK(explained.find<RequestMade>()->facts.guards[0].holds == true);
}

}  // namespace retrieval_test
