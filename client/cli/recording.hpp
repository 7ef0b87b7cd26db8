#pragma once

#include "client/capsule/course_hash.hpp"
#include "client/capsule/file.hpp"
#include "client/cli/options.hpp"
#include "client/drive/phone.hpp"
#include "client/figures/verdicts.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// --record: a run that is kept as a capsule, the same wherever phones run in real time.
namespace provphone::client::cli {

struct RecordFlags {
  std::string file;
  bool keep_secrets = false;
  std::string compare_with;
};

// `flags` must outlive the command.
std::vector<Option> record_options(RecordFlags& flags);

// A scenario that is being recorded, with the files that it names. Fails with unreadable_file.
Result<capsule::Source> source_of(const scenario::Scenario& scenario, std::string yaml,
                                  std::string name, std::vector<std::string> with,
                                  scenario::LeasedPhones leased);

// A phone that flags describe, as the scenario that says the same of it.
capsule::Source source_of(const drive::DrivenPhone& phone, const std::vector<std::string>& knobs);

// What a run came to, for the manifest.
struct Recorded {
  std::string command;
  std::uint32_t phones = 0;
  std::uint64_t seed = 0;
  resync::Time end{};
  figures::Verdict verdict{};
  std::string trace_hash;  // empty where several threads wrote the trace
  resync::WallClock wall;
};

class Recording {
 public:
  // Nothing where no file is asked for. Fails with unreadable_file where it cannot be written.
  static Result<std::optional<Recording>> open(const RecordFlags& flags);

  // For a driver, each has one for itself; lasts as long as the driver.
  std::shared_ptr<drive::Witness> recorder();
  // Every event of all of them, and its line in a trace. One at a time.
  void add(const trace::TraceEvent& event, std::string_view line) {
    course_.add(event);
    file_.add_trace_line(line);
  }
  // Once, behind the run. Fails with unreadable_file.
  Result<void> finish(const Recorded& run, const capsule::Source& source);

 private:
  Recording(capsule::CapsuleFile file, std::string salt, capsule::SecretsAre secrets)
      : file_(std::move(file)), salt_(std::move(salt)), secrets_(secrets) {}

  capsule::CapsuleFile file_;
  std::string salt_;
  std::vector<std::shared_ptr<capsule::Recorder>> recorders_;
  capsule::CourseHash course_;
  capsule::SecretsAre secrets_;
};

}  // namespace provphone::client::cli
