#include "test/e2e/exercises/apache_site.hpp"
#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// The guide's exercises about resyncs over TFTP and HTTP, by hand and on a schedule.
namespace provphone::e2e::exercises::resync_test {
namespace {

struct Lab {
  Workspace workspace;
  Rsyslog rsyslog{workspace};
  std::filesystem::path root = [this] {
    workspace.write("tftp/basic.txt", basic_profile());
    return workspace.path("tftp");
  }();
  Flags logs{"--set", "Syslog_Server=" + rsyslog.server()};

  // With the port, where it is not the protocol's own.
  bool succeeded(const std::string& url) const {
    return logged(rsyslog, who + "Successful resync " + url);
  }
};

TEST_CASE_METHOD(Lab, "exercise: resync over TFTP", "[R-FACE-03][R-FACE-05]") {
  // 1 to 4: basic.txt is in the root of a TFTP server, which another client than the phone is
  // served by.
  const Atftpd tftp(workspace, root);
  CHECK(workspace.run({"curl", "-s", "--tftp-no-options", tftp.url("/basic.txt")}) ==
        basic_profile());
  // 5 and 6: the general parameters are empty.
  Desk desk(workspace);
  const auto before = desk.look("/admin/advanced");
  for (char letter = 'A'; letter <= 'P'; ++letter) {
    const auto name = std::string("GPP_") + letter;
    INFO(name);
    CHECK(contains(before, "name=\"" + name + "\" value=\"\""));
  }
  // 7: the URL that resyncs.
  desk.resync_to(tftp.url("/basic.txt"));
  // 8: the page again.
  CHECK(desk.shows("/admin/advanced", "GPP_A", "12345678"));
  CHECK(desk.field("/admin/advanced", "GPP_B").empty());
}

TEST_CASE_METHOD(Lab, "exercise: provision a profile of the phone's own from a TFTP server",
                 "[R-MACRO-01][R-RESYNC-57]") {
  // 1 to 3: the copy of basic.txt is called after the model and the MAC address.
  workspace.write("tftp/CP-7841-3PCC" + mac + ".cfg", basic_profile());
  const Atftpd tftp(workspace, root);
  Desk desk(workspace, logs);
  // 4 to 6
  CHECK(desk.field(provisioning_tab, "Profile_Rule") == "/$PSN.xml");
  desk.submit(provisioning_tab, {{"Profile_Rule", tftp.url("/CP-7841-3PCC$MA.cfg")}});
  // 7: the phone restarts, and fetches the file at once.
  CHECK(succeeded(tftp.url("/CP-7841-3PCC" + mac + ".cfg")));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  const auto run = desk.unplug();
  CHECK(run.events("rebooted").size() == 1);
  CHECK(run.parameter("Profile_Rule") == tftp.url("/CP-7841-3PCC$MA.cfg"));
}

TEST_CASE_METHOD(Lab, "exercise: resync with HTTP GET", "[R-HTTP-20][R-RESYNC-57]") {
  // 1 to 3: Apache has basic.txt, and serves it to others too.
  workspace.write("htdocs/basic.txt", basic_profile());
  const ApacheSite apache(workspace);
  const auto url = "http://127.0.0.1:" + std::to_string(apache.port()) + "/basic.txt";
  CHECK(workspace.run({"curl", "-s", url}) == basic_profile());
  // 4 and 5: periodically, which is every second here.
  Desk desk(workspace, logs);
  desk.submit(provisioning_tab, {{"Profile_Rule", url}, {"Resync_Periodic", "1"}});
  // 6
  CHECK(succeeded(url));
  CHECK(eventually(patience, [&] { return times_logged(rsyslog, url) >= 6; }));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  // 7: maker, product, firmware and which phone it is. MPP phones give their MAC address for that.
  const auto agents = apache.agents(4);
  REQUIRE(agents.size() >= 4);
  CHECK(agents[0].starts_with("curl/"));
  CHECK(agents[1].starts_with("Cisco-CP-7841-3PCC/"));
  CHECK(contains(agents[1], mac));
  CHECK(agents[3] == agents[1]);
}

TEST_CASE_METHOD(Lab, "exercise: provision by Cisco XML", "[R-FACE-07][R-MACRO-01]") {
  workspace.write("tftp/" + mac + ".cfg", basic_profile());
  const Atftpd tftp(workspace, root);
  Desk desk(workspace, with(logs, {"--set", "CISCO_XML_EXE_Enable=Yes", "--set",
                                   "CISCO_XML_EXE_Auth_Mode=Trusted"}));
  // The object as the guide prints it, its attribute without quotes, and a macro in the rule.
  const auto object = workspace.write(
      "execute.xml", "<CP-7841-3PCCExecute>\n<ExecuteItem URL=Resync:" + tftp.url("/$MA.cfg") +
                         "/>\n</CP-7841-3PCCExecute>\n");
  workspace.run({"curl", "-s", "--fail", "-H", "Content-Type: text/xml", "--data-binary",
                 "@" + object.string(), desk.url() + "/CGI/Execute"});
  CHECK(succeeded(tftp.url("/" + mac + ".cfg")));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
}

TEST_CASE_METHOD(Lab, "exercise: resolve URLs with macros in them", "[R-MACRO-01][R-MACRO-20]") {
  workspace.write("tftp/cisco/config/CP-7841-3PCC.cfg",
                  "<flat-profile><GPP_B>Dj6Lmp23Q</GPP_B></flat-profile>\n");
  workspace.write("tftp/cisco/Dj6Lmp23Q/" + mac + ".cfg", basic_profile());
  const Atftpd tftp(workspace, root);
  const auto of_name = [&](const std::string& path) {
    auto url = tftp.url(path);
    return url.replace(url.find("127.0.0.1"), 9, "prov.telco.com");
  };
  // The server has a name and a port of its own, and folders.
  Desk desk(workspace, with(logs, {"--resolve", "prov.telco.com=127.0.0.1"}));
  desk.submit(provisioning_tab, {{"Profile_Rule", of_name("/cisco/config/$PN.cfg")}});
  CHECK(succeeded(tftp.url("/cisco/config/CP-7841-3PCC.cfg")));
  REQUIRE(desk.shows(provisioning_tab, "GPP_B", "Dj6Lmp23Q"));
  // One rule for all, and in GPP_B what is a phone's own.
  desk.submit(provisioning_tab, {{"Profile_Rule", of_name("/cisco/$B/$MA.cfg")}});
  CHECK(succeeded(tftp.url("/cisco/Dj6Lmp23Q/" + mac + ".cfg")));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
}

TEST_CASE_METHOD(Lab, "exercise: resync a phone automatically",
                 "[R-RESYNC-04][R-RESYNC-07][R-RESYNC-13]") {
  auto tftp = std::make_unique<Atftpd>(workspace, root);
  const auto url = tftp->url("/basic.txt");
  std::string kept;
  {
    // 1 to 4: a period for tests, which is a second here.
    Desk desk(workspace, logs);
    CHECK(desk.field(provisioning_tab, "Resync_Periodic") == "3600");
    desk.submit(provisioning_tab, {{"Profile_Rule", url}, {"Resync_Periodic", "1"}});
    // 5: each resync has its two messages.
    const auto success = "Successful resync " + url;
    CHECK(eventually(patience, [&] { return times_logged(rsyslog, success) >= 3; }));
    CHECK(times_logged(rsyslog, "Requesting resync " + url) >= 3);
    // 6
    CHECK(desk.field(provisioning_tab, "Resync_On_Reset") == "Yes");
    kept = workspace.run({"curl", "-s", desk.url() + "/admin/cfg.xml"});
    CHECK(desk.unplug().events("pass_failed").size() <= 1);  // before it had a rule
  }
  // 7: power again. What a person has set is still there.
  const auto before = times_logged(rsyslog, "Successful resync " + url);
  const auto memory = workspace.write("memory.xml", kept).string();
  Desk desk(workspace, with(logs, {"--config", memory, "--set", "Resync_Random_Delay=0"}));
  CHECK(eventually(patience,
                   [&] { return times_logged(rsyslog, "Successful resync " + url) > before; }));
  // 8: retries after a failure, and a second between them.
  desk.submit(provisioning_tab, {{"Resync_Error_Retry_Delay", "1"}});
  REQUIRE(desk.shows(provisioning_tab, "Resync_Error_Retry_Delay", "1"));
  // 9: the server goes away.
  const auto failures = [&] {
    const auto messages = rsyslog.messages(0);
    return std::count_if(messages.begin(), messages.end(), [](const std::string& message) {
      return contains(message, "Resync failed");
    });
  };
  const auto failed_before = failures();
  tftp.reset();
  CHECK(eventually(patience, [&] { return failures() >= failed_before + 3; }));
  const auto run = desk.unplug();
  CHECK(run.events("pass_failed").size() >= 3);
  CHECK(run.events("pass_started").front().at("kind") == 0);
}

// The parameters of a profile's resync as the guide's table has them, each with a value of its
// examples.
const std::vector<std::pair<std::string, std::string>> table{
    {"Provision_Enable", "Yes"},
    {"Resync_On_Reset", "Yes"},
    {"Resync_Random_Delay", "3"},
    {"Resync_At__HHmm_", "0959"},
    {"Resync_At_Random_Delay", "660"},
    {"Resync_Periodic", "600 , 1200 , 300"},
    {"Resync_Error_Retry_Delay", "2400+30"},
    {"Forced_Resync_Delay", "1440"},
    {"Resync_From_SIP", "No"},
    {"Resync_After_Upgrade_Attempt", "No"},
    {"Resync_Trigger_1", "$UPGTMR gt 300 and $PRVTMR ge 600"},
    {"User_Configurable_Resync", "No"},
    {"Resync_Fails_On_FNF", "No"},
    {"DHCP_Option_To_Use", "66,160,159"}};

TEST_CASE_METHOD(Lab, "exercise: the parameters of a profile's resync, by file and by page",
                 "[R-XML-19][R-FACE-04][R-FACE-05]") {
  // By a file, where the user of the phone is given none of them but one.
  std::string profile = "<flat-profile>\n";
  for (const auto& [name, value] : table) {
    const std::string right = name == "Resync_Periodic" ? "rw" : "na";
    profile.append("<").append(name).append(" ua=\"").append(right).append("\">");
    profile.append(value).append("</").append(name).append(">\n");
  }
  workspace.write("tftp/table.xml", profile + "</flat-profile>\n");
  const Atftpd tftp(workspace, root);
  Desk desk(workspace, logs);
  desk.resync_to(tftp.url("/table.xml"));
  REQUIRE(succeeded(tftp.url("/table.xml")));
  REQUIRE(desk.shows(provisioning_tab, "Resync_Periodic", table[5].second));
  const auto fields = fields_of(desk.look(provisioning_tab));
  for (const auto& [name, value] : table) {
    INFO(name);
    CHECK(value_of(fields, name) == value);
  }
  CHECK(fields_of(desk.look("/provisioning")) == Fields{table[5]});
  // By the page, back to what the factory has.
  desk.submit(provisioning_tab, {{"Resync_From_SIP", "Yes"}, {"Resync_Trigger_1", ""}});
  CHECK(desk.shows(provisioning_tab, "Resync_From_SIP", "Yes"));
  CHECK(desk.field(provisioning_tab, "Resync_Trigger_1").empty());
  CHECK(desk.field(provisioning_tab, "Resync_Fails_On_FNF") == "No");
}

}  // namespace
}  // namespace provphone::e2e::exercises::resync_test
