#pragma once

#include "client/capsule/file.hpp"
#include "client/cli/options.hpp"
#include "client/drive/phone.hpp"
#include "client/figures/verdicts.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// --record: a run that is kept as a capsule, the same wherever phones run in real time.
namespace provphone::client::cli {

struct RecordFlags {
  std::string file;
  bool keep_secrets = false;
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
  std::string trace_hash;
  resync::WallClock wall;
};

class Recording {
 public:
  // Nothing where no file is asked for. Fails with unreadable_file where it cannot be written.
  static Result<std::optional<Recording>> open(const RecordFlags& flags);

  // For the driver; lasts as long as the recording.
  const std::shared_ptr<capsule::Recorder>& recorder() const { return recorder_; }
  void add(const trace::TraceEvent& event) { file_.add_trace_line(format_json(event)); }
  // Once, behind the run. Fails with unreadable_file.
  Result<void> finish(const Recorded& run, const capsule::Source& source);

 private:
  Recording(capsule::CapsuleFile file, std::shared_ptr<capsule::Recorder> recorder,
            capsule::SecretsAre secrets)
      : file_(std::move(file)), recorder_(std::move(recorder)), secrets_(secrets) {}

  capsule::CapsuleFile file_;
  std::shared_ptr<capsule::Recorder> recorder_;
  capsule::SecretsAre secrets_;
};

}  // namespace provphone::client::cli
