#include "test/bench/bench.hpp"

#include "client/drive/phone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sys/resource.h>
#include <vector>

namespace provphone::bench {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double timed(const std::function<void()>& run) {
  const double before = cpu_seconds();
  run();
  return cpu_seconds() - before;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void compare(const Comparison& comparison) {
  comparison.ours.run();  // warm both up
  comparison.theirs.run();
  std::vector<double> ours, theirs, ratios;
  for (int round = 0; round < comparison.rounds; ++round) {
    ours.push_back(timed(comparison.ours.run));
    theirs.push_back(timed(comparison.theirs.run));
    ratios.push_back(ours.back() / theirs.back());
  }
  const double to_us = 1e6 / comparison.units;
  fmt::print("{}\n", comparison.title);
  fmt::print("  {:<52} {:>9.2f} us of CPU a {}\n", comparison.ours.name, median(ours) * to_us,
             comparison.unit);
  fmt::print("  {:<52} {:>9.2f} us of CPU a {}\n", comparison.theirs.name, median(theirs) * to_us,
             comparison.unit);
  const double ratio = median(ratios);
  fmt::print("  ratio {:.2f} ({:.2f} to {:.2f} over {} rounds), budget {:.2f}: {}\n\n", ratio,
             *std::min_element(ratios.begin(), ratios.end()),
             *std::max_element(ratios.begin(), ratios.end()), comparison.rounds, comparison.budget,
             ratio <= comparison.budget ? "kept" : "missed");
}

void measure(const std::string& title, const std::string& unit, int units, double floor_per_second,
             const std::function<void()>& run) {
  run();
  std::vector<double> times;
  for (int round = 0; round < 9; ++round) times.push_back(timed(run));
  const double per_second = units / median(times);
  fmt::print("{}\n  {:.2f} us of CPU a {}, {:.0f} a second a core; floor {:.0f}: {}\n\n", title,
             median(times) * 1e6 / units, unit, per_second, floor_per_second,
             per_second >= floor_per_second ? "kept" : "missed");
}

}  // namespace provphone::bench

int main() {
  using namespace provphone;
  bench::bench_rules();
  bench::bench_decode();
  bench::bench_fetch();
  bench::bench_judge();
  bench::bench_forecast();
  bench::bench_logs();
  fmt::print(
      "What a phone remembers: the machine {} octets; a phone of a real-time run {} and its own "
      "parameters\n",
      sizeof(resync::Phone), sizeof(client::drive::DrivenPhone));
}
