#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

// A phone that is asked for its pages, and the scenario that is made of it. A virtual one stands
// for it: its pages are as real ones have them.
namespace provphone::e2e::from_phone_test {
namespace {

class Desk {
 public:
  Desk(Workspace& workspace, const Flags& flags)
      : process_(workspace.make_folder("desk"), "desk",
                 with({PROVPHONE_BINARY, "run", "--boot", "--for", "1h", "--web", "0", "--set",
                       "Resync_On_Reset=No"},
                      flags)) {
    REQUIRE(
        eventually(patience, [&] { return contains(process_.err() + process_.out(), "http://"); }));
    const auto said = process_.err() + process_.out();
    const auto start = said.find("http://");
    url_ = said.substr(start, said.find_first_of(" \n/", start + 7) - start);
  }
  const std::string& url() const { return url_; }

 private:
  Process process_;
  std::string url_;
};

}  // namespace

TEST_CASE("a scenario is made of a phone's own pages, and says what is only stored here") {
  Workspace workspace;
  const Desk desk(workspace,
                  {"--model", "CP-7841-3PCC", "--mac", "000e08abcdef", "--set",
                   "Resync_Periodic=1234", "--set", "Profile_Rule=http://127.0.0.1:1/a.xml"});
  const auto file = workspace.path("desk.yaml").string();
  const auto made = provphone(workspace, {"scenario", "from-phone", desk.url(), "--output", file});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  const auto yaml = read_file(file);
  INFO(yaml);
  CHECK(contains(yaml, "mac: 000e08abcdef"));
  CHECK(contains(yaml, "model: \"CP-7841-3PCC\""));
  CHECK(contains(yaml, "act here"));
  CHECK(contains(read_file(workspace.path("000e08abcdef.cfg.xml")), "<Resync_Periodic"));
  // It is a scenario, of a phone that is set so.
  const auto explained = provphone(workspace, {"explain", file, "--at", "1h"});
  CHECK(explained.exit_code == 0);
  const auto forecast = provphone(
      workspace, {"forecast", file, "--json", "-", "--trace", workspace.path("t.jsonl").string()});
  CHECK(contains(read_file(workspace.path("t.jsonl")), "resync_on_reset_off"));
}

TEST_CASE("whoever is no phone, and nobody, is said to be none") {
  Workspace workspace;
  const auto nobody = provphone(
      workspace, {"scenario", "from-phone", "http://127.0.0.1:" + std::to_string(free_tcp_port())});
  require_usage_error(nobody);
  // Only what is named is asked.
  require_usage_error(provphone(workspace, {"scenario", "from-phone", "http://192.0.2.7"}));
  require_usage_error(provphone(workspace, {"scenario", "from-phone", "tftp://127.0.0.1/"}));
  require_usage_error(provphone(workspace, {"scenario", "from-phone", "one", "two"}));
  require_usage_error(provphone(workspace, {"scenario", "from-nowhere", "one"}));
}

}  // namespace provphone::e2e::from_phone_test
