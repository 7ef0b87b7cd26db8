#include "test/e2e/transcript.hpp"

#include "test/e2e/phone.hpp"
#include "test/e2e/recording.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <sstream>

namespace provphone::e2e {
namespace {

namespace fs = std::filesystem;

// --- what differs from run to run

struct Substitution {
  std::regex pattern;
  std::string text;
};

using Substitutions = std::vector<Substitution>;

Substitution numbers(const std::string& members) {
  return {std::regex("\"(" + members + ")\":( ?)-?[0-9][-+.e0-9]*"), "\"$1\":$2#"};
}

Substitution moments(const std::string& members) {
  return {std::regex("\"(" + members + ")\":( ?)\"[-0-9]{10}T[:0-9]{8}Z?\""), "\"$1\":$2\"#\""};
}

// By the name that a transcript asks for it with: `# differs: times`.
const std::map<std::string, Substitutions>& known_substitutions() {
  static const std::map<std::string, Substitutions> known{
      // When something happened in real time, and how long it took.
      {"times",
       {{std::regex("[0-9]+\\.[0-9]{3} s "), "#.### s "},
        {std::regex("^Date: .* GMT"), "Date: #"},
        {std::regex(" time=\"[0-9]+\\.[0-9]+\""), " time=\"#\""},
        numbers("t|due|length_ms|resolve|connect|tls|first_byte|body|decode|p50|p99|p999|max"),
        moments("clock|due_clock")}},
      // What a run is known by has the times of its timers in it.
      {"decisions", {{std::regex("\"trace_hash\": \"[0-9a-f]{16}\""), "\"trace_hash\": \"#\""}}},
      // What a fleet measured of itself and of its machine, and when.
      {"load",
       {moments("started"),
        numbers("length_ms|began_ms|late_us|largest|sum|longest_stall_us|processors_used"),
        numbers("processors|memory_peak|open_files_peak|open_files_limit|ports_first|ports_last"),
        {std::regex("\"buckets\":\\[\\[[\\[\\]0-9,]+\\]"), "\"buckets\":[#]"},
        {std::regex("^(provphone_(elapsed_seconds|processors_used|processors|memory_peak_bytes|"
                    "open_files_peak|open_files_limit|longest_stall_seconds)) .*"),
         "$1 #"}}},
      // Those of servers that are part of the command.
      {"ports",
       {{std::regex("((127\\.0\\.0\\.1|localhost):|\\b(http|https|tftp) )[0-9]{4,5}\\b"), "$1#"}}},
      // Certificates are made for the test, and are valid from then on.
      {"dates", {{std::regex("valid until [-0-9]{10}"), "valid until #"}}},
      // The commit that was built, its day, and the libraries of the machine.
      {"build",
       {{std::regex("^commit .*"), "commit #"},
        {std::regex("^libcurl .*"), "libcurl #"},
        {std::regex("^(\\.TH [^ ]+ 1) \"[-0-9]*\""), "$1 \"#\""}}},
  };
  return known;
}

// --- a transcript

struct Step {
  std::string above;     // comments and empty lines, for people
  std::string command;   // without its prompts; empty behind the last one
  std::string recorded;  // what it said, as it stands in the transcript
};

constexpr const char* prompt = "$ ";
constexpr const char* more = "> ";

std::vector<Step> steps_of(const std::string& transcript) {
  std::vector<Step> steps(1);
  for (const auto& line : lines_of(transcript)) {
    const bool is_command = line.starts_with(prompt);
    const bool is_for_people = line.empty() || line.starts_with('#');
    if ((is_command || is_for_people) && !steps.back().command.empty()) steps.emplace_back();
    auto& step = steps.back();
    if (is_for_people) {
      step.above += line + "\n";
    } else if (is_command) {
      step.command = line.substr(2);
    } else if (line.starts_with(more)) {
      step.command += "\n" + line.substr(2);
    } else {
      step.recorded += line + "\n";
    }
  }
  return steps;
}

std::string typed(const std::string& command) {
  std::string text;
  for (const auto& line : lines_of(command)) text += (text.empty() ? prompt : more) + line + "\n";
  return text;
}

std::string marked(const std::string& mark, const std::string& text) {
  std::string lines;
  for (const auto& line : lines_of(text)) lines += mark + (line.empty() ? "" : " ") + line + "\n";
  if (!text.empty() && text.back() != '\n') lines += "\\ no end of line\n";
  return lines;
}

Substitutions asked_for(const std::vector<Step>& steps) {
  Substitutions all;
  const std::string asks = "# differs: ";
  for (const auto& line : lines_of(steps.front().above)) {
    if (!line.starts_with(asks)) continue;
    std::istringstream names(line.substr(asks.size()));
    for (std::string name; names >> name;) {
      INFO("substitution " << name);
      REQUIRE(known_substitutions().contains(name));
      const auto& some = known_substitutions().at(name);
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  return all;
}

// --- the shell in which it is typed

// A folder with the project's fixtures in it. A command that ends with & stays until it is killed
// like a job of the shell; until then the ports that it announces are $http, $https, $tftp and
// $metrics, and are shown by these names.
class Session {
 public:
  Session(Workspace& workspace, Substitutions substitutions)
      : folder_(workspace.make_folder("session")), substitutions_(std::move(substitutions)) {
    fs::create_directory_symlink(PROVPHONE_SOURCE_DIR "/fixtures", folder_ / "fixtures");
  }

  // What it says, as a transcript shows it.
  std::string run(const Step& step) {
    const auto& command = step.command;
    if (command.starts_with("kill %")) return end(std::stoul(command.substr(6)), step.recorded);
    if (command.ends_with(" &")) {
      jobs_.push_back(start("exec " + command.substr(0, command.size() - 2)));
      return {};
    }
    const auto process = start(command);
    const auto status = process->wait(patience);
    INFO("did not end: " << command);
    REQUIRE(status.has_value());
    return said(*process, *status);
  }

 private:
  std::unique_ptr<Process> start(const std::string& command) {
    wait_for_ports_of(command);
    // Sentences of libraries and times of day depend on where one is.
    std::vector<std::string> argv{"env", "LC_ALL=C.UTF-8", "TZ=UTC"};
    argv.push_back("PATH=" + fs::path(PROVPHONE_BINARY).parent_path().string() + ":" +
                   std::getenv("PATH"));
    for (const auto& [name, port] : ports()) argv.push_back(name + "=" + port);
    for (const auto& word : {std::string("bash"), std::string("-c"), command}) argv.push_back(word);
    // Its outputs are beside the folder, where nobody who lists it sees them.
    const auto name = "../" + folder_.filename().string() + "-" + std::to_string(++started_);
    return std::make_unique<Process>(folder_, name, std::move(argv));
  }

  void wait_for_ports_of(const std::string& command) const {
    static const std::regex variable(R"(\$(https?|tftp|metrics)\b)");
    for (std::sregex_iterator at(command.begin(), command.end(), variable), end; at != end; ++at) {
      INFO("nobody announced the port " << at->str());
      REQUIRE(eventually(patience, [&] { return ports().contains((*at)[1]); }));
    }
  }

  // By the names of their variables.
  std::map<std::string, std::string> ports() const {
    static const std::regex announcement(
        R"((https?|tftp|metrics)(?: at http)?://[^: \n]+:(\d+)/(?:metrics)?\n)");
    std::map<std::string, std::string> found;
    for (const auto& job : jobs_) {
      if (!job) continue;
      const auto text = job->out() + job->err();
      for (std::sregex_iterator at(text.begin(), text.end(), announcement), end; at != end; ++at)
        found.emplace((*at)[1], (*at)[2]);
    }
    return found;
  }

  // What a job has to say of its last request may come a moment after the answer.
  std::string end(std::size_t number, const std::string& recorded) {
    REQUIRE(number - 1 < jobs_.size());
    auto& job = jobs_[number - 1];
    REQUIRE(job);
    eventually(Milliseconds{2000}, [&] { return said(*job, 0) == recorded; });
    job->signal(SIGINT);
    const auto status = job->wait(patience);
    REQUIRE(status.has_value());
    const auto text = said(*job, *status);
    job.reset();
    return text;
  }

  std::string said(const Process& process, int status) const {
    auto text = marked("|", settled(process.out())) + marked("!", settled(process.err()));
    if (status != 0) text += "? " + std::to_string(status) + "\n";
    return text;
  }

  // Without what differs from run to run.
  std::string settled(std::string text) const {
    for (const auto& [name, port] : ports())
      text = std::regex_replace(text, std::regex(":" + port + "\\b"), ":$$" + name);
    if (substitutions_.empty()) return text;
    std::string lines;
    for (auto line : lines_of(text)) {
      for (const auto& [pattern, replacement] : substitutions_)
        line = std::regex_replace(line, pattern, replacement);
      lines += line + "\n";
    }
    if (!text.empty() && text.back() != '\n') lines.pop_back();
    return lines;
  }

  fs::path folder_;
  Substitutions substitutions_;
  std::vector<std::unique_ptr<Process>> jobs_;  // nothing where it was killed
  int started_ = 0;
};

}  // namespace

std::size_t repeat_transcript(const fs::path& file) {
  Workspace workspace;
  const auto steps = steps_of(read_file(file));
  Session session(workspace, asked_for(steps));
  std::string text;
  std::size_t commands = 0;
  for (const auto& step : steps) {
    text += step.above;
    if (step.command.empty()) continue;
    ++commands;
    text += typed(step.command);
    text += session.run(step);
  }
  check_as_recorded(workspace, file, text);
  return commands;
}

}  // namespace provphone::e2e
