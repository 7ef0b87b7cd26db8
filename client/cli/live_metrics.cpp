#include "client/cli/live_metrics.hpp"

#include "client/fleet/metrics_port.hpp"
#include "client/input/duration.hpp"
#include "client/listen/place.hpp"
#include "client/run/signals.hpp"
#include "macro/try.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

namespace provphone::client::cli {

// On a thread of its own, so that nobody waits for a scraper and no scraper for a fleet.
struct LiveMetrics::Port {
  boost::asio::io_context loop;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      loop.get_executor()};
  std::optional<fleet::MetricsPort> port;
  std::string address;
  std::mutex mutex;
  std::string text;  // under the mutex
  std::thread thread;

  std::string served() {
    const std::lock_guard lock(mutex);
    return text;
  }
  ~Port() {
    boost::asio::post(loop, [this] { port.reset(); });
    work.reset();
    if (thread.joinable()) thread.join();
  }
};

namespace {

// A name of Prometheus for labels: those that begin with `__` are its own.
bool is_label_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && !name.starts_with("__") && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

Result<report::MetricLabels> labels_of(const MetricsFlags& flags, const figures::Shard& shard) {
  // What samples have of their own.
  constexpr std::array taken{"scenario", "version", "stage", "code", "outcome", "why",
                             "span",     "ending",  "group", "le",   "shard"};
  report::MetricLabels labels;
  for (const auto& text : flags.labels) {
    const auto equals = std::min(text.find('='), text.size());
    auto name = text.substr(0, equals);
    if (equals == text.size() || !is_label_name(name))
      return fail(
          Errc::bad_argument,
          fmt::format("--metrics-label: '{}' is not NAME=VALUE, such as run=nightly", text));
    const bool is_given = std::any_of(labels.begin(), labels.end(),
                                      [&](const auto& label) { return label.first == name; });
    if (is_given || std::find(taken.begin(), taken.end(), name) != taken.end())
      return fail(Errc::bad_argument,
                  fmt::format("--metrics-label: there is a label {} already", name));
    labels.emplace_back(std::move(name), text.substr(equals + 1));
  }
  if (shard.of > 1) labels.emplace_back("shard", fmt::format("{}/{}", shard.number, shard.of));
  return labels;
}

}  // namespace

std::vector<Option> metrics_options(MetricsFlags& flags) {
  return {
      {"--metrics", flags.place, "[ADDRESS:]PORT",
       "serve Prometheus text there (127.0.0.1); 0 is a free port"},
      {"--metrics-label", flags.labels, "NAME=VALUE",
       "a label of every metric, such as run=nightly; repeatable"},
      {"--metrics-linger", flags.linger, "DURATION",
       "keep the port open so long behind the run, for the last scrape (0s)"},
      output({"--metrics-file", flags.file, "FILE",
              "write the last figures here, OpenMetrics; - likewise"}),
  };
}

LiveMetrics::LiveMetrics() = default;
LiveMetrics::LiveMetrics(LiveMetrics&&) noexcept = default;
LiveMetrics::~LiveMetrics() = default;

Result<LiveMetrics> LiveMetrics::open(const MetricsFlags& flags, const figures::Shard& shard) {
  LiveMetrics metrics;
  TRY(metrics.labels_, labels_of(flags, shard));
  TRY(metrics.file_, report::OutputFile::open_if_named(flags.file));
  if (!flags.linger.empty()) {
    const auto linger = input::parse_duration(flags.linger);
    if (!linger) return fail(Errc::bad_argument, "--metrics-linger: " + linger.error().detail);
    metrics.linger_ = *linger;
  }
  if (flags.place.empty()) return metrics;
  TRY(const auto place, listen::parse_place(flags.place, "--metrics"));
  auto port = std::make_unique<Port>();
  auto opened = fleet::MetricsPort::open(port->loop, place.address, place.port,
                                         [served = port.get()] { return served->served(); });
  if (!opened) return fail(opened.error().code, "--metrics: " + opened.error().detail);
  port->port.emplace(*std::move(opened));
  port->address = place.address;
  port->thread = std::thread([loop = &port->loop] { loop->run(); });
  metrics.port_ = std::move(port);
  metrics.show({});
  return metrics;
}

std::string LiveMetrics::url() const {
  if (!port_) return {};
  const bool is_v6 = port_->address.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}/metrics", is_v6 ? "[" : "", port_->address, is_v6 ? "]" : "",
                     port_->port->port());
}

void LiveMetrics::show(const report::LiveView& view) {
  if (!port_ && !file_) return;
  view_ = view;
  if (!port_) return;
  auto text = report::format_prometheus(view_, labels_);
  const std::lock_guard lock(port_->mutex);
  port_->text = std::move(text);
}

Result<void> LiveMetrics::finish() {
  if (!file_) return {};
  auto text = report::format_openmetrics(view_, labels_);
  // The file has a line end of its own.
  text.pop_back();
  return report::write_whole(file_, text);
}

void LiveMetrics::linger() const {
  if (!port_) return;
  const run::SignalNote note;
  const auto end = std::chrono::steady_clock::now() + linger_;
  constexpr std::chrono::milliseconds look{50};
  while (!run::SignalNote::noted() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(look);
}

}  // namespace provphone::client::cli
