#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

// The commands that need no server.
namespace provphone::e2e::command_test {
namespace {

namespace fs = std::filesystem;

const Flags reference_phone{"--mac",        "000e08012345", "--serial",
                            "88012BA01234", "--firmware",   "sip88xx.11-3-2MPP0001-609",
                            "--ip",         "192.168.1.100"};

Json json_of(const CommandResult& command) {
  INFO("standard output: " << command.out);
  INFO("standard error: " << command.err);
  auto json = Json::parse(command.out, nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

TEST_CASE("expand prints what a phone makes of its macros") {
  struct Row {
    std::string text;
    std::string expected;
  };
  const std::vector<Row> rows{
      {"/$PSN.xml", "/8841-3PCC.xml"},
      {"$(MAU)config.cfg", "000E08012345config.cfg"},
      {"$(MA:8:2)", "23"},
      {"$STRANGE$MAU.cfg", "$STRANGE000E08012345.cfg"},
      {"$A$B", "ABC123"},
  };
  Workspace workspace;
  for (const auto& row : rows) {
    INFO(row.text);
    const auto command = provphone(workspace, with(with({"expand", row.text}, reference_phone),
                                                   {"--set", "GPP_A=ABC", "--set", "GPP_B=123"}));
    CHECK(command.exit_code == 0);
    CHECK(command.out == row.expected + "\n");
    CHECK(command.err.empty());
  }
}

TEST_CASE("condition prints true or false") {
  struct Row {
    std::string text;
    std::string expected;
  };
  const std::vector<Row> rows{
      {"$PRVST eq 1", "true"},
      {"$PRVST eq 2", "false"},
      {R"("$CCERT" eq "Not Installed")", "true"},
      {"$SWVER ge sip88xx.11-3-1MPP-110", "true"},
  };
  Workspace workspace;
  for (const auto& row : rows) {
    INFO(row.text);
    const auto command = provphone(
        workspace, with(with({"condition", row.text}, reference_phone), {"--set", "PRVST=1"}));
    CHECK(command.exit_code == 0);
    CHECK(command.out == row.expected + "\n");
    CHECK(command.err.empty());
  }
}

TEST_CASE("a condition that a phone cannot read is an error of one line that names the code") {
  struct Row {
    std::string text;
    std::string code;
  };
  const std::vector<Row> rows{
      {R"("a" lt "b")", "condition_type"},
      {"1 eq", "condition_syntax"},
      {"1 eq 1 or 2 eq 2", "condition_syntax"},
  };
  Workspace workspace;
  for (const auto& row : rows) {
    INFO(row.text);
    require_refusal(provphone(workspace, {"condition", row.text}), row.code);
  }
}

TEST_CASE("rule prints the URL that a phone would fetch") {
  Workspace workspace;
  const auto command =
      provphone(workspace, with({"rule", "http://neptune.example.net:8080/prov/$A/$MA.cfg"},
                                with(reference_phone, {"--set", "GPP_A=ABC"})));
  CHECK(command.exit_code == 0);
  const auto rule = json_of(command);
  CHECK(rule.at("outcome") == "fetch");
  CHECK(rule.at("alternative") == 1);
  CHECK(rule.at("method") == "GET");
  CHECK(rule.at("url") == "http://neptune.example.net:8080/prov/ABC/000e08012345.cfg");
  CHECK(rule.at("scheme") == "http");
  CHECK(rule.at("host") == "neptune.example.net");
  CHECK(rule.at("port") == 8080);
  CHECK(rule.at("path") == "/prov/ABC/000e08012345.cfg");
}

TEST_CASE("rule takes the server of DHCP option 66 where the rule names none") {
  Workspace workspace;
  const auto command = provphone(
      workspace, with({"rule", "/$MA.cfg"}, with(reference_phone, {"--dhcp", "66=10.0.0.1"})));
  CHECK(command.exit_code == 0);
  CHECK(json_of(command).at("url") == "tftp://10.0.0.1:69/000e08012345.cfg");
}

TEST_CASE("rule lists every place that DHCP leads to", "[R-DHCP-03]") {
  Workspace workspace;
  const auto rule = json_of(provphone(
      workspace,
      with({"rule", "/$PSN.xml"}, with(reference_phone, {"--dhcp", "160=https://h.example/p"}))));
  CHECK(rule.at("url") == "https://h.example:443/p");
  CHECK(rule.at("attempts") ==
        Json({"https://h.example:443/p", "https://h.example:443/p/8841-3PCC.xml",
              "https://h.example:443/p/Cisco/CP-8841-3PCC/000e08012345.cfg"}));
}

TEST_CASE("rule says what an upgrade rule leads to, or why to nothing", "[R-UPGRADE-01]") {
  Workspace workspace;
  const auto upgrade = [&](const std::string& text) {
    return json_of(
        provphone(workspace, with({"rule", text, "--kind", "upgrade"}, reference_phone)));
  };
  const auto fetch = upgrade("http://h.example/sip88xx.12-0-1MPP0001-1.loads");
  CHECK(fetch.at("outcome") == "fetch");
  CHECK(fetch.at("load") == "sip88xx.12-0-1MPP0001-1");
  const auto running = upgrade("http://h.example/sip88xx.11-3-2MPP0001-609.loads");
  CHECK(running.at("outcome") == "skip");
  CHECK(running.at("reason") == "already_running");
  CHECK(upgrade("/fw.loads").at("error").at("code") == "server_missing");
}

TEST_CASE("rule says where reports go", "[R-REPORT-01][R-REPORT-03]") {
  Workspace workspace;
  const auto command =
      provphone(workspace,
                {"rule", "[--delta --key hush]http://s.example/d.xml [--status]tftp://s.example/st",
                 "--kind", "report"});
  CHECK(command.exit_code == 0);
  CHECK(command.out.find("hush") == std::string::npos);
  const auto lines = lines_of(command.out);
  REQUIRE(lines.size() == 2);
  const auto delta = Json::parse(lines[0]);
  CHECK(delta.at("report") == "delta");
  CHECK(delta.at("method") == "POST");
  CHECK(delta.at("encryption") == "aes-256-cbc");
  const auto status = Json::parse(lines[1]);
  CHECK(status.at("report") == "status");
  CHECK(status.at("method") == "PUT");
  CHECK_FALSE(status.contains("encryption"));
}

TEST_CASE("rule shows no secret of a URL or of extension mobility", "[R-MACRO-24][R-RULE-45]") {
  Workspace workspace;
  for (const Flags& flags :
       {Flags{"rule", "http://me:hush@h.example/a.xml", "--knob", "url_user_info=login"},
        Flags{"rule", "http://me:hush@h.example/a.xml"},
        Flags{"rule", "[--uid $MPWD --pwd $MPWD] http://h.example/a.xml", "--set", "MPWD=hush",
              "--personality", "mpp11"}}) {
    const auto command = provphone(workspace, flags);
    CHECK((command.out + command.err).find("hush") == std::string::npos);
    CHECK_FALSE(json_of(command).empty());
  }
}

TEST_CASE("rule never prints a secret") {
  Workspace workspace;
  const auto command =
      provphone(workspace, {"rule", "[--key hush1 --uid me --pwd hush2] https://h.example/a.xml"});
  CHECK(command.exit_code == 0);
  const auto rule = json_of(command);
  CHECK(rule.at("key") == true);
  CHECK(rule.at("user") == "me");
  CHECK((command.out + command.err).find("hush") == std::string::npos);
}

TEST_CASE("rule tells skipped, assigned and wrong rules apart") {
  Workspace workspace;
  const auto skipped = json_of(
      provphone(workspace, {"rule", "($PRVST eq 2)? http://a.example/x", "--set", "PRVST=1"}));
  CHECK(skipped.at("outcome") == "skip");
  const auto assigned =
      json_of(provphone(workspace, with({"rule", R"((c="";d="$MA";)!)"}, reference_phone)));
  CHECK(assigned.at("outcome") == "assign");
  CHECK(assigned.at("assignments") == Json::parse(R"([{"name":"GPP_C","value":""},
                                                      {"name":"GPP_D","value":"000e08012345"}])"));
  const auto command = provphone(workspace, {"rule", "gopher://a.example/x"});
  CHECK(command.exit_code == 1);
  const auto wrong = json_of(command);
  CHECK(wrong.at("outcome") == "error");
  CHECK(wrong.at("error").at("code") == "unsupported_scheme");
}

TEST_CASE("decode shows the layers and the parameters of a file") {
  Workspace workspace;
  const auto text = workspace.write("basic.txt", profile("12345678"));
  workspace.run({"gzip", "--keep", text.string()});
  workspace.run({"openssl", "enc", "-aes-256-cbc", "-k", "MyOwnSecret", "-in",
                 text.string() + ".gz", "-out", workspace.path("basic.cfg").string()});
  const auto command = provphone(workspace, {"decode", workspace.path("basic.cfg").string(),
                                             "--key", "MyOwnSecret", "--format", "json"});
  CHECK(command.exit_code == 0);
  const auto decoded = json_of(command);
  CHECK(decoded.at("layers") == Json({"aes-256-cbc/sha256", "gzip", "xml"}));
  REQUIRE(decoded.at("parameters").size() == 1);
  CHECK(decoded.at("parameters")[0].at("name") == "GPP_A");
  CHECK(decoded.at("parameters")[0].at("value") == "12345678");
}

TEST_CASE("decode names what is wrong with a file") {
  Workspace workspace;
  const auto file = workspace.write("bad.xml", "<flat-profile><GPP_A>1</flat-profile>");
  const auto command = provphone(workspace, {"decode", file.string(), "--format", "json"});
  CHECK(command.exit_code == 1);
  CHECK(json_of(command).at("error").at("code") == "xml_malformed");
}

TEST_CASE("pki makes authorities, a server and devices that OpenSSL accepts") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--host", "localhost", "--device", "000e08abcdef"});
  const auto verify = [&](const std::string& root, const std::string& leaf) {
    workspace.run({"openssl", "verify", "-CAfile", (pki.folder / root).string(),
                   (pki.folder / leaf).string()});
  };
  verify("server-root.pem", "server.pem");
  verify("device-root.pem", "000e08abcdef.pem");
  for (const std::string name : {"server.key", "device-root.key", "000e08abcdef.key"}) {
    INFO(name);
    CHECK(fs::status(pki.folder / name).permissions() == fs::perms{0600});
  }
}

TEST_CASE("pki keeps what is there") {
  Workspace workspace;
  const auto folder = workspace.path("pki").string();
  REQUIRE(provphone(workspace, {"pki", folder, "--device", "000e08000001"}).exit_code == 0);
  const auto root = read_file(folder + "/device-root.pem");
  const auto device = read_file(folder + "/000e08000001.pem");
  REQUIRE_FALSE(root.empty());
  REQUIRE(
      provphone(workspace, {"pki", folder, "--device", "000e08000001", "--device", "000e08000002"})
          .exit_code == 0);
  CHECK(read_file(folder + "/device-root.pem") == root);
  CHECK(read_file(folder + "/000e08000001.pem") == device);
  CHECK(fs::exists(folder + "/000e08000002.pem"));
}

TEST_CASE("wrong usage ends with status 2 and one line") {
  Workspace workspace;
  const std::vector<Flags> wrong{
      {"no-such-command"},
      {"expand"},
      {"expand", "$MA", "--no-such-flag"},
      {"expand", "$MA", "--mac", "not-a-mac"},
      {"expand", "$MA", "--set", "no equals sign"},
      {"expand", "$MA", "--personality", "mpp99"},
      {"decode", "/no/such/file.xml"},
      {"run", "/no/such/scenario.yaml"},
      {"run", "--rule", "http://127.0.0.1:1/a", "--knob", "no_such_knob=1"},
      {"run", "--rule", "http://127.0.0.1:1/a", "--for", "a while"},
      {"run", "--rule", "http://127.0.0.1:1/a", "--cert", "/no/such/file.pem", "--key-file",
       "/no/such/file.key"},
      {"serve", "/no/such/folder"},
  };
  for (const auto& arguments : wrong) {
    INFO("command: " << Json(arguments).dump());
    require_usage_error(provphone(workspace, arguments));
  }
}

TEST_CASE("a result that cannot be written is an error and leaves nothing half-written") {
  Workspace workspace;
  const auto file = workspace.path("no-such-folder/result.json");
  const auto command = provphone(
      workspace, {"run", "--quiet", "--rule", "http://127.0.0.1:1/a.xml", "--json", file.string()});
  require_usage_error(command);
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("run prints its result on standard output when asked to") {
  Workspace workspace;
  const auto command =
      provphone(workspace, {"run", "--rule", "http://127.0.0.1:1/a.xml", "--json", "-"});
  CHECK(command.exit_code == 1);
  const auto result = json_of(command);
  CHECK(result.at("verdict") == "fail");
  CHECK(result.at("errors").at("connection_refused") == 1);
  for (const std::string member : {"passes", "requests", "latency_us", "lag_us", "expectations",
                                   "seed", "scenario_hash", "trace_hash", "version"}) {
    INFO(member);
    CHECK(result.contains(member));
  }
}

TEST_CASE("parameters lists the catalogue by pattern") {
  Workspace workspace;
  const auto spa = json_of(provphone(workspace, {"parameters", "resync_error_retry*",
                                                 "--personality", "spa", "--format", "json"}));
  REQUIRE(spa.size() == 1);
  CHECK(spa[0].at("name") == "Resync_Error_Retry_Delay");
  CHECK(spa[0].at("default") == "3600");
  const auto secret = json_of(provphone(workspace, {"parameters", "GPP_S?", "--format", "json"}));
  REQUIRE(secret.size() == 4);
  CHECK(secret[0].at("secret") == true);
  const auto none = provphone(workspace, {"parameters", "No_Such_Thing"});
  CHECK(none.exit_code == 1);
  CHECK(none.out.empty());
  CHECK(provphone(workspace, {"parameters", "--personality", "spa3"}).exit_code == 2);
}

TEST_CASE("decode takes an alias map from a register or as text") {
  Workspace workspace;
  workspace.write("customer.xml", "<CPE><name> 17775551234</name></CPE>");
  const std::string map = "/CPE/name = /flat-profile/User_ID_1_ ;";
  for (const auto& flags :
       {Flags{"--alias", map}, Flags{"--alias", "b", "--set", "GPP_B=" + map}}) {
    const auto decoded = json_of(provphone(
        workspace, with({"decode", workspace.path("customer.xml"), "--format", "json"}, flags)));
    REQUIRE(decoded.at("parameters").size() == 1);
    CHECK(decoded["parameters"][0].at("name") == "User_ID_1_");
    CHECK(decoded["parameters"][0].at("value") == "17775551234");
  }
}

TEST_CASE("decode needs the IKM for what is announced as aes128gcm") {
  Workspace workspace;
  workspace.write("a.bin", std::string(40, 'x'));
  const auto without = json_of(provphone(workspace, {"decode", workspace.path("a.bin"), "--format",
                                                     "json", "--content-encoding", "aes128gcm"}));
  CHECK(without.at("error").at("code") == "ikm_missing");
  const auto wrong = json_of(provphone(
      workspace, {"decode", workspace.path("a.bin"), "--format", "json", "--content-encoding",
                  "AES128GCM", "--set", "IKM_HTTP_Encrypt_Content=ThisIsTheIKM0001"}));
  CHECK(wrong.at("error").at("code") == "rfc8188_corrupt");
}

TEST_CASE("a result shows no key that a rule holds") {
  Workspace workspace;
  const auto run = provphone(
      workspace,
      {"run", "--rule",
       "[--key MyOwnSecret] http://127.0.0.1:" + std::to_string(free_tcp_port()) + "/x", "--set",
       "Password_1_=AnotherSecret", "--json", "-", "--trace", workspace.path("trace")});
  CHECK(run.exit_code == 1);
  for (const auto& text : {run.out, run.err, read_file(workspace.path("trace"))}) {
    CHECK(text.find("Secret") == std::string::npos);
    CHECK_FALSE(text.empty());
  }
}

TEST_CASE("the demo provisions four phones and says how") {
  Workspace workspace;
  const auto demo = provphone(workspace, {"demo"});
  CHECK(demo.exit_code == 0);
  CHECK(demo.err.empty());
  CHECK(demo.out.find('\x1b') == std::string::npos);  // no colours in a pipe
  const auto table = demo.out.substr(demo.out.rfind("phone "));
  for (const auto* part : {"tftp xml", "http gzip+xml", "aes-256-cbc/sha256+gzip+xml",
                           "own certificate", "after 2 failed passes", "GPP_SA"}) {
    INFO(part);
    CHECK(table.find(part) != std::string::npos);
  }
  CHECK(demo.out.find("not provisioned") == std::string::npos);
  CHECK(demo.out.find("only this phone is told") == std::string::npos);  // the key itself
}

TEST_CASE("every command has a man page, and the program's page names it") {
  Workspace workspace;
  const auto man = provphone(workspace, {"man"});
  for (const auto* command : {"run", "report", "serve", "pki", "expand", "condition", "rule",
                              "decode", "parameters", "demo"}) {
    INFO(command);
    CHECK(man.out.find(std::string("\n.BR provphone\\-") + command + " (1)") != std::string::npos);
    const auto page = provphone(workspace, {"man", command});
    CHECK(page.exit_code == 0);
    CHECK(page.out.find(std::string("\n.SH NAME\nprovphone\\-") + command + " \\- ") !=
          std::string::npos);
  }
  const auto refused = provphone(workspace, {"man", "nothing"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err == "provphone: there is no command nothing\n");
}

TEST_CASE("what may stand at the cursor is what the command line takes") {
  struct Row {
    Flags typed;
    std::string first_lines;  // of what is suggested, without the help of each
  };
  const std::vector<Row> rows{
      {{"pa"}, "words\nparameters\n"},
      {{"nothing", "x"}, "words\n"},
      {{"run", "--su"}, "words\n--summary\n"},
      {{"run", "--personality", ""}, "words\nspa\nmpp11\nmpp12\n"},
      {{"run", "--personality=m"}, "words\n--personality=mpp11\n--personality=mpp12\n"},
      {{"run", "--personality", "=", "m"}, "words\nmpp11\nmpp12\n"},  // as bash parts it
      {{"run", "--personality", "="}, "words\nspa\nmpp11\nmpp12\n"},
      {{"run", "--set", "Resync_Peri"}, "words\nResync_Periodic=\n"},
      {{"run", "--set", "GPP_A", "=", ""}, "words\n"},
      {{"serve", "--client-certificates", "r"}, "words\nrequired\n"},
      {{"serve", "--https", "8443", "--pki", ""}, "folders\n"},
      {{"serve", ""}, "folders\n"},
      {{"models", "--format", ""}, "words\ntext\njson\n"},
      {{"explain", "--format", "m"}, "words\nmain\n"},
      {{"models", "CP-7841"}, "words\nCP-7841-3PCC\n"},
      {{"run", ""}, "scenarios\n"},
      {{"run", "--quiet", ""}, "scenarios\n"},  // a flag without a value
      {{"run", "a.yaml", ""}, "words\n"},       // it takes one
      {{"report", "a.json", ""}, "files\n"},    // it takes many
      {{"check", "http", ":", "//h/a", ""}, "words\n"},
  };
  Workspace workspace;
  for (const auto& row : rows) {
    INFO(row.typed.front() << " ... " << row.typed.back());
    const auto asked = provphone(workspace, with({"completion", "words", "--"}, row.typed));
    CHECK(asked.exit_code == 0);
    std::string words;
    for (const auto& line : lines_of(asked.out)) words += line.substr(0, line.find('\t')) + "\n";
    CHECK(words == row.first_lines);
  }
}

TEST_CASE("decode shows the place of malformed XML") {
  Workspace workspace;
  workspace.write("bad.xml",
                  "<flat-profile>\n  <Station_Name>Tom & Jerry</Station_Name>\n</flat-profile>\n");
  const auto decoded = provphone(workspace, {"decode", workspace.path("bad.xml")});
  CHECK(decoded.exit_code == 1);
  CHECK(decoded.out.empty());
  CHECK(decoded.err.find("xml_malformed: line 2, column 21") != std::string::npos);
  CHECK(decoded.err.find("&amp;") != std::string::npos);
  CHECK(decoded.err.find("| ") != std::string::npos);
  CHECK(decoded.err.find("^\n") != std::string::npos);
}

TEST_CASE("decode shows plain text and says that no phone reads it", "[R-TEXT-07]") {
  Workspace workspace;
  const auto file = workspace.write("phone.txt", "# lobby\nGPP_A ! \"1\";\n").string();
  const auto found = provphone(workspace, {"decode", file, "--format", "json"});
  CHECK(found.exit_code == 1);
  const auto found_json = json_of(found);
  CHECK(found_json["error"]["code"] == "not_a_profile");
  CHECK(found_json["layers"] == Json::array({"plain-text"}));
  CHECK(found_json["parameters"][0]["value"] == "1");

  const auto asked =
      provphone(workspace, {"decode", file, "--from", "plain-text", "--format", "json"});
  CHECK(asked.exit_code == 0);
  const auto json = json_of(asked);
  CHECK_FALSE(json.contains("error"));
  CHECK(json["note"].get<std::string>().find("no phone reads") != std::string::npos);
  CHECK(json["parameters"] == found_json["parameters"]);

  const auto text = provphone(workspace, {"decode", file, "--from", "plain-text"});
  CHECK(text.out.find("no phone reads") != std::string::npos);
  // A phone that refuses a file has nothing of it on its page.
  const auto page = provphone(workspace, {"decode", file, "--format", "delta"});
  CHECK(page.exit_code == 1);
  CHECK(page.out.empty());
  const auto compiled =
      provphone(workspace, {"decode", file, "--from", "plain-text", "--format", "delta"});
  CHECK(compiled.out == "<flat-profile>\n<GPP_A ua=\"rw\">1</GPP_A>\n</flat-profile>\n");

  const auto open = workspace.write("open.txt", "GPP_A \"1\";\nGPP_B \"2\"\n").string();
  const auto refused = provphone(workspace, {"decode", open});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("line 3, column 1: ; is due") != std::string::npos);

  const auto prose = workspace.write("prose.txt", "Not Found\n").string();
  CHECK_FALSE(
      json_of(provphone(workspace, {"decode", prose, "--format", "json"})).contains("parameters"));
}

TEST_CASE("decode prints the phone's own page after a file, and what the file changed of it",
          "[R-XML-28][R-XML-29][R-XML-31]") {
  Workspace workspace;
  const auto file = workspace
                        .write("phone.xml",
                               "<flat-profile><GPP_A>1</GPP_A><GPP_B>same</GPP_B>"
                               "<Password_1_>hush</Password_1_></flat-profile>")
                        .string();
  const Flags phone{"--set", "GPP_B=same", "--set", "GPP_C=kept"};
  const auto delta = provphone(workspace, with({"decode", file, "--format", "delta"}, phone));
  CHECK(delta.exit_code == 0);
  CHECK(delta.out ==
        "<flat-profile>\n<GPP_A>1</GPP_A>\n<!-- <Password_1_/> -->\n</flat-profile>\n");
  const auto page = provphone(workspace, with({"decode", file, "--format", "cfg.xml"}, phone));
  CHECK(page.exit_code == 0);
  for (const auto* line : {"<GPP_A>1</GPP_A>", "<GPP_B>same</GPP_B>", "<GPP_C>kept</GPP_C>"}) {
    CHECK(page.out.find(line) != std::string::npos);
  }
  CHECK(page.out.find("hush") == std::string::npos);
  // The page is a profile that changes nothing more.
  const auto again = workspace.write("again.xml", page.out).string();
  CHECK(provphone(workspace, {"decode", again, "--config", again, "--format", "delta"}).out ==
        "<flat-profile>\n</flat-profile>\n");
  require_usage_error(provphone(workspace, {"decode", file, "--format", "yaml"}));
  require_usage_error(provphone(workspace, {"decode", file, "--from", "spc"}));
}

TEST_CASE("decode shows what a phone applies of a file that it refuses", "[R-XML-10]") {
  Workspace workspace;
  const auto file = workspace.write("cut.xml", "<flat-profile><GPP_A>1</GPP_A><GPP_B>").string();
  const auto nothing = json_of(provphone(workspace, {"decode", file, "--format", "json"}));
  CHECK_FALSE(nothing.contains("parameters"));
  const auto part = provphone(
      workspace, {"decode", file, "--format", "json", "--knob", "malformed_profile=up_to_fault"});
  CHECK(part.exit_code == 1);
  CHECK(json_of(part)["parameters"].size() == 1);
  CHECK(json_of(part)["error"]["code"] == "xml_malformed");
}

}  // namespace
}  // namespace provphone::e2e::command_test
