#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>

// docs/how-to/ci.md as a new user goes through it: the steps of its GitHub workflow against a
// server that is well, and against servers that are broken in one way each.
namespace provphone::e2e::ci_howto_test {
namespace {

namespace fs = std::filesystem;

const std::string source_dir = PROVPHONE_SOURCE_DIR;
const std::string files = source_dir + "/fixtures/ci/";

// A text of one of the project's files, and what stands there instead.
struct Change {
  std::string file, from, to;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// YAML as JSON, all scalars as texts, so that `on` is no truth value.
Json read_yaml(Workspace& workspace, const std::string& file) {
  return Json::parse(workspace.run(
      {"python3", "-c",
       "import json,sys,yaml; print(json.dumps(yaml.load(open(sys.argv[1]), yaml.BaseLoader)))",
       file}));
}

// What a job left behind.
struct Job {
  int exit_code = 0;
  std::string failed_step;  // the first one's name and a line end
  std::string out, err;     // of the step that runs the phones
  std::string junit, job_page;
};

// A machine that a job runs on, with the example project checked out. Debian's packages are there
// already, and that of provphone has the program as it is under test.
class Machine {
 public:
  explicit Machine(const std::vector<Change>& changes);
  // `sha256`: what the workflow says of the package, when it says something.
  Job run_github_workflow(const std::string& sha256 = {});

 private:
  void write_program(const std::string& name, const std::string& script);

