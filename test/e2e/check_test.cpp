#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// `provphone check` on real servers. fixtures/check/expected/ holds what a careful reviewer finds
// in each of them: no finding may be missing, and none may be false.
namespace provphone::e2e::check_test {
namespace {

const std::string mac = "000e08abcdef";
const std::string other = "000e08000001";

std::vector<std::string> findings_in(const Json& file, const std::string& before) {
  std::vector<std::string> findings;
  for (const auto& finding : file.at("findings"))
    findings.push_back(before + finding.at("severity").get<std::string>() + " " +
                       finding.at("id").get<std::string>());
  return findings;
}

// `high CHK-OPEN`, a line a finding, and `Profile_Rule_C: high CHK-OPEN` for one of a file that a
// rule leads to; lines with # are for people.
std::vector<std::string> expected_findings(const std::string& server) {
  const auto file =
      std::string(PROVPHONE_SOURCE_DIR) + "/fixtures/check/expected/" + server + ".txt";
  std::vector<std::string> findings;
  for (const auto& line : lines_of(read_file(file))) {
    if (!line.empty() && line.front() != '#') findings.push_back(line);
  }
  INFO(file << " is missing or says nothing at all");
  REQUIRE_FALSE(read_file(file).empty());
  return findings;
}

struct Site {
  Workspace workspace;

  Site() {
    for (const auto& each : {mac, other}) {
      workspace.write("www/8841-3PCC/" + each + ".xml", account_of(each));
    }
  }

  // Two whole blocks of TFTP, and a password.
  static std::string account_of(const std::string& phone) {
    std::string text = "<flat-profile>\n<User_ID_1_>" + phone +
                       "</User_ID_1_>\n<Password_1_>pass-" + phone +
                       "</Password_1_>\n</flat-profile>\n";
    return text + std::string(1024 - text.size(), '\n');
  }

  Flags pki_flags(const Pki& pki) const { return {"--pki", pki.folder.string()}; }

  // Without --may-create.
  Json check_politely(const std::string& url, const Flags& flags) {
    const auto command = provphone(
        workspace, with({"check", url, "--mac", mac, "--pause", "0ms", "--json", "-"}, flags));
    INFO("standard output: " << command.out);
    INFO("standard error: " << command.err);
    auto json = Json::parse(command.out, nullptr, false);
    REQUIRE_FALSE(json.is_discarded());
    const bool has_serious = std::any_of(
        json.at("findings").begin(), json.at("findings").end(), [](const Json& finding) {
          return finding.at("severity") == "high" || finding.at("severity") == "medium";
        });
    CHECK(command.exit_code == (has_serious ? 1 : 0));
    CHECK(command.out.find("pass-") == std::string::npos);
    return json;
  }

  Json check(const std::string& url, const Flags& flags) {
    return check_politely(url, with({"--may-create"}, flags));
  }

  Json expect(const std::string& server, const std::string& url, const Flags& flags) {
    return expect_of(server, check(url, with({"--other", other}, flags)));
  }

