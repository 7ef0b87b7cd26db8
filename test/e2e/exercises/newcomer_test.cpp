#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

#include <map>

// The pages that newcomers type from, typed as they stand there.
namespace provphone::e2e::newcomer_test {
namespace {

// The lines of the code blocks of a page that have a prompt, continued ones as one.
std::vector<std::string> typed_lines(const std::string& page) {
  std::vector<std::string> typed;
  bool is_continued = false;
  for (auto line : lines_of(read_file(std::filesystem::path(PROVPHONE_SOURCE_DIR) / page))) {
    if (!line.starts_with("$ ") && !is_continued) continue;
    if (!is_continued) typed.emplace_back();
    typed.back() += is_continued ? line : line.substr(2);
    is_continued = line.ends_with('\\');
    if (is_continued) typed.back().pop_back();
  }
  return typed;
}

// A shell in a folder of its own, in which `provphone` is the program. Ports that stand in a page
// are others here.
class Shell {
 public:
  explicit Shell(const std::string& page) : lines_(typed_lines(page)) {
    const auto bin = workspace_.path("bin");
    std::filesystem::create_directories(bin);
    std::filesystem::create_symlink(PROVPHONE_BINARY, bin / "provphone");
    script_ =
        "set -e\nPATH=" + bin.string() + ":$PATH\ncd " + workspace_.make_folder("home").string() +
        "\n" +
        // A person is slower than a server.
        "ready() { for _ in $(seq 1000); do (: </dev/tcp/127.0.0.1/$1) 2>/dev/null && return; "
        "sleep 0.05; done; }\n";
  }

  // Types the line that holds that text, with another port.
  void type(const std::string& text) {
    for (const auto& line : lines_) {
      if (line.find(text) == std::string::npos) continue;
      script_ += with_free_ports(line) + "\n";
      return;
    }
    FAIL("the page has no line with " << text);
  }
  void type_in_background(const std::string& text) {
    type(text);
    if (script_[script_.size() - 2] != '&') script_.insert(script_.size() - 1, " &");
  }
  void wait_for(const std::string& port) { script_ += "ready " + with_free_ports(port) + "\n"; }
  void add(const std::string& line) { script_ += with_free_ports(line) + "\n"; }

  std::size_t lines() const { return lines_.size(); }

  // Runs it all; what was started ends with it.
  std::string run() { return workspace_.run({"bash", "-c", script_ + "kill $(jobs -p)\n"}); }

 private:
  std::string with_free_ports(std::string line) {
    for (const auto* port : {"8443", "8080", "8088"}) {
      auto& other = ports_[port];
      if (other.empty()) other = std::to_string(free_tcp_port());
      for (auto at = line.find(port); at != std::string::npos;
           at = line.find(port, at + other.size()))
        line.replace(at, 4, other);
    }
    return line;
  }

  Workspace workspace_;
  std::vector<std::string> lines_;
  std::map<std::string, std::string> ports_;
  std::string script_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("what the first page has people type provisions a phone") {
  Shell shell("README.md");
  CHECK(shell.lines() == 5);
  for (const auto* line : {"mkdir", "echo", "provphone pki"}) shell.type(line);
  shell.type("provphone serve");
  shell.wait_for("8443");
  shell.type("provphone run");
  const auto said = shell.run();
  CHECK(has(said, "changed GPP_A"));
  CHECK(has(said, "pass succeeded"));
}

TEST_CASE("what the page about visits has people type makes a phone resync") {
  Shell shell("docs/how-to/visit.md");
  CHECK(shell.lines() == 8);  // the last two are about SIP
  for (const auto* line : {"mkdir", "files/first.xml", "files/basic.xml"}) shell.type(line);
  shell.type("provphone serve");
  shell.wait_for("8080");
  shell.type_in_background("provphone run");
  shell.wait_for("8088");
  shell.type("/admin/resync?");
  shell.add(
      "for _ in $(seq 1000); do curl -s http://127.0.0.1:8088/admin/cfg.xml | grep '<GPP_A>' && "
      "break; sleep 0.05; done");
  const auto said = shell.run();
  CHECK(has(said, "explicit pass succeeded"));
  CHECK(has(said, "<GPP_A>12345678</GPP_A>"));
}

// A server that fails at the third rule, of phones without a site alone, and behind a redirect.
TEST_CASE("what the page about field bugs has people type makes a bug small") {
  Shell shell("docs/how-to/field-bug.md");
  // Whatever a command says of the run, the next one is typed.
  shell.add("set +e; cp -r " PROVPHONE_SOURCE_DIR
            "/fixtures . && sed -i 's/80[8]0/8080/' fixtures/field-bug/lab.yaml");
  shell.type_in_background("provphone serve fixtures/field-bug");
  shell.wait_for("8080");
  shell.type("--record bug.capsule");
  shell.type("provphone replay bug.capsule");
  shell.type("--set GPP_B=paris");
  shell.type("--shrink");
  shell.type("provphone explain small.yaml");
  shell.add("provphone forecast small.yaml --quiet; echo forecast says $?");
  shell.type("--compare-with bug.capsule");
  shell.add(
      "cat small.yaml; grep -c group: small.yaml; echo rules $(grep -c 'Profile_Rule' small.yaml)");
  const auto said = shell.run();
  INFO(said);
  CHECK(has(said, "the same again: "));
  CHECK(has(said, "the first difference: phone 000e08000011"));
  CHECK(has(said, "$B became nothing"));
  CHECK(has(said, "internal_server_error"));
  CHECK(has(said, "forecast says 1"));
  CHECK(has(said, "redirect: \"/help.xml\""));
  CHECK((has(said, "rules 1") || has(said, "rules 2")));
  CHECK(has(said, "all 20 phones end up with the same"));
}

}  // namespace
}  // namespace provphone::e2e::newcomer_test
