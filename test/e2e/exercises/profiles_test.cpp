#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about the making of profiles.
namespace provphone::e2e::exercises::profiles_test {
namespace {

// A TFTP server whose root is empty, a log server, and a phone that logs to it.
struct Bench {
  Workspace workspace;
  Rsyslog rsyslog{workspace};
  std::filesystem::path root = [this] {
    workspace.write("basic.txt", basic_profile());
    std::filesystem::create_directories(workspace.path("tftp"));
    return workspace.path("tftp");
  }();
  Atftpd tftp{workspace, root};
  Desk desk{workspace, {"--set", "Syslog_Server=" + rsyslog.server()}};

  std::string file(const std::string& name) const { return workspace.path(name).string(); }
  bool succeeded(const std::string& name) const {
    return logged(rsyslog, who + "Successful resync " + tftp.url("/" + name));
  }
};

TEST_CASE_METHOD(Bench, "exercise: compress an open profile with gzip", "[R-LAYER-03]") {
  // 1 to 3
  workspace.run({"gzip", file("basic.txt")});
  std::filesystem::rename(file("basic.txt.gz"), root / "basic.txt.gz");
  // 4 to 6
  desk.submit(provisioning_tab, {{"Profile_Rule", tftp.url("/basic.txt.gz")}});
  CHECK(succeeded("basic.txt.gz"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
}

TEST_CASE_METHOD(Bench, "exercise: encrypt a profile with OpenSSL", "[R-LAYER-01][R-LAYER-08]") {
  const auto encrypt = [&](const std::string& from, const std::string& to) {
    workspace.run({"openssl", "enc", "-aes-256-cbc", "-k", "MyOwnSecret", "-in", file(from), "-out",
                   (root / to).string()});
  };
  // 1 to 3, of the profile as it is, and compressed.
  encrypt("basic.txt", "basic.cfg");
  workspace.run({"gzip", file("basic.txt")});
  encrypt("basic.txt.gz", "basic2.cfg");
  // 4 to 6
  desk.submit(provisioning_tab,
              {{"Profile_Rule", "[--key MyOwnSecret] " + tftp.url("/basic.cfg")}});
  CHECK(succeeded("basic.cfg"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  desk.submit(
      provisioning_tab,
      {{"GPP_A", ""}, {"Profile_Rule", "[--key \"MyOwnSecret\"] " + tftp.url("/basic2.cfg")}});
  CHECK(succeeded("basic2.cfg"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  const auto run = desk.unplug();
  for (const auto& line : run.trace) CHECK_FALSE(contains(line.dump(), "MyOwnSecret"));
}

TEST_CASE_METHOD(Bench, "exercise: make partitioned profiles", "[R-RESYNC-14]") {
  // 1 and 2
  std::filesystem::copy(file("basic.txt"), root / "basic.txt");
  workspace.write("tftp/basic2.txt", "<flat-profile>\n<GPP_B>ABCD</GPP_B>\n</flat-profile>\n");
  desk.submit(provisioning_tab, {{"Profile_Rule", tftp.url("/basic.txt")}});
  REQUIRE(succeeded("basic.txt"));
  // 3 and 4: the first rule stays as it is.
  desk.submit(provisioning_tab, {{"Profile_Rule_B", tftp.url("/basic2.txt")}});
  // 5: both files, in that order.
  CHECK(succeeded("basic2.txt"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  CHECK(desk.shows(provisioning_tab, "GPP_B", "ABCD"));
  std::vector<std::string> files;
  for (const auto& request : desk.unplug().events("request")) files.push_back(request.at("url"));
  REQUIRE(files.size() >= 2);
  CHECK(files[files.size() - 2] == tftp.url("/basic.txt"));
  CHECK(files.back() == tftp.url("/basic2.txt"));
}

TEST_CASE_METHOD(Bench, "exercise: set the phone's privacy header") {
  const auto config = [this] {
    return workspace.run({"curl", "-s", desk.url() + "/admin/cfg.xml"});
  };
  // 1 to 4: the phone's own configuration, edited and given back: one line of it, and then others.
  auto text = config();
  const auto insert = [&](const std::string& line, const std::string& value) {
    const auto begin = text.find("<Privacy_Header_" + line + "_");
    REQUIRE(begin != std::string::npos);
    const std::string end = "</Privacy_Header_" + line + "_>";
    text.replace(begin, text.find(end) + end.size() - begin,
                 "<Privacy_Header_" + line + "_ ua=\"na\">" + value + end);
  };
  insert("1", "session");
  insert("2", "id");
  insert("3", "bogus");
  workspace.write("tftp/config.xml", text);
  desk.resync_to(tftp.url("/config.xml"));
  REQUIRE(succeeded("config.xml"));
  const auto changed = config();
  CHECK(contains(changed, ">session</Privacy_Header_1_>"));
  CHECK(contains(changed, ">id</Privacy_Header_2_>"));
  // A value that is none of those the guide has is passed over.
  CHECK(contains(changed, ">Disabled</Privacy_Header_3_>"));
}

}  // namespace
}  // namespace provphone::e2e::exercises::profiles_test
