#include "test/e2e/embedded_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// What a phone makes of each fault of `provphone serve`, and that the how-to says so.
namespace provphone::e2e::serve_fault_test {
namespace {

struct Case {
  std::string fault;
  std::string code;   // empty: the phone applies what it gets
  Flags flags{};      // of the phone
  std::string key{};  // in front of the URL of its rule
  std::string row{};  // the fault in the table of the how-to, where it is written otherwise
};

const std::string mine(2000, 'x');

void fill(const Workspace& workspace) {
  workspace.write("www/a.xml", profile(mine));
  workspace.write("www/b.xml", profile("somebody else's"));
}

// The rows of the how-to that begin with this fault.
std::vector<std::string> rows_about(const std::string& fault) {
  auto rows = lines_of(read_file(PROVPHONE_SOURCE_DIR "/docs/how-to/faults.md"));
  const auto is_other = [&](const std::string& line) {
    return line.rfind("| `" + fault + "` |", 0) != 0;
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), is_other), rows.end());
  return rows;
}

void require_documented(const Case& one) {
  const auto rows = rows_about(one.row.empty() ? one.fault : one.row);
  const auto end = one.code.empty() ? " | applied |" : " | `" + one.code + "` |";
  INFO("the how-to should have a row for it that ends with" << end);
  REQUIRE(std::any_of(rows.begin(), rows.end(), [&](const std::string& row) {
    return row.size() > end.size() && row.substr(row.size() - end.size()) == end;
  }));
}

// Each case against a server of its own.
void check(const std::vector<Case>& cases, const std::string& scheme, const Flags& serve_flags,
           const Flags& phone_flags = {}) {
  Workspace workspace;
  fill(workspace);
  for (const auto& one : cases) {
    INFO(scheme << " with " << one.fault);
    const EmbeddedServer server(workspace,
                                with(serve_flags, {"--" + scheme, "0", "--fault", one.fault}));
    const auto rule = one.key + server.origin(scheme) + "/a.xml";
    const auto run = run_phone(workspace, with(with(phone_flags, {"--rule", rule}), one.flags));
    if (one.code.empty()) {
      require_success(run);
      CHECK_FALSE(run.parameter("GPP_A").empty());
    } else {
      require_failure(run, one.code);
    }
    require_documented(one);
  }
}

const Flags impatient{"--knob", "idle_timeout=300ms"};
const std::string login = "[--uid phone --pwd secret] ";

std::vector<Case> cases_over_http() {
  return {
      {"status=503", "service_unavailable"},
      {"status=404", "file_not_found"},
      {"status=204", "empty_body"},
      {"status=303", "redirect_not_followed"},
      {"status=307", "redirect_not_followed", {}, {}, "status=303"},
      {"status=302 location=/b.xml", "redirect_limit"},
      {"redirect=loop", "redirect_limit"},
      {"stall=head", "transfer_stalled", impatient},
      {"stall=body", "transfer_stalled", impatient},
      {"reset=head", "transfer_interrupted"},
      {"reset=body", "transfer_interrupted"},
      {"truncated=body", "transfer_interrupted"},
      {"truncated=file", "xml_malformed"},
      {"length=longer", "transfer_interrupted"},
      {"length=shorter", "xml_malformed"},
      {"gzip=corrupt", "gzip_corrupt"},
      {"key=wrong", "wrong_key", {}, "[--key mine] "},
      {"page=html", "not_a_profile"},
      {"basic=phone:wrong", "unauthorized", {}, login, "basic=user:password"},
      {"digest=phone:wrong", "unauthorized", {}, login, "digest=user:password"},
      {"digest=phone:secret stale=once", "", {}, login, "digest=user:password stale=once"},
      {"digest=phone:secret stale=always",
       "unauthorized",
       {},
       login,
       "digest=user:password stale=always"},
      {"file=/b.xml", "", {}, {}, "file=/other.xml"},
      {"delay=200ms", "", {}, {}, "delay=2s"},
  };
}

}  // namespace

TEST_CASE("a phone meets each fault over HTTP with the code that the how-to says",
          "[R-HTTP-09][R-HTTP-13][R-HTTP-21][R-HTTP-22][R-HTTP-23]") {
  check(cases_over_http(), "http", {});
}

