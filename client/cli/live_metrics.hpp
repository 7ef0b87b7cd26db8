#pragma once

#include "client/cli/options.hpp"
#include "client/figures/shard.hpp"
#include "client/report/output.hpp"
#include "client/report/prometheus.hpp"
#include "macro/error.hpp"
#include "resync/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

// A fleet's figures for Prometheus: while it runs, a while behind it, and as a file in the end.
namespace provphone::client::cli {

struct MetricsFlags {
  std::string place, linger, file;
  std::vector<std::string> labels;
};

// `flags` must outlive the command.
std::vector<Option> metrics_options(MetricsFlags& flags);

class LiveMetrics {
 public:
  // Opens the port and the file that the flags name, if any; a shard is a label of its own. Fails
  // with bad_argument or unreadable_file.
  static Result<LiveMetrics> open(const MetricsFlags& flags, const figures::Shard& shard);
  LiveMetrics(LiveMetrics&&) noexcept;
  LiveMetrics& operator=(LiveMetrics&&) = delete;
  ~LiveMetrics();

  // `http://127.0.0.1:9100/metrics`; empty: there is none.
  std::string url() const;

  // What is served from now on. Of one thread.
  void show(const report::LiveView& view);

  // Writes the file of the view that was shown last. Once. Fails with unreadable_file.
  Result<void> finish();

  // Blocks while the port is kept open for who comes late: as long as --metrics-linger says, or
  // until the first signal.
  void linger() const;

 private:
  struct Port;

  LiveMetrics();

  report::MetricLabels labels_;
  report::LiveView view_;
  std::optional<report::OutputFile> file_;
  resync::Duration linger_{};
  std::unique_ptr<Port> port_;  // null: none
};

}  // namespace provphone::client::cli