  static Json expect_of(const std::string& server, const Json& json) {
    auto findings = findings_in(json, "");
    for (const auto& file : json.at("followed")) {
      const auto more = findings_in(file, file.at("led_by").back().get<std::string>() + ": ");
      findings.insert(findings.end(), more.begin(), more.end());
    }
    INFO(server << ": " << json.dump(1));
    CHECK(findings == expected_findings(server));
    CHECK(json.at("complete") == true);
    return json;
  }
};

TEST_CASE("check finds in serve what a reviewer would") {
  Site site;
  const auto pki = make_pki(site.workspace, {});
  const Flags https{"--https", "0", "--pki", pki.folder.string(), "--client-certificates"};
  for (const std::string how : {"ignored", "asked-for", "required"}) {
    const EmbeddedServer server(site.workspace, with(https, {how}));
    const auto origin = server.origin("https");
    const auto port = origin.substr(origin.rfind(':'));
    site.expect("serve-https-" + how, "https://localhost" + port + "/$PSN/$MA.xml",
                site.pki_flags(pki));
  }
  const EmbeddedServer plain(site.workspace, {});
  site.expect("serve-http", plain.origin("http") + "/$PSN/$MA.xml", {});
  site.expect("serve-tftp", plain.origin("tftp") + "/$PSN/$MA.xml", {});
}

TEST_CASE("check finds in nginx what a reviewer would") {
  Site site;
  const auto pki = make_pki(site.workspace, {});
  const auto audit = [&](const std::string& name, Nginx::Options options) {
    const Nginx nginx(site.workspace, site.workspace.path("www"), std::move(options));
    site.expect(name, nginx.url("/$PSN/$MA.xml"), site.pki_flags(pki));
  };
  audit("nginx-http", {});
  audit("nginx-https", {pki.ignoring_clients(), {}});
  audit("nginx-required", {pki.demanding_clients(), {}});
  const auto roots = "ssl_client_certificate " + (pki.folder / "device-root.pem").string() + ";\n";
  audit("nginx-optional", {pki.ignoring_clients(), roots + "ssl_verify_client optional;\n"});
  audit("nginx-unverified",
        {pki.ignoring_clients(), roots + "ssl_verify_client optional_no_ca;\n"});
  audit("nginx-bound", {pki.demanding_clients(), R"conf(
    location ~ ^/8841-3PCC/(?<mac>[0-9a-f]+)\.xml$ {
      set $pair "$mac of $ssl_client_s_dn";
      if ($pair !~ "^([0-9a-f]+) of .*ST=\1(,|$)") { return 403; }
    })conf"});
}

TEST_CASE("check finds in nginx what a reviewer would who follows the rules in the file") {
  Site site;
  const Nginx nginx(site.workspace, site.workspace.path("www"));
  const auto origin = nginx.url("");
  // The file that everybody gets has no secret: what it leads to has.
  site.workspace.write("www/common.xml",
                       "<flat-profile>\n<Profile_Rule_B>" + origin +
                           "/gone.xml</Profile_Rule_B>\n<Profile_Rule_C>" + origin +
                           "/$PSN/$MA.xml</Profile_Rule_C>\n<Profile_Rule_D>[user:word]" + origin +
                           "/d.xml</Profile_Rule_D>\n<Upgrade_Rule>" + origin +
                           "/sip78xx.12-0-7MPP0001-123.loads</Upgrade_Rule>\n</flat-profile>\n");
  site.workspace.write("www/sip78xx.12-0-7MPP0001-123.loads", "a load");
  site.expect("nginx-rule-c", origin + "/common.xml", {});
}

TEST_CASE("check finds nothing wrong with Apache, which reflects what a certificate says") {
  Site site;
  const auto pki = make_pki(site.workspace, {});
  const Apache apache(site.workspace, pki.demanding_clients());
  site.expect("apache-reflector", apache.url("/cgi-bin/reflect"), site.pki_flags(pki));
}

bool has_passed(const Json& report, const std::string& id) {
  const auto& passed = report.at("passed");
  return std::any_of(passed.begin(), passed.end(),
                     [&](const Json& check) { return check.at("id") == id; });
}

TEST_CASE("check finds in TFTP servers what a reviewer would, and that they keep to the protocol") {
  Site site;
  const Atftpd atftpd(site.workspace, site.workspace.path("www"));
  const DnsmasqTftp dnsmasq(site.workspace, site.workspace.path("www"));
  for (const auto& report : {site.expect("atftpd", atftpd.url("/$PSN/$MA.xml"), {}),
                             site.expect("dnsmasq", dnsmasq.url("/$PSN/$MA.xml"), {})}) {
    for (const std::string what : {"OPTIONS", "TID", "LAST", "SILENT"}) {
      INFO(what);
      CHECK(has_passed(report, "CHK-TFTP-" + what));
    }
  }
}

TEST_CASE("check finds in nginx with a login for all phones what a reviewer would") {
  Site site;
  const auto users = site.workspace.write("users", "phone:{PLAIN}word\n");
  const Nginx nginx(
      site.workspace, site.workspace.path("www"),
      {std::nullopt, "auth_basic phones;\nauth_basic_user_file " + users.string() + ";\n"});
  const auto json = site.expect("nginx-basic-login",
                                "[--uid phone --pwd word] " + nginx.url("/$PSN/$MA.xml"), {});
  CHECK(has_passed(json, "CHK-OPEN"));
  CHECK(has_passed(json, "CHK-ENUM-TELL"));
  CHECK(has_passed(json, "CHK-TRUST-FORWARDED"));
}

TEST_CASE("check finds with --source what nginx's address list is worth") {
  Site site;
  const auto audit = [&](const std::string& name, const std::string& lines) {
    const Nginx nginx(site.workspace, site.workspace.path("www"), {std::nullopt, lines});
    return site.expect(name, nginx.url("/$PSN/$MA.xml"), {"--source", "127.0.0.2"});
  };
  const std::string believes = "set_real_ip_from 0.0.0.0/0;\nreal_ip_header X-Forwarded-For;\n";
  const std::string phones_may = "allow 127.0.0.1;\ndeny all;\n";
  const auto list = audit("nginx-address-list", phones_may);
  CHECK(has_passed(list, "CHK-TRUST-FORWARDED"));
  const auto& open = list.at("findings").at(0);
  CHECK(open.at("evidence") == "over http, without a login; from another address: status 403");
  CHECK(open.at("counter").at("came").at("status") == 403);
  audit("nginx-address-list-forwarded", believes + phones_may);
  audit("nginx-shut-out", "allow 127.0.0.2;\ndeny all;\n");
  audit("nginx-shut-out-forwarded", believes + "allow 10.0.0.0/8;\ndeny all;\n");
}

TEST_CASE("check refuses a --source that is no address of this machine") {
  Site site;
  for (const std::string source : {"192.0.2.7", "house"}) {
    const auto command =
        provphone(site.workspace, {"check", "http://127.0.0.1:1/$MA.xml", "--source", source});
    require_usage_error(command);
    CHECK(command.err.find("--source") != std::string::npos);
    CHECK(command.err.find(source) != std::string::npos);
  }
}

std::filesystem::path script(const std::string& name) {
  return std::filesystem::path(PROVPHONE_SOURCE_DIR) / "test/e2e" / name;
}

TEST_CASE("check has a server make devices of made-up addresses only where it may") {
  Site site;
  const auto devices = site.workspace.path("devices");
  const auto made = [&] {
    auto lines = lines_of(read_file(devices));
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const PythonScript server(site.workspace, script("creating_server.py"), devices.string());
  const auto careful = Site::expect_of(
      "creating-server-careful", site.check_politely(server.url("/$MA.xml"), {"--other", other}));
  CHECK(made() == std::vector<std::string>{other, mac});
  for (const auto& check : careful.at("not_made")) {
    const auto id = check.at("id").get<std::string>();
    if (id == "CHK-ENUM-TELL" || id == "CHK-ENUM-RATE" || id == "CHK-ENUM-DEFAULT")
      CHECK(check.at("why").get<std::string>().find("--may-create") != std::string::npos);
  }
  site.expect("creating-server", server.url("/$MA.xml"), {});
  // As docs/checks/README.md says: the neighbours, and five at the vendor's end.
  CHECK(made() == std::vector<std::string>{other, "000e08abcdee", mac, "000e08abcdf0",
                                           "000e08fffff0", "000e08fffff1", "000e08fffff2",
                                           "000e08fffff3", "000e08fffff4"});
}

TEST_CASE("check finds a place behind a redirect that is open by itself") {
  Site site;
  const auto audit = [&](const std::string& how) {
    const PythonScript server(site.workspace, script("redirecting_server.py"), how);
    return site.expect("redirecting-server-" + how,
                       "[--uid $MA --pwd $A] " + server.url("/$MA.xml"),
                       {"--set", "GPP_A=pass-" + mac});
  };
  audit("open");
  CHECK(has_passed(audit("guarded"), "CHK-REDIRECT-PHONE"));
}

TEST_CASE("check sends no more requests than it is told") {
  Site site;
  const Nginx nginx(site.workspace, site.workspace.path("www"));
  const auto json = site.check(nginx.url("/$PSN/$MA.xml"), {"--requests", "3"});
  CHECK(json.at("requests") == 3);
  CHECK(json.at("complete") == false);
  CHECK(nginx.accesses(3).size() == 3);
}

TEST_CASE("check leaves servers alone that were not named") {
  Site site;
  const auto command = provphone(site.workspace, {"check", "http://192.0.2.1/$MA.xml"});
  require_usage_error(command);
  CHECK(command.err.find("--target") != std::string::npos);
}

TEST_CASE("check refuses flags that make no sense with one line") {
  Workspace workspace;
  for (const Flags& flags :
       {Flags{"check"}, Flags{"check", "ftp://127.0.0.1/a"}, Flags{"check", "$MA"},
        Flags{"check", "http://127.0.0.1/a", "--fail-on", "bad"},
        Flags{"check", "http://127.0.0.1/a", "--pause", "bad"},
        Flags{"check", "http://127.0.0.1/a", "--other", "bad"},
        Flags{"check", "http://127.0.0.1/a", "--pki", "missing"}}) {
    INFO(flags.back());
    require_usage_error(provphone(workspace, flags));
  }
}

TEST_CASE("check writes all its reports at once, and its text is no wider than 100 columns") {
  Site site;
  const Nginx nginx(site.workspace, site.workspace.path("www"));
  const auto path = [&](const char* name) { return site.workspace.path(name).string(); };
  const auto command =
      provphone(site.workspace, {"check", nginx.url("/$PSN/$MA.xml"), "--mac", mac, "--pause",
                                 "0ms", "--fail-on", "high", "--json", path("c.json"), "--sarif",
                                 path("c.sarif"), "--junit", path("c.xml")});
  CHECK(command.exit_code == 1);
  CHECK(command.err.empty());
  for (const auto& line : lines_of(command.out)) CHECK(line.size() <= 100);
  CHECK(command.out.find("\nhigh\n  CHK-OPEN") != std::string::npos);
  CHECK(Json::parse(read_file(path("c.json"))).at("findings").size() > 2);
  CHECK(Json::parse(read_file(path("c.sarif"))).at("version") == "2.1.0");
  CHECK(read_file(path("c.xml")).find("<failure type=\"high\"") != std::string::npos);
}

}  // namespace
}  // namespace provphone::e2e::check_test
