#include "client/fleet/resources.hpp"

#include "client/scenario/phones.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sys/resource.h>
#include <thread>

namespace provphone::client::fleet {
namespace {

constexpr std::uint64_t files_besides = 64;  // outputs, event loops, libraries
// It is also the default of fs.nr_open, beyond which setrlimit() fails whatever the hard limit.
constexpr std::uint64_t most_files = 1'048'576;  // more than ports and phones ask for
constexpr std::uint64_t few_in_flight = 4'000;   // a peak that a fleet may well reach
constexpr std::string_view mend_files = "ulimit -n 65536";
constexpr std::string_view mend_ports =
    "sysctl -w net.ipv4.ip_local_port_range='1024 65535', or give each phone an address of its "
    "own: "
    "source: 127.1.0.0/16";

template <class... Values>
bool read_numbers(const char* file, Values&... values) {
  std::ifstream in(file);
  return static_cast<bool>((in >> ... >> values));
}

std::int64_t processor_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

std::uint64_t open_files() {
  const std::unique_ptr<DIR, int (*)(DIR*)> all(opendir("/proc/self/fd"), closedir);
  if (!all) return 0;
  // The directory itself, and the two entries that every one has, do not count.
  constexpr std::uint64_t besides = 3;
  std::uint64_t entries = 0;
  while (readdir(all.get()) != nullptr) ++entries;
  return entries - std::min(entries, besides);
}

std::uint64_t count(const figures::FleetFigures& figures, Errc code) {
  return figures.request_errors[code];
}

std::uint32_t largest_in_flight(const figures::FleetFigures& figures) {
  std::uint32_t largest = 0;
  for (const auto& interval : figures.series.intervals())
    largest = std::max(largest, interval.in_flight);
  return largest;
}

std::string milliseconds(std::int64_t us) {
  return fmt::format("{:.1f} ms", static_cast<double>(us) / 1e3);
}

// What held retrievals up that started too late.
figures::VoidReason reason_of_lag(const figures::FleetFigures& figures,
                                  const ValidityInputs& honesty) {
  const auto& used = honesty.resources;
  const auto lag = fmt::format(
      "one retrieval in a thousand started {} or more after it was due, and {} is the limit",
      milliseconds(figures.lag_us.quantile(0.999)), milliseconds(honesty.lag_limit_us));
  // The surest sign first: retrievals that wait for a place have lag, however idle the machine is.
  if (largest_in_flight(figures) >= honesty.most_in_flight) {
    return {"open files",
            fmt::format("{}; {} retrievals were on their way at once, which is all that {} open "
                        "files leave room for",
                        lag, honesty.most_in_flight, used.open_files_limit),
            std::string(mend_files)};
  }
  // Above, this program alone keeps the machine busy; below, something else has to.
  if (used.processors_used > 0.7 * used.processors) {
    return {"processor",
            fmt::format("{}; {:.1f} of {} processors were busy with this program alone", lag,
                        used.processors_used, used.processors),
            "fewer phones or a slower start (limits.starts_per_second), more processors, or more "
            "machines (--shard)"};
  }
  return {
      "processor time",
      fmt::format("{}; this program used {:.1f} of {} processors, and an event loop stood still "
                  "for up to {}",
                  lag, used.processors_used, used.processors, milliseconds(used.longest_stall_us)),
      "something else keeps this machine busy: run the server elsewhere, or slow the start down "
      "(limits.starts_per_second)"};
}

// Of the group's phones, those that ask from the machine's own address.
std::uint64_t phones_without_address(const scenario::Scenario& scenario,
                                     const scenario::PhoneGroup& group) {
  const bool by_rows = group.listed && group.listed->inventory->has(scenario::KnownColumn::source);
  if (!by_rows) return group.source ? 0 : group.count;
  std::uint64_t without = 0;
  for (auto phone = group.first; phone < group.first + group.count; ++phone)
    if (!scenario::source_address_of(scenario, phone)) ++without;
  return without;
}

}  // namespace

MachineLimits machine_limits() {
  MachineLimits limits;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  // The soft limit is low for the sake of programs that use select().
  const auto wanted = std::min<rlim_t>(files.rlim_max, most_files);
  if (files.rlim_cur < wanted) {
    const rlimit raised{wanted, files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files.rlim_cur = wanted;
  }
  limits.open_files = files.rlim_cur;
  // Where nobody says it is taken to be as the kernel has it by itself.
  if (!read_numbers("/proc/sys/net/ipv4/ip_local_port_range", limits.first_port,
                    limits.last_port)) {
    limits.first_port = 32'768;
    limits.last_port = 60'999;
  }
  int reuse = 0;
  limits.reuses_ports_at_once =
      read_numbers("/proc/sys/net/ipv4/tcp_tw_reuse", reuse) && reuse != 0;
  limits.processors = std::max(1U, std::thread::hardware_concurrency());
  return limits;
}

std::size_t most_in_flight(const MachineLimits& limits, std::size_t others) {
  const auto left = limits.open_files - std::min<std::uint64_t>(limits.open_files, others);
  return left > 2 * files_besides ? left - files_besides : std::max<std::size_t>(1, left / 2);
}

std::vector<std::string> shortages(const scenario::Scenario& scenario,
                                   const MachineLimits& limits) {
  std::vector<std::string> found;
  const auto phones = scenario::phone_count(scenario);
  const auto at_once = most_in_flight(limits);
  if (at_once < std::min<std::uint64_t>(phones, few_in_flight)) {
    found.push_back(fmt::format(
        "this process may open {} files, so at most {} of {} phones fetch at once; before the next "
        "start: {}",
        limits.open_files, at_once, phones, mend_files));
  }
  std::uint64_t sharing = 0;
  for (const auto& group : scenario.phones) sharing += phones_without_address(scenario, group);
  // A local port in TIME-WAIT is taken for 60 s (Linux); on loopback the kernel may use it again
  // after a second, where tcp_tw_reuse says so.
  const std::uint64_t ports = limits.last_port - limits.first_port + 1;
  const bool is_local = scenario.limits.targets.empty();
  if (sharing > ports && !(is_local && limits.reuses_ports_at_once)) {
    found.push_back(fmt::format(
        "{} phones share one address with {} ports, each of which a connection keeps for a minute "
        "after its end: more than {} retrievals a second to one server will fail; {}",
        sharing, ports, ports / 60, mend_ports));
  }
  return found;
}

Meter::Meter(const MachineLimits& limits)
    : limits_(limits),
      started_(std::chrono::steady_clock::now()),
      processor_us_at_start_(processor_us()) {
  used_.processors = limits.processors;
  used_.open_files_limit = limits.open_files;
  used_.ports_first = limits.first_port;
  used_.ports_last = limits.last_port;
}

void Meter::look() {
  const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started_);
  used_.processors_used = static_cast<double>(processor_us() - processor_us_at_start_) /
                          static_cast<double>(std::max<std::int64_t>(passed.count(), 1));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  // Linux counts in KiB.
  used_.memory_peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  used_.open_files_peak = std::max(used_.open_files_peak, open_files());
}

figures::Resources Meter::resources() const {
  return used_;
}

std::vector<figures::VoidReason> void_reasons(const figures::FleetFigures& figures,
                                              const ValidityInputs& honesty) {
  std::vector<figures::VoidReason> reasons;
  const auto& used = honesty.resources;
  if (const auto failed = count(figures, Errc::no_local_port)) {
    reasons.push_back({"local ports",
                       fmt::format("{} retrievals found no free port among {} to {}", failed,
                                   used.ports_first, used.ports_last),
                       std::string(mend_ports)});
  }
  if (const auto failed = count(figures, Errc::no_socket)) {
    reasons.push_back({"open files or memory",
                       fmt::format("{} retrievals got no socket; the limit is {} open files",
                                   failed, used.open_files_limit),
                       std::string(mend_files)});
  }
  if (figures.lag_us.quantile(0.999) > honesty.lag_limit_us)
    reasons.push_back(reason_of_lag(figures, honesty));
  return reasons;
}

}  // namespace provphone::client::fleet