TEST_CASE("a phone meets each fault over HTTPS with the code that the how-to says") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  const Flags serve_flags{"--pki", pki.folder.string(), "--http", "0"};
  const Flags phone_flags{"--ca", pki.server_root().string()};
  auto cases = cases_over_http();
  cases.push_back({"redirect=http", ""});
  cases.push_back({"certificate=wrong-name", "tls_name_mismatch"});
  cases.push_back({"certificate=expired", "tls_certificate_dates"});
  cases.push_back({"certificate=untrusted", "tls_untrusted"});
  check(cases, "https", serve_flags, phone_flags);
}

TEST_CASE("a phone meets each fault over TFTP with the code that the how-to says",
          "[R-TFTP-07][R-TFTP-08]") {
  const Flags brief{"--knob", "total_timeout=1s"};
  check({{"error=3", "tftp_disk_full"},
         {"error=6", "tftp_error", {}, {}, "status=503"},
         {"status=503", "tftp_error"},
         {"stall=head", "connect_timeout", brief},
         {"truncated=file", "xml_malformed"},
         {"gzip=corrupt", "gzip_corrupt"},
         {"key=wrong", "wrong_key", {}, "[--key mine] "},
         {"page=html", "not_a_profile"},
         {"file=/b.xml", "", {}, {}, "file=/other.xml"},
         {"delay=200ms", "", {}, {}, "delay=2s"},
         {"loss=100%", "connect_timeout", brief},
         {"duplicate=100%", "", {}, {}, "duplicate=10%"},
         {"reorder=100%", "", {}, {}, "reorder=10%"},
         {"stale_tid=100%", "", {}, {}, "stale_tid=10%"}},
        "tftp", {});
}

TEST_CASE("a TFTP server that falls silent half-way costs the pass its time", "[R-TFTP-09]") {
  Workspace workspace;
  fill(workspace);
  const EmbeddedServer server(workspace, {"--tftp", "0", "--fault", "stall=body"});
  const auto run = run_phone(
      workspace, {"--rule", server.origin("tftp") + "/a.xml", "--knob", "total_timeout=3s"});
  require_failure(run, "transfer_timeout");
}

TEST_CASE("another phone's file, and a disturbed one, arrive as they were sent") {
  Workspace workspace;
  fill(workspace);
  const EmbeddedServer server(workspace, {"--http", "0", "--tftp", "0", "--seed", "7", "--fault",
                                          "file=/b.xml protocol=http", "--fault",
                                          "duplicate=50% reorder=50% stale_tid=50% protocol=tftp"});
  const auto foreign = run_phone(workspace, {"--rule", server.origin("http") + "/a.xml"});
  require_success(foreign);
  CHECK(foreign.parameter("GPP_A") == "somebody else's");
  const auto disturbed = run_phone(workspace, {"--rule", server.origin("tftp") + "/a.xml"});
  require_success(disturbed);
  CHECK(disturbed.parameter("GPP_A") == mine);
}

TEST_CASE("a redirect down to plain HTTP is followed, and shows in the record", "[R-HTTP-23]") {
  Workspace workspace;
  fill(workspace);
  const auto pki = make_pki(workspace, {});
  const auto record = workspace.path("record.jsonl");
  const EmbeddedServer server(
      workspace, {"--https", "0", "--http", "0", "--pki", pki.folder.string(), "--fault",
                  "redirect=http", "--record", record.string()});
  const auto run = run_phone(
      workspace, {"--ca", pki.server_root().string(), "--rule", server.origin("https") + "/a.xml"});
  require_success(run);
  const auto two_lines = [&] { return lines_of(read_file(record)).size() == 2; };
  REQUIRE(eventually(patience, two_lines));
  const auto lines = lines_of(read_file(record));
  const auto first = Json::parse(lines[0]);
  const auto second = Json::parse(lines[1]);
  CHECK(first.at("protocol") == "https");
  CHECK(first.at("status") == 302);
  CHECK(first.at("fault") == "redirect=http");
  CHECK(second.at("protocol") == "http");
  CHECK(second.at("status") == 200);
  CHECK_FALSE(second.contains("fault"));
  CHECK(second.at("user_agent").get<std::string>().find("8841") != std::string::npos);
}

