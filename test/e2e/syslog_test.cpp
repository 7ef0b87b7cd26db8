#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string_view>

// A phone and rsyslogd.
namespace provphone::e2e::syslog_test {
namespace {

const std::string mac = "000e08abcdef";

struct LoggedSite {
  LoggedSite() { workspace.write("www/a.xml", profile("logged")); }

  PhoneRun run(const std::string& path, const Flags& flags = {}) {
    const Flags phone{"--mac", mac, "--set", "Syslog_Server=" + rsyslog.server()};
    return run_phone(workspace, with(with({"--rule", nginx.url(path)}, phone), flags));
  }

  std::string target(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(nginx.port()) + path;
  }

  Workspace workspace;
  Rsyslog rsyslog{workspace};
  Nginx nginx{workspace, workspace.path("www")};
};

// `A` stands for a capital, `a` for a small letter, `9` for a digit, `_` for a digit or a blank.
bool has_shape(std::string_view text, std::string_view shape) {
  const auto fits = [](char c, char kind) {
    const bool digit = c >= '0' && c <= '9';
    if (kind == 'A') return c >= 'A' && c <= 'Z';
    if (kind == 'a') return c >= 'a' && c <= 'z';
    if (kind == '9') return digit;
    return kind == '_' ? digit || c == ' ' : c == kind;
  };
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), fits);
}

// What stands behind facility, PRI and time; the time is as RFC 3164 wants it.
std::string text_of(const std::string& message) {
  const std::string priority = "local0.info <134>";
  const std::string_view time = "Aaa _9 99:99:99 ";
  INFO("message: " << message);
  REQUIRE(message.substr(0, priority.size()) == priority);
  REQUIRE(has_shape(std::string_view(message).substr(priority.size(), time.size()), time));
  return message.substr(priority.size() + time.size());
}

TEST_CASE("a pass that succeeds is announced and confirmed in syslog", "[R-LOG-10]") {
  LoggedSite site;
  require_success(site.run("/a.xml"));
  const auto messages = site.rsyslog.messages(2);
  REQUIRE(messages.size() == 2);
  CHECK(text_of(messages[0]) ==
        "CP-8841-3PCC 00:0e:08:ab:cd:ef -- Requesting resync " + site.target("/a.xml"));
  CHECK(text_of(messages[1]) ==
        "CP-8841-3PCC 00:0e:08:ab:cd:ef -- Successful resync " + site.target("/a.xml"));
}

TEST_CASE("a pass that fails is announced and its failure explained in syslog",
          "[R-LOG-10][R-LOG-12]") {
  LoggedSite site;
  const auto run = site.run("/missing.xml");
  require_failure(run, "file_not_found");
  const auto messages = site.rsyslog.messages(2);
  REQUIRE(messages.size() == 2);
  CHECK(text_of(messages[0]) ==
        "CP-8841-3PCC 00:0e:08:ab:cd:ef -- Requesting resync " + site.target("/missing.xml"));
  CHECK(text_of(messages[1]) == "CP-8841-3PCC 00:0e:08:ab:cd:ef -- Resync failed: File not found");
}

TEST_CASE("the syslog identifier stands between the time and the message", "[R-LOG-13]") {
  LoggedSite site;
  require_success(site.run("/a.xml", {"--set", "Syslog_Identifier=$MA"}));
  const auto messages = site.rsyslog.messages(2);
  REQUIRE(messages.size() == 2);
  CHECK(text_of(messages[0]).rfind(mac + " CP-8841-3PCC ", 0) == 0);
}

TEST_CASE("an empty template keeps its message out of syslog", "[R-LOG-11]") {
  LoggedSite site;
  require_success(site.run("/a.xml", {"--set", "Log_Request_Msg="}));
  const auto messages = site.rsyslog.messages(1);
  REQUIRE(messages.size() == 1);
  CHECK(text_of(messages[0]).find("Successful resync") != std::string::npos);
}

TEST_CASE("a debug server gets the messages too, and lines of its own", "[R-LOG-17][R-LOG-18]") {
  LoggedSite site;
  Workspace elsewhere;
  const Rsyslog debug(elsewhere);
  require_success(site.run(
      "/a.xml", {"--set", "Debug_Server=" + debug.server(), "--set", "Debug_Level=NOTICE"}));
  const auto texts_of = [](const std::vector<std::string>& messages) {
    std::vector<std::string> texts;
    for (const auto& message : messages) texts.push_back(text_of(message));
    return texts;
  };
  const auto texts = texts_of(debug.messages(4));
  REQUIRE(texts.size() == 4);
  const std::string who = "CP-8841-3PCC 00:0e:08:ab:cd:ef -- ";
  CHECK(texts[0] == who + "resync -1 begins: explicit_request");
  CHECK(texts[1] == who + "Requesting resync " + site.target("/a.xml"));
  CHECK(texts[2] == who + "Profile_Rule: changed GPP_A");
  CHECK(texts_of(site.rsyslog.messages(2)) == std::vector<std::string>{texts[1], texts[3]});
}

TEST_CASE("a log server can file a phone under its host", "[R-LOG-19]") {
  LoggedSite site;
  require_success(site.run("/a.xml", {"--knob", "syslog_form=rfc3164_host"}));
  const auto messages = site.rsyslog.messages(2);
  REQUIRE(messages.size() == 2);
  CHECK(text_of(messages[0]).rfind(mac + " CP-8841-3PCC: CP-8841-3PCC ", 0) == 0);
}

TEST_CASE("a log server reads the header of RFC 5424", "[R-LOG-19]") {
  LoggedSite site;
  require_success(
      site.run("/a.xml", {"--knob", "syslog_form=rfc5424", "--set", "Syslog_Identifier=$MAU"}));
  const auto messages = site.rsyslog.parsed(2);
  REQUIRE(messages.size() == 2);
  const std::string named = "1|" + mac + "|CP-8841-3PCC|";
  const auto said = [&](const std::string& message) {
    INFO("message: " << message);
    REQUIRE(message.starts_with(named));
    const auto time = message.substr(named.size(), message.rfind('|') - named.size());
    CHECK(
        (has_shape(time, "9999-99-99T99:99:99+00:00") || has_shape(time, "9999-99-99T99:99:99Z")));
    return message.substr(message.rfind('|') + 1);
  };
  CHECK(said(messages[0]) == "000E08ABCDEF CP-8841-3PCC 00:0e:08:ab:cd:ef -- Requesting resync " +
                                 site.target("/a.xml"));
  CHECK(said(messages[1]).find("Successful resync") != std::string::npos);
}

TEST_CASE("a TFTP error without a word of its own is logged by its number", "[R-LOG-12]") {
  for (const auto& [number, words] : std::vector<std::pair<std::string, std::string>>{
           {"0", "Unknown, error code(0)"}, {"6", "Unknown, error code(6)"}, {"8", "Bad option"}}) {
    INFO("TFTP error " << number);
    Workspace workspace;
    workspace.write("www/a.xml", profile("logged"));
    const Rsyslog rsyslog(workspace);
    const EmbeddedServer server(workspace, {"--tftp", "0", "--fault", "error=" + number});
    require_failure(run_phone(workspace, {"--mac", mac, "--rule", server.origin("tftp") + "/a.xml",
                                          "--set", "Syslog_Server=" + rsyslog.server()}),
                    "tftp_error");
    const auto messages = rsyslog.messages(2);
    REQUIRE(messages.size() == 2);
    CHECK(text_of(messages[1]) == "CP-8841-3PCC 00:0e:08:ab:cd:ef -- Resync failed: " + words);
  }
}

}  // namespace
}  // namespace provphone::e2e::syslog_test