  Workspace workspace_;
  fs::path project_ = workspace_.make_folder("project");
};

// A port that others may have is no good for a server that cannot be asked which one it got; an
// address of its own is. And a busy machine takes its time.
Machine::Machine(const std::vector<Change>& changes) {
  const auto address = unused_loopback_address();
  std::vector<Change> all{
      {"phones.yaml", "//localhost:", "//" + address + ":"},
      {"phones.yaml", "p99: 10s", "p99: 1m"},
      {"server.sh", "timeout 10 ", "timeout 90 "},
      {"server.sh", "--host localhost", "--host " + address},
      {"server.sh", "provphone serve profiles", "provphone serve profiles --address " + address}};
  all.insert(all.end(), changes.begin(), changes.end());
  for (const auto* name : {"phones.yaml", "server.sh"}) {
    auto text = read_file(files + name);
    for (const auto& [file, from, to] : all) {
      if (file == name) text = replaced(std::move(text), from, to);
    }
    workspace_.write(project_.filename() / name, text);
  }
  fs::permissions(project_ / "server.sh", fs::perms{0755});
  const auto package = workspace_.write("mirror/provphone.deb", "the package");
  write_program("apt-get",
                "for each; do case $each in\n"
                "*/*.deb) cmp \"$each\" " +
                    package.string() +
                    " &&\n"
                    "  ln -s " PROVPHONE_BINARY
                    " \"${0%/*}/provphone\" || exit;;\n"
                    "esac; done");
}

void Machine::write_program(const std::string& name, const std::string& script) {
  const auto file = workspace_.write("machine/" + name, "#!/bin/sh\n" + script + "\n");
  fs::permissions(file, fs::perms{0755});
}

// The workflow's steps that run something, with those of provphone's own action in its place. What
// other actions do is done already.
std::vector<Json> steps_of(Workspace& workspace, const Json& workflow) {
  std::vector<Json> steps;
  for (const auto& step : workflow.at("jobs").at("phones").at("steps")) {
    if (step.contains("run")) steps.push_back(step);
    if (step.value("uses", "").find("/provphone@v") == std::string::npos) continue;
    const auto action = read_yaml(workspace, source_dir + "/action.yml");
    for (const auto& [input, value] : step.at("with").items())
      CHECK(action.at("inputs").contains(input));
    for (const auto& each : action.at("runs").at("steps")) steps.push_back(each);
  }
  return steps;
}

// What a runner makes of the expressions under the action's `env`.
std::string environment_of_action(Workspace& workspace, const std::string& sha256) {
  const std::map<std::string, std::string> values{
      {"${{ inputs.package }}", "file://" + workspace.path("mirror/provphone.deb").string()},
      {"${{ inputs.sha256 }}", sha256},
      {"${{ github.server_url }}/${{ github.action_repository }}", "file:///nowhere"},
      {"${{ github.action_ref }}", "v1.2.3"}};
  std::string exports;
  const auto action = read_yaml(workspace, source_dir + "/action.yml");
  for (const auto& [name, expression] : action.at("runs").at("steps").at(0).at("env").items())
    exports += "export " + name + "='" + values.at(expression.get<std::string>()) + "'\n";
  return exports;
}

// As GitHub's runner goes through steps: each in a bash of its own, on after a failure only those
// that say so. What a step leaves in the background lives until the job is over.
const std::string runner = R"sh(#!/bin/bash
status=0
step() { # NAME FILE [always]
  if [ $status != 0 ] && [ "$3" != always ]; then return; fi
  bash --noprofile --norc -eo pipefail "$2.sh" > "$2.out" 2> "$2.err"
  local code=$?
  if [ $code != 0 ] && [ $status = 0 ]; then status=$code; echo "$1"; fi
}
export GITHUB_STEP_SUMMARY=../page.md
)sh";

Job Machine::run_github_workflow(const std::string& sha256) {
  const auto workflow = read_yaml(workspace_, files + "github-workflow.yml");
  auto script = runner + "PATH=" + workspace_.path("machine").string() + ":$PATH\n" +
                environment_of_action(workspace_, sha256);
  std::string phones;  // the step that runs them
  int number = 0;
  for (const auto& step : steps_of(workspace_, workflow)) {
    const auto file = "../step-" + std::to_string(++number);
    workspace_.write(file.substr(3) + ".sh", step.at("run").get<std::string>());
    const auto name = step.at("name").get<std::string>();
    if (name == "Phones") phones = file;
    script += "step '" + name + "' " + file +
              (step.value("if", "") == "always()" ? " always" : "") + "\n";
  }
  const auto file = workspace_.write("runner.sh", script + "exit $status\n");
  Process process(project_, "runner", {"bash", file.string()});
  const auto status = process.wait(patience);
  INFO(process.err());
  REQUIRE(status.has_value());
  return {*status,
          process.out(),
          read_file(project_ / (phones + ".out")),
          read_file(project_ / (phones + ".err")),
          read_file(project_ / "phones.xml"),
          read_file(workspace_.path("page.md"))};
}

// A tenth of the phones does where what they are told is looked at.
const std::vector<Change> few{{"phones.yaml", "count: 120", "count: 12"},
                              {"phones.yaml", "count: 60", "count: 6"},
                              {"phones.yaml", "count: 18", "count: 2"}};

// One for each phone: the line `failed: ...` and what belongs to the phone.
std::vector<std::string> told_on_stderr(const std::string& err) {
  std::vector<std::string> told;
  std::string title;
  for (const auto& line : lines_of(err)) {
    if (line.rfind("failed: ", 0) == 0) title = line + "\n";
    if (line.rfind("  ", 0) != 0) continue;
    if (line.rfind("   ", 0) != 0) told.push_back(title);
    if (!told.empty()) told.back() += line + "\n";
  }
  return told;
}

// As GitHub's page shows them.
std::vector<std::string> told_in_annotations(const std::string& out) {
  std::vector<std::string> told;
  for (auto line : lines_of(out)) {
    if (line.rfind("::error file=phones.yaml,line=", 0) != 0) continue;
    for (auto at = line.find("%0A"); at != std::string::npos; at = line.find("%0A"))
      line.replace(at, 3, "\n");
    told.push_back(line.substr(line.find("title=")) + "\n");
  }
  return told;
}

std::vector<std::string> told_in_junit(const std::string& junit) {
  std::vector<std::string> told;
  const std::string open = "<testcase", close = "</testcase>";
  for (auto at = junit.find("<failure"); at != std::string::npos; at = junit.find("<failure", at)) {
    const auto begin = junit.rfind(open, at);
    at = junit.find(close, at);
    told.push_back(junit.substr(begin, at - begin));
  }
  return told;
}

bool holds_all(const std::string& text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

void require_told(const std::vector<std::string>& told, const std::vector<std::string>& words) {
  for (const auto& one : told) UNSCOPED_INFO(one);
  for (const auto& word : words) UNSCOPED_INFO("one of them should hold: " << word);
  REQUIRE(std::any_of(told.begin(), told.end(),
                      [&](const std::string& one) { return holds_all(one, words); }));
}

// Times differ from run to run, and here the server's address does.
std::string without_chance(const std::string& text) {
  static const std::regex times("[0-9]+[.][0-9]{3} s "), origin("https://[^/]+/");
  return std::regex_replace(std::regex_replace(text, times, "... s "), origin, "https://.../");
}

struct Broken {
  std::string name;
  Change server;
  std::vector<std::string> words;  // of one message: phone, expected, got and the code, if any
};

Change fault(const std::string& text) {
  return {"server.sh", "provphone serve profiles",
          "provphone serve profiles --http 0 --fault '" + text + "'"};
}

void require_red(const Broken& broken) {
  INFO("a server that " << broken.name);
  auto changes = few;
  changes.push_back(broken.server);
  const auto job = Machine(changes).run_github_workflow();
  INFO(job.err);
  REQUIRE(job.exit_code == 1);
  REQUIRE(job.failed_step == "Phones\n");
  CHECK(job.job_page.find("**failed**") != std::string::npos);
  const auto messages = told_on_stderr(job.err);
  const auto annotations = told_in_annotations(job.out);
  for (const auto& told : {messages, annotations}) {
    require_told(told, broken.words);
    for (const auto& one : told) CHECK(std::count(one.begin(), one.end(), '\n') <= 6);
  }
  require_told(told_in_junit(job.junit), broken.words);
}

}  // namespace

TEST_CASE("the workflow of the how-to is green at a server that is well, and says nothing") {
  const auto job = Machine({}).run_github_workflow();
  INFO(job.failed_step << " said: " << job.out << job.err);
  REQUIRE(job.exit_code == 0);
  CHECK(job.err.empty());
  CHECK(job.out.empty());
  CHECK(job.junit.find("tests=\"13\" failures=\"0\" errors=\"0\"") != std::string::npos);
  CHECK(job.junit.find("skipped=\"0\"") != std::string::npos);
  CHECK(job.job_page.rfind("## phones.yaml: pass\n", 0) == 0);
  CHECK(job.job_page.find("phones 200") != std::string::npos);
}

TEST_CASE("the how-to shows a failure as it is printed") {
  const auto mixed_up = fault("file=/8841-3PCC/000e08a00005.xml path=/8841-3PCC/000e08a00003.xml");
  const auto job = Machine({mixed_up}).run_github_workflow();
  std::string shown;
  for (const auto& line : lines_of(job.err)) shown += "    " + line + "\n";
  INFO(shown);
  REQUIRE(job.exit_code == 1);
  const auto page = read_file(source_dir + "/docs/how-to/ci.md");
  CHECK(without_chance(page).find("phones.jsonl\n" + without_chance(shown) + "\n") !=
        std::string::npos);
}

TEST_CASE("the workflow of the how-to is red at a server that gives phones what is not theirs") {
  require_red({"serves another phone's file",
               fault("file=/8841-3PCC/000e08a00005.xml path=/8841-3PCC/000e08a00003.xml"),
               {"000e08a00003", "expected nothing of other phones", "of 000e08a00005"}});
  require_red(
      {"leaks another phone's password in a comment",
       {"server.sh", "</flat-profile>\"\n}", "<!-- offices-secret-1001 --></flat-profile>\"\n}"},
       {"000e08a00000", "expected nothing of other phones", "the secret of 000e08a00001"}});
  require_red({"sets a wrong value",
               {"server.sh", "sip-$1.example.net", "sip-$1.example.com"},
               {"Proxy_1_", "000e08a00000", "expected sip-offices.example.net",
                "sip-offices.example.com"}});
}

TEST_CASE("the workflow of the how-to is red at a server with files that phones cannot use") {
  require_red({"has no file for a group",
               {"server.sh", "-out profiles/warehouse.cfg", "-out profiles/elsewhere.cfg"},
               {"000e08c00000", "/warehouse.cfg", "file_not_found"}});
  require_red({"answers with a web page",
               fault("page=html path=/8841-3PCC/*"),
               {"000e08a00000", "not_a_profile"}});
  require_red({"sends a broken gzip file",
               fault("gzip=corrupt path=/branch.xml"),
               {"000e08b00000", "gzip_corrupt"}});
  require_red({"encrypts with another key",
               fault("key=wrong path=/warehouse.cfg"),
               {"000e08c00000", "wrong_key"}});
}

TEST_CASE("the workflow of the how-to is red at a server that is not safe to ask") {
  require_red({"has a certificate that is out of date",
               fault("certificate=expired"),
               {"000e08a00000", "tls_certificate_dates"}});
  require_red({"redirects to plain HTTP",
               fault("redirect=http path=/8841-3PCC/000e08a00007.xml"),
               {"000e08a00007", "expected no requests", "GET http://"}});
  require_red({"asks nobody for a certificate",
               {"server.sh", "--client-certificates required", ""},
               {"000e08d00000", "expected", "tls_refused_by_server"}});
}

TEST_CASE("the files for GitHub, GitLab and Jenkins have their form and run the same lines") {
  Workspace workspace;
  const auto page = read_file(source_dir + "/docs/how-to/ci.md");
  const auto jenkins = read_file(files + "Jenkinsfile");
  const auto github = read_yaml(workspace, files + "github-workflow.yml");
  const auto gitlab = read_yaml(workspace, files + "gitlab-ci.yml").at("phones");

  CHECK(github.contains("on"));
  CHECK(github.at("jobs").at("phones").contains("runs-on"));
  std::string github_lines;
  for (const auto& step : github.at("jobs").at("phones").at("steps")) {
    CHECK(step.contains("run") != step.contains("uses"));
    github_lines += step.value("run", "") + "\n";
  }
  const auto steps = read_yaml(workspace, files + "provphone.gitlab-ci.yml").at(".provphone");
  CHECK(gitlab.at("extends") == ".provphone");
  std::string gitlab_lines;
  for (const auto& part : {steps.at("before_script"), gitlab.at("script")}) {
    for (const auto& line : part) gitlab_lines += line.get<std::string>() + "\n";
  }
  CHECK(gitlab.at("artifacts").at("reports").at("junit") == "phones.xml");
  CHECK(gitlab.at("artifacts").at("when") == "always");
  CHECK(jenkins.rfind("pipeline {", 0) == 0);
  CHECK(jenkins.find("junit 'phones.xml'") != std::string::npos);
  CHECK(std::count(jenkins.begin(), jenkins.end(), '{') ==
        std::count(jenkins.begin(), jenkins.end(), '}'));

  const auto action = read_yaml(workspace, source_dir + "/action.yml");
  github_lines += action.at("runs").at("steps").at(0).at("run").get<std::string>();
  const auto on_page = [&](const std::string& line) {
    return page.find("    $ " + line + "\n") != std::string::npos;
  };
  for (const std::string line :
       {"curl -fsSL --retry 3 -o provphone.deb \"$PROVPHONE_PACKAGE\"",
        "apt-get install -qy --no-install-recommends ./provphone.deb", "./server.sh",
        "provphone run phones.yaml --quiet --junit phones.xml --summary phones.md --trace "
        "phones.jsonl"}) {
    INFO(line);
    CHECK(on_page(line));
    for (const auto& lines : {github_lines, gitlab_lines, jenkins})
      CHECK(lines.find(line) != std::string::npos);
  }
}

TEST_CASE("a package with another SHA-256 than the workflow's is not installed") {
  Machine machine({});
  const auto job = machine.run_github_workflow(std::string(64, '0'));
  CHECK(job.exit_code != 0);
  CHECK(job.failed_step == "Install provphone\n");
}

}  // namespace provphone::e2e::ci_howto_test