TEST_CASE("neither the record nor the printed lines hold a password") {
  Workspace workspace;
  fill(workspace);
  const auto record = workspace.path("record.jsonl");
  const EmbeddedServer server(
      workspace, {"--http", "0", "--fault", "basic=phone:hunter2", "--record", record.string()});
  const auto run =
      run_phone(workspace, {"--rule", "[--uid phone --pwd hunter2] " + server.origin("http") +
                                          "/a.xml?password=hunter3"});
  require_success(run);
  REQUIRE(server.logs("?password=******** 200"));
  const auto text = read_file(record);
  CHECK(lines_of(text).size() == 2);
  CHECK(text.find("hunter") == std::string::npos);
  CHECK(text.find("cGhvbmU6aHVudGVyMg") == std::string::npos);
  CHECK(server.said().find("hunter") == std::string::npos);
}

TEST_CASE("a file of faults is obeyed, and a mistake in it is named with its line") {
  Workspace workspace;
  fill(workspace);
  const auto good = workspace.write(
      "good.yaml", "faults:\n  - {status: 503, path: /a.xml, requests: 1}\n  - gzip:\n");
  const EmbeddedServer server(workspace, {"--http", "0", "--faults", good.string()});
  const Flags rule{"--rule", server.origin("http") + "/a.xml"};
  require_failure(run_phone(workspace, rule), "service_unavailable");
  require_failure(run_phone(workspace, rule), "gzip_corrupt");

  const auto bad = workspace.write("bad.yaml", "faults:\n  - statsu: 503\n");
  const auto refused =
      provphone(workspace, {"serve", workspace.path("www").string(), "--faults", bad.string()});
  require_usage_error(refused);
  CHECK(refused.err.find("bad.yaml:2:5") != std::string::npos);
  CHECK(refused.err.find("did you mean 'status'") != std::string::npos);
  for (const Flags& flags : {Flags{"--fault", "status"}, Flags{"--faults", "nowhere.yaml"},
                             Flags{"--record", "/nowhere/r.jsonl"},
                             Flags{"--tftp", "0", "--fault", "certificate=expired"}}) {
    require_usage_error(
        provphone(workspace, with({"serve", workspace.path("www").string()}, flags)));
  }
}

TEST_CASE("a phone's reports are kept, over HTTP and over TFTP", "[R-REPORT-02]") {
  Workspace workspace;
  fill(workspace);
  const auto reports = workspace.path("reports");
  const EmbeddedServer server(workspace,
                              {"--http", "0", "--tftp", "0", "--uploads", reports.string()});
  for (const std::string scheme : {"http", "tftp"}) {
    INFO(scheme);
    const auto scenario = workspace.write(
        scheme + ".yaml",
        "limits: {duration: 20s}\nphones:\n  - set: {Profile_Rule: \"" + server.origin("http") +
            "/a.xml\", Report_Rule: \"[--status] " + server.origin(scheme) + "/" + scheme +
            "/$MA.xml\", Report_To_Server: On Local Change, Resync_Random_Delay: 0, "
            "Resync_Periodic: 0}\n"
            "events:\n  - {at: 0s, power_on: all}\n  - {at: 1s, notify: report}\n");
    const auto run = run_phone(workspace, {scenario.string()});
    CHECK(run.exit_code == 0);
    const auto reported = run.events("reported");
    REQUIRE(reported.size() == 1);
    CHECK_FALSE(reported[0].contains("error"));
    const auto kept = read_file(reports / scheme / "000e08000000.xml");
    CHECK(kept.find('<') != std::string::npos);
    CHECK(server.logs(scheme == "http" ? "POST /http/000e08000000.xml 201"
                                       : "WRQ /tftp/000e08000000.xml 201"));
  }
}

TEST_CASE("every flag of serve is in the command reference") {
  Workspace workspace;
  const auto help = provphone(workspace, {"serve", "--help"}).out;
  const auto reference = read_file(PROVPHONE_SOURCE_DIR "/docs/reference/cli.md");
  const auto begin = reference.find("\n## serve\n");
  const auto section = reference.substr(begin, reference.find("\n## ", begin + 1) - begin);
  std::size_t flags = 0;
  for (const auto& line : lines_of(help)) {
    const auto dashes = line.find_first_not_of(' ');
    if (dashes == std::string::npos || line.compare(dashes, 2, "--") != 0) continue;
    const auto flag = line.substr(dashes, line.find_first_of(" ,", dashes) - dashes);
    INFO(flag);
    CHECK(section.find("`" + flag) != std::string::npos);
    ++flags;
  }
  CHECK(flags >= 11);
}

}  // namespace provphone::e2e::serve_fault_test
