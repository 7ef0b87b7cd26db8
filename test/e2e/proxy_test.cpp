#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/scripted_server.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// Phones behind tinyproxy.
namespace provphone::e2e::proxy_test {
namespace {

Flags manual(std::uint16_t port) {
  return {"--set", "Proxy_Mode=Manual",
          "--set", "Proxy_Host=127.0.0.1",
          "--set", "Proxy_Port=" + std::to_string(port)};
}

Flags login(const std::string& password) {
  return {"--set", "Proxy_Server_Requires_Authentication=Yes",
          "--set", "Proxy_Username=desk",
          "--set", "Proxy_Password=" + password};
}

const std::string mac = "000e08abcdef";

// The same file over HTTP, and over HTTPS for phones with a certificate.
struct Site {
  Workspace workspace;
  Pki pki = make_pki(workspace, {"--device", mac});
  Nginx plain = start({});
  Nginx secure = start({pki.demanding_clients(), {}});

  Nginx start(const Nginx::Options& options) {
    workspace.write("www/a.xml", profile("through"));
    return Nginx(workspace, workspace.path("www"), options);
  }
  PhoneRun run(const Nginx& nginx, const Flags& flags) {
    return run_phone(workspace, with(with({"--rule", nginx.url("/a.xml")}, pki.phone(mac)), flags));
  }
};

TEST_CASE("Proxy_Mode Manual sends HTTP and HTTPS through the proxy", "[R-HTTP-27]") {
  Site site;
  const Tinyproxy proxy(site.workspace);
  for (const auto* nginx : {&site.plain, &site.secure}) {
    const auto run = site.run(*nginx, manual(proxy.port()));
    require_success(run);
    CHECK(run.parameter("GPP_A") == "through");
    CHECK(run.events("response").size() == 1);
  }
  // The certificate went to the server and not to the proxy.
  CHECK(contains(site.secure.accesses(1).at(0).subject, "ST=" + mac));
  CHECK(contains(proxy.log(), "GET http://127.0.0.1:" + std::to_string(site.plain.port())));
  CHECK(contains(proxy.log(), "CONNECT localhost:" + std::to_string(site.secure.port())));
}

TEST_CASE("Proxy_Mode Off, and TFTP, go past the proxy", "[R-HTTP-27]") {
  Site site;
  const EmbeddedServer server(site.workspace, {"--tftp", "0"});
  const Tinyproxy proxy(site.workspace);
  const auto off = with(manual(proxy.port()), {"--set", "Proxy_Mode=Off"});
  require_success(site.run(site.plain, off));
  require_success(run_phone(
      site.workspace, with({"--rule", server.origin("tftp") + "/a.xml"}, manual(proxy.port()))));
  CHECK_FALSE(contains(proxy.log(), "Request"));
}

TEST_CASE("a proxy that wants a login gets it once it has asked", "[R-HTTP-27]") {
  Site site;
  const Tinyproxy proxy(site.workspace, "desk secret");
  for (const auto* nginx : {&site.plain, &site.secure}) {
    const auto right = site.run(*nginx, with(manual(proxy.port()), login("secret")));
    require_success(right);
    REQUIRE(right.events("response").size() == 2);
    CHECK(right.events("response").at(0).at("status") == 407);

    // tinyproxy answers a wrong login with 401, as if it were the server; to CONNECT nobody else
    // can.
    const auto wrong = site.run(*nginx, with(manual(proxy.port()), login("wrong")));
    require_failure(wrong, nginx == &site.plain ? "unauthorized" : "proxy_refused");
    CHECK(wrong.events("request").size() == 2);
    const auto none = site.run(*nginx, manual(proxy.port()));
    require_failure(none, "proxy_unauthorized");
    CHECK(none.events("request").size() == 1);
  }
}

TEST_CASE("neither password is seen in what a run writes", "[R-HTTP-27]") {
  Site site;
  const Tinyproxy proxy(site.workspace, "desk tIny5ecret");
  const auto run = site.run(site.plain, with(manual(proxy.port()), login("tIny5ecret")));
  require_success(run);
  CHECK_FALSE(contains(run.err + run.result.dump(), "tIny5ecret"));
  for (const auto& line : run.trace) {
    CHECK_FALSE(contains(line.dump(), "tIny5ecret"));
    CHECK_FALSE(contains(line.dump(), "ZGVzazp0SW55NWVjcmV0"));
  }
}

TEST_CASE("loads go through the proxy too", "[R-HTTP-27]") {
  Site site;
  site.workspace.write("www/sip88xx.12-0-2MPP0001-116.loads", "\1part.sbn");
  site.workspace.write("www/part.sbn", "\1");
  const Tinyproxy proxy(site.workspace);
  const auto load = site.plain.url("/sip88xx.12-0-2MPP0001-116.loads");
  const auto run =
      site.run(site.plain, with(manual(proxy.port()), {"--set", "Upgrade_Rule=" + load}));
  require_success(run);
  REQUIRE(run.events("upgrade_done").size() == 1);
  CHECK(contains(proxy.log(), "GET " + load));
  CHECK(contains(proxy.log(), "GET " + site.plain.url("/part.sbn")));
}

TEST_CASE("reports go through the proxy too", "[R-HTTP-27]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("first"));
  const Nginx nginx(workspace, workspace.path("www"), {{}, "location /report { return 204; }"});
  const Tinyproxy proxy(workspace);
  const auto scenario = workspace.write(
      "report.yaml",
      "limits: {duration: 90s}\nphones:\n  - set: {Profile_Rule: \"" + nginx.url("/a.xml") +
          "\", Report_Rule: \"[--status] " + nginx.url("/report/$MA") +
          "\", Report_To_Server: On Local Change, Resync_Random_Delay: 0, Resync_Periodic: 0, "
          "Proxy_Mode: Manual, Proxy_Host: 127.0.0.1, Proxy_Port: " +
          std::to_string(proxy.port()) +
          "}\nevents:\n  - {at: 0s, power_on: all}\n  - {at: 3s, notify: report}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  CHECK(run.exit_code == 0);
  REQUIRE(run.events("reported").size() == 1);
  CHECK_FALSE(run.events("reported").at(0).contains("error"));
  CHECK(contains(proxy.log(), "POST " + nginx.url("/report/000e08000000")));
}

TEST_CASE("Proxy_Mode Auto goes as its PAC file says", "[R-HTTP-29]") {
  Site site;
  const Tinyproxy proxy(site.workspace);
  const auto via = "\"PROXY 127.0.0.1:" + std::to_string(proxy.port()) + "; DIRECT\"";
  // HTTPS through the proxy, HTTP past it.
  site.workspace.write("www/some.pac",
                       "function FindProxyForURL(url, host) {\n  return url.substring(0, 6) == "
                       "\"https:\" ? " +
                           via + " : \"DIRECT\";\n}\n");
  site.workspace.write("www/bad.pac", "nonsense(");
  const PythonServer files(site.workspace, site.workspace.path("www"));
  const auto named = [&](const std::string& file) {
    return Flags{"--set", "Proxy_Mode=Auto",           "--set", "Use_Auto_Discovery__WPAD_=No",
                 "--set", "PAC_URL=" + files.url(file)};
  };
  const Flags discovered{"--set", "Proxy_Mode=Auto", "--dhcp", "252=" + files.url("/some.pac")};
  for (const auto& flags : {named("/some.pac"), discovered}) {
    const auto run = site.run(site.secure, flags);
    require_success(run);
    CHECK(run.events("request").at(0).at("rule") == "PAC_URL");
    CHECK(run.events("request").size() == 2);
  }
  CHECK(contains(proxy.log(), "CONNECT localhost:" + std::to_string(site.secure.port())));
  require_success(site.run(site.plain, named("/some.pac")));
  CHECK_FALSE(contains(proxy.log(), ":" + std::to_string(site.plain.port()) + "/"));
  require_success(site.run(site.plain, named("/none.pac")));
  require_success(site.run(site.plain, named("/bad.pac")));
  require_failure(site.run(site.plain, with(named("/bad.pac"), {"--knob", "bad_pac=fails"})),
                  "pac_unusable");
}

// Of the last answer.
std::string way_of(const PhoneRun& run) {
  return run.events("response").back().value("detail", "");
}

TEST_CASE("an answer says by which way it came where a proxy was wanted", "[R-HTTP-30]") {
  Site site;
  const Tinyproxy proxy(site.workspace);
  const auto place = "127.0.0.1:" + std::to_string(proxy.port());
  site.workspace.write("www/via.pac",
                       "function FindProxyForURL(u, h) { return \"PROXY " + place + "\"; }");
  site.workspace.write(
      "www/second.pac",
      "function FindProxyForURL(u, h) { return \"PROXY 127.0.0.1:1; PROXY " + place + "\"; }");
  site.workspace.write("www/past.pac", "function FindProxyForURL(u, h) { return \"DIRECT\"; }");
  site.workspace.write("www/endless.pac", "function FindProxyForURL(u, h) { while (true) {} }");
  const Flags automatic{"--set", "Proxy_Mode=Auto"};
  const auto named = [&](const std::string& file) {
    return Flags{"--set", "Proxy_Mode=Auto",
                 "--set", "Use_Auto_Discovery__WPAD_=No",
                 "--set", "PAC_URL=" + site.plain.url(file)};
  };
  struct Case {
    Flags flags;
    std::string way;
  };
  const std::vector<Case> cases{
      {{}, ""},
      {manual(proxy.port()), "through the proxy " + place},
      {{"--set", "Proxy_Mode=Manual"}, "asked directly: there is no Proxy_Host"},
      {with(manual(proxy.port()), {"--personality", "spa"}),
       "asked directly: phones of this family know no proxy"},
      {automatic, "asked directly: Proxy_Mode Auto finds no PAC file"},
      {named("/none.pac"), "asked directly: the PAC file could not be had"},
      {named("/via.pac"), "through the proxy " + place + ", as the PAC file says"},
      {named("/past.pac"), "asked directly, as the PAC file says"},
      {named("/second.pac"),
       "through the proxy " + place + ", as the PAC file says; not reached: 127.0.0.1:1"},
      {named("/endless.pac"), "asked directly: the PAC file cannot be used: "},
  };
  for (const auto& [flags, way] : cases) {
    INFO(way);
    const auto run = site.run(site.plain, flags);
    require_success(run);
    CHECK(way_of(run).substr(0, way.size()) == way);
    CHECK(way.empty() == way_of(run).empty());
  }
}

TEST_CASE("check asks through the proxies that a phone asks", "[R-HTTP-27][R-HTTP-29]") {
  Site site;
  const Tinyproxy proxy(site.workspace);
  site.workspace.write("www/via.pac", "function FindProxyForURL(u, h) { return \"PROXY 127.0.0.1:" +
                                          std::to_string(proxy.port()) + "\"; }");
  const PythonServer files(site.workspace, site.workspace.path("www"));
  const Flags automatic{"--set", "Proxy_Mode=Auto",
                        "--set", "Use_Auto_Discovery__WPAD_=No",
                        "--set", "PAC_URL=" + files.url("/via.pac")};
  std::size_t so_far = 0;
  for (const auto& flags : {manual(proxy.port()), automatic}) {
    provphone(site.workspace, with({"check", site.plain.url("/a.xml"), "--pause", "0ms"}, flags));
    const auto direct = "GET http://127.0.0.1:" + std::to_string(site.plain.port());
    const auto log = proxy.log();
    CHECK(contains(log.substr(so_far), direct));
    so_far = log.size();
  }
}

TEST_CASE("a proxy's failures are told as the proxy's", "[R-HTTP-28]") {
  Site site;
  struct Case {
    std::string answer;
    std::string code;  // over HTTPS
  };
  const std::vector<Case> cases{
      {"HTTP/1.1 403 Filtered\r\nContent-Length: 13\r\n\r\n<html></html>", "proxy_refused"},
      {"HTTP/1.1 500 Unable to connect\r\n\r\n<html></html>", "proxy_refused"},
      {"", "proxy_refused"},
      {"<html></html>", "proxy_refused"},
      {"HTTP/1.1 200 Connected\r\n\r\n<html></html>", "tls_handshake_failed"},
  };
  for (const auto& one : cases) {
    INFO(one.answer);
    ScriptedServer proxy([&](Peer& peer) {
      peer.read_request();
      peer.send(one.answer);
    });
    const auto run = site.run(site.secure, manual(proxy.port()));
    require_failure(run, one.code);
    if (one.code == "proxy_refused") CHECK(contains(run.err, "the proxy 127.0.0.1:"));
  }
  // Over HTTP a page that the proxy makes up is told from a profile when it is read.
  ScriptedServer liar([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>");
  });
  require_failure(site.run(site.plain, manual(liar.port())), "not_a_profile");
}

}  // namespace
}  // namespace provphone::e2e::proxy_test
