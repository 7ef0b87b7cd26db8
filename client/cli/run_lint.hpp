#pragma once

#include "client/drive/witness.hpp"
#include "client/report/lint.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

// `run --lint`: every profile that comes to a phone is judged as that phone finds it.
namespace provphone::client::cli {

// Judges a file once for each place that it came from: phones that share one would only repeat what
// was found. Of a run with more than `most_files` the rest is not looked at.
class ProfileLint : public drive::Witness {
 public:
  static constexpr std::size_t most_files = 200;

  void began_running(resync::Time at, std::uint32_t phone) override;
  void asked(resync::Time at, std::uint32_t phone, const resync::Fetch& fetch) override;
  void taken(resync::Time at, std::uint32_t phone, const drive::Stimulus& what,
             const drive::Handset& phone_before) override;
  void message_sent(resync::Time at, std::uint32_t phone, drive::FateKnown when,
                    const Result<void>& sent) override;
  void told(const trace::TraceEvent& event) override;

  // In the order in which they came.
  const std::vector<report::LintedFile>& files() const { return files_; }

 private:
  std::vector<report::LintedFile> files_;
  std::set<std::pair<std::string, std::size_t>> seen_;  // place, and hash of the octets
};

// `result`, a run's JSON, with a member `lint` that says of these files what lint --json says.
std::string with_lint(const std::string& result, const std::vector<report::LintedFile>& files);

}  // namespace provphone::client::cli
