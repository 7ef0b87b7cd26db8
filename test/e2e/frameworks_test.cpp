#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

// The files of fixtures/ci that have phones among the tests of a framework.
namespace provphone::e2e::frameworks_test {
namespace {

struct Framework {
  Flags command;  // behind what is set in the environment
  std::string file;
};

// Against a server that gives what is expected, then against one that does not.
void require_green_and_red(const Framework& framework) {
  require_installed(framework.command.front());
  Workspace workspace;
  workspace.write("www/a.xml", profile("right"));
  workspace.write(framework.file,
                  read_file(std::string(PROVPHONE_SOURCE_DIR) + "/fixtures/ci/" + framework.file));
  workspace.write("package.json", "{}");  // by which Jest knows a project
  EmbeddedServer server(workspace, {"--http", "0"});
  for (const bool is_right : {true, false}) {
    workspace.write("lab.yaml",
                    "phones: [{set: {Profile_Rule: \"" + server.origin("http") +
                        "/a.xml\", Resync_Random_Delay: 0, Resync_Periodic: 0}}]\nexpect:\n"
                        "  - {converged: 100%, within: 1m}\n  - {parameter: GPP_A, equals: " +
                        (is_right ? "right" : "left") + "}\n");
    Flags command{"env", std::string("PROVPHONE=") + PROVPHONE_BINARY, "PHONES=lab.yaml"};
    Process process(workspace.path(), "framework", with(command, framework.command));
    const auto status = process.wait(patience);
    INFO(process.out() << process.err());
    REQUIRE(status);
    CHECK((*status == 0) == is_right);
    const auto said = process.out() + process.err();
    CHECK(contains(said, "parameter: GPP_A, equals: left") == !is_right);
  }
}

TEST_CASE("phones are tests of unittest") {
  require_green_and_red({{"python3", "-m", "unittest", "test_phones"}, "test_phones.py"});
}

TEST_CASE("phones are tests of pytest") {
  require_green_and_red({{"pytest-3", "-q", "test_phones.py"}, "test_phones.py"});
}

TEST_CASE("phones are tests of PHPUnit") {
  require_green_and_red({{"phpunit", "PhonesTest.php"}, "PhonesTest.php"});
}

TEST_CASE("phones are tests of Node's own framework") {
  require_green_and_red({{"node", "--test", "phones.test.js"}, "phones.test.js"});
}

// Debian's has some three hundred packages behind it: who has it runs it.
TEST_CASE("phones are tests of Jest") {
  require_green_and_red({{"jest", "phones.test.js"}, "phones.test.js"});
}

}  // namespace
}  // namespace provphone::e2e::frameworks_test
