#include "test/e2e/page_session.hpp"

#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

namespace provphone::e2e {
namespace {

namespace fs = std::filesystem;

const fs::path project = PROVPHONE_SOURCE_DIR;

// The numbers that pages have are taken by whoever else is on this machine.
class OtherPorts {
 public:
  std::string in(std::string text) {
    for (const auto* port : {"8080", "8081", "8088", "8443", "6969", "9100", "5060", "5062"}) {
      auto& other = ports_[port];
      if (other.empty()) other = std::to_string(free_tcp_port());
      text = std::regex_replace(text, std::regex("\\b" + std::string(port) + "\\b"), other);
    }
    return text;
  }

  // For sed, and for people who look at what is said.
  std::string as_sed() {
    in("");
    std::string script;
    for (const auto& [port, other] : ports_) script += "s/\\b" + port + "\\b/" + other + "/g;";
    return script;
  }

 private:
  std::map<std::string, std::string> ports_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What a line becomes that is typed, and what is to come of it.
struct Step {
  std::string place;  // page:line
  std::string text;
  int status = 0;
  bool stays = false;
  std::vector<std::string> says{};
};

// Each line of directions is for one command: the first that holds its part and is still free.
std::vector<const Directions*> directions_for(const Page& page, const Sheet& sheet) {
  std::vector<const Directions*> found(page.commands.size(), nullptr);
  for (const auto& each : sheet.directions) {
    INFO("fixtures/pages/commands.txt:" << each.line << ": no command of " << page.name
                                        << " holds, or is free for: " << each.part);
    bool is_used = false;
    for (std::size_t i = 0; i < found.size() && !is_used; ++i) {
      is_used = found[i] == nullptr && each.is_of(page.commands[i]);
      if (is_used) found[i] = &each;
    }
    CHECK(is_used);
  }
  return found;
}

Step step_of(const TypedCommand& command, const Page& page, const Sheet& sheet,
             const Directions* directions) {
  Step step{page.name + ":" + std::to_string(command.line), command.text};
  for (const auto& [from, to] : sheet.instead) step.text = replaced(step.text, from, to);
  if (directions == nullptr) return step;
  for (const auto& [from, to] : directions->instead) {
    INFO(step.place << ": " << from);
    CHECK(contains(step.text, from));
    step.text = replaced(step.text, from, to);
  }
  step.status = directions->status;
  step.stays = directions->stays;
  step.says = directions->says;
  return step;
}

std::vector<Step> steps_of(const Page& page, const Sheet& sheet) {
  std::vector<Step> steps;
  for (const auto& each : sheet.first) steps.push_back({page.name + ": first", each});
  const auto all = directions_for(page, sheet);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto* directions = all[i];
    if (directions != nullptr && !directions->not_run.empty()) {
      INFO(page.name << ":" << page.commands[i].line);
      CHECK_FALSE(page.commands[i].text.starts_with("provphone "));  // those can be run, or refused
      continue;
    }
    steps.push_back(step_of(page.commands[i], page, sheet, directions));
    if (directions == nullptr) continue;
    for (const auto& each : directions->then)
      steps.push_back({steps.back().place + ", then", each});
  }
  return steps;
}

// One shell types all of a page. What goes to the background is waited for until it says where it
// answers; what stays is asked to end behind the last command, as Ctrl-C does.
const std::string shell = R"sh(
typed() { # NUMBER
  eval "$(cat ../steps/$1.sh)" > ../steps/$1.out 2> ../steps/$1.err < /dev/null
  echo $? > ../steps/$1.status
}
answers() { # NUMBER PID
  for _ in $(seq 800); do
    if grep -qE '(https?|tftp)://|sip:' ../steps/$1.out ../steps/$1.err; then return; fi
    kill -0 $2 2> /dev/null || return
    sleep 0.05
  done
}
ended() { # NUMBER PID
  kill -INT $2 2> /dev/null
  wait $2
  echo $? > ../steps/$1.status
}
)sh";

class Session {
 public:
  Session(const Page& page, const Sheet& sheet) : steps_(steps_of(page, sheet)) {
    const auto home = workspace_.make_folder("home");
    const auto bin = workspace_.path("bin");
    fs::create_directories(bin);
    fs::create_symlink(PROVPHONE_BINARY, bin / "provphone");
    for (const auto& [number, file] : sheet.written) {
      INFO(page.name << ": block " << number << " of YAML");
      REQUIRE(number <= page.yaml.size());
      workspace_.write(home.filename() / file, ports_.in(page.yaml[number - 1]));
    }
    script_ = "export HOME=$PWD LC_ALL=C.UTF-8 TZ=UTC PATH=" + bin.string() +
              ":$PATH PROJECT=" + project.string() + "\n" + shell + fixtures();
    Process process(home, "../shell", {"bash", "-c", script_ + lines()});
    const auto status = process.wait(patience);
    INFO(process.err());
    CHECK(status == 0);
  }

  void check() const {
    for (std::size_t i = 0; i < steps_.size(); ++i) check(i);
  }

 private:
  std::string file_of(std::size_t step, const std::string& ending) const {
    return workspace_.path("steps/" + std::to_string(step) + ending).string();
  }

  // Those that pages name.
  std::string fixtures() {
    const auto is_needed = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) {
      return contains(step.text, "fixtures/");
    });
    if (!is_needed) return {};
    return "mkdir fixtures && for f in $PROJECT/fixtures/*; do case $f in "
           "*/issues | */fuzz | */transcripts) ;; *) cp -r $f fixtures ;; esac; done\n"
           "chmod -R u+w fixtures && grep -rlE ':(80|84|69)[0-9]{2}|https 8443' fixtures | xargs "
           "sed -i '" +
           ports_.as_sed() + "'\n";
  }

  std::string lines() {
    std::string script, endings;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const auto number = std::to_string(i);
      auto text = ports_.in(steps_[i].text);
      const bool is_behind = text.ends_with(" &");
      if (steps_[i].stays) text += " &";
      workspace_.write("steps/" + number + ".sh", text + "\n");
      script += "typed " + number + "\n";
      if (is_behind || steps_[i].stays)
        script += "pid" + number + "=$!; answers " + number + " $!\n";
      if (steps_[i].stays) endings += "ended " + number + " $pid" + number + "\n";
      if (text.starts_with("kill %1")) script += "wait %1; jobs > /dev/null\n";
    }
    return script + endings + "kill $(jobs -p) 2> /dev/null; exit 0\n";
  }

  void check(std::size_t number) const {
    const auto& step = steps_[number];
    const auto said = read_file(file_of(number, ".out")) + read_file(file_of(number, ".err"));
    const auto status = read_file(file_of(number, ".status"));
    INFO(step.place << ": " << step.text << "\nended with status " << status << "and said:\n"
                    << said.substr(0, 3000));
    CHECK(status == std::to_string(step.status) + "\n");
    for (const auto& each : step.says) {
      INFO("it should say: " << each);
      CHECK(contains(said, each));
    }
  }

  Workspace workspace_;
  OtherPorts ports_;
  std::vector<Step> steps_;
  std::string script_;
};

}  // namespace

void type_all_of(const Page& page, const Sheet& sheet) {
  for (const auto* program : {"bash", "curl", "gzip", "openssl", "python3"})
    require_installed(program);
  Session(page, sheet).check();
}

}  // namespace provphone::e2e
