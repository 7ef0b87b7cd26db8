#include "client/fleet/fleet.hpp"

#include "client/expect/outcome.hpp"
#include "client/figures/version.hpp"
#include "client/fleet/events_begun.hpp"
#include "client/run/real_run.hpp"
#include "client/scenario/phones.hpp"
#include "macro/enum_array.hpp"
#include "macro/try.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace provphone::client::fleet {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The wrong-phone detector's finds, where nobody asked for its verdict.
figures::Evidence foreign_data(const figures::FleetFigures& figures) {
  figures::Evidence evidence;
  evidence.title = "no phone is given another phone's data";
  evidence.is_implied = true;
  evidence.criterion.kind = figures::Criterion::Kind::count;
  evidence.criterion.most = 0;
  evidence.expected = "nothing of another phone";
  evidence.without = "no profile was read";
  evidence.chances = figures.files_applied;
  evidence.counted = figures.incident_count;
  std::uint32_t number = 0;
  for (const auto& [asked, owner, datum, url] : figures.incidents) {
    if (evidence.witnesses.size() == figures::max_failures) break;
    evidence.witnesses.push_back({number++,
                                  {asked,
                                   {},
                                   fmt::format("the {} of {}", datum, format_lower(owner)),
                                   {fmt::format("it was sent {}", url)},
                                   {}}});
  }
  return evidence;
}

using AddressRanges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // to behind the last

// Addresses of rows one by one; the number of those that have none.
std::uint64_t add_listed(const scenario::Scenario& scenario, const scenario::PhoneGroup& group,
                         AddressRanges& ranges) {
  std::uint64_t without = 0;
  for (auto phone = group.first; phone < group.first + group.count; ++phone) {
    const auto address = scenario::source_address_of(scenario, phone);
    if (address)
      ranges.emplace_back(*address, std::uint64_t{*address} + 1);
    else
      ++without;
  }
  return without;
}

// Of different phones, by the scenario's description.
bool share_addresses(const scenario::Scenario& scenario) {
  std::uint64_t without = 0;
  AddressRanges ranges;
  for (const auto& group : scenario.phones) {
    if (group.listed)
      without += add_listed(scenario, group, ranges);
    else if (!group.source)
      without += group.count;
    else
      ranges.emplace_back(group.source->first, std::uint64_t{group.source->first} + group.count);
  }
  std::sort(ranges.begin(), ranges.end());
  const auto overlap =
      std::adjacent_find(ranges.begin(), ranges.end(),
                         [](const auto& a, const auto& b) { return b.first < a.second; });
  return without > 1 || overlap != ranges.end();
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

WorkerView nothing() {
  WorkerView view;
  view.is_at_rest = true;
  return view;
}

}  // namespace

Result<std::unique_ptr<Fleet>> Fleet::make(const scenario::Scenario& scenario,
                                           FleetOptions options) {
  TRY(run::check_end(scenario, options.length));
  if (options.doors.any() && options.workers > 1 && share_addresses(scenario))
    return fail(Errc::bad_argument,
                "phones that share an address answer at one port, which one worker has to have: "
                "--workers 1, or give each group a `source` of its own, such as 127.1.0.0/16");
  TRY(auto setup, fleet_setup(scenario, std::chrono::system_clock::now(), options.keeping));
  std::unique_ptr<Fleet> fleet(new Fleet(scenario, std::move(options), std::move(setup)));
  TRY(fleet->add_workers());
  TRY(fleet->open_doors());
  return fleet;
}

unsigned usual_workers(const scenario::Scenario& scenario, const listen::Places& doors) {
  if (doors.any() && share_addresses(scenario)) return 1;
  return std::max(1U, std::thread::hardware_concurrency());
}

Fleet::Fleet(const scenario::Scenario& scenario, FleetOptions options, FleetSetup setup)
    : scenario_(scenario),
      options_(std::move(options)),
      setup_(std::move(setup)),
      limits_(machine_limits()),
      meter_(limits_) {
  if (const auto rate = scenario.limits.starts_per_second)
    // The scenario's limit is for the whole run, of which this shard is a part, and each worker a
    // part of that (pace_of_worker).
    starts_per_second_ = static_cast<double>(*rate) / options_.shard.of;
}

drive::Pace Fleet::pace_of_worker() const {
  drive::Pace pace;
  if (starts_per_second_) pace.starts_per_second = *starts_per_second_ / options_.workers;
  pace.most_in_flight = most_in_flight_of_worker();
  return pace;
}

// Open files are the process's, so that workers share them out beforehand and never meet.
std::size_t Fleet::most_in_flight_of_worker() const {
  return std::max<std::size_t>(1, most_in_flight(limits_, sockets_of_doors_) / options_.workers);
}

Result<void> Fleet::add_workers() {
  const auto now = std::chrono::system_clock::now();
  started_at_ = options_.start_at.value_or(now);
  const auto all = scenario::phone_count(scenario_);
  const auto identities = std::make_shared<const expect::Identities>(scenario_);
  std::vector<drive::RealRun> runs;
  std::vector<Slice> slices;
  for (unsigned i = 0; i < options_.workers; ++i) {
    TRY(auto run, run::run_without_phones(scenario_, started_at_));
    slices.push_back(slice_of(all, options_.shard, i, options_.workers));
    run.plan =
        run::plan_of(scenario_, options_.length.value_or(resync::Duration::max()),
                     [slice = slices.back()](std::uint32_t number) { return slice.index(number); });
    run.pace = pace_of_worker();
    run.depth = options_.trace ? resync::Depth::everything : resync::Depth::figures;
    if (options_.make_witness) run.witness = options_.make_witness();
    runs.push_back(std::move(run));
  }
  // All workers count from the same instant, once everything is ready.
  // The start is given by the clock on the wall; from here on the steady one counts, which nobody
  // sets.
  const auto wait = started_at_ - std::chrono::system_clock::now();
  started_ = SteadyClock::now();
  if (options_.start_at) started_ += std::chrono::duration_cast<SteadyClock::duration>(wait);
  for (unsigned i = 0; i < options_.workers; ++i) {
    runs[i].start = started_;
    workers_.push_back(std::make_unique<Worker>(setup_, slices[i], std::move(runs[i]), identities));
    if (options_.trace) workers_.back()->also_tell(options_.trace);
    if (options_.standing_every) workers_.back()->follow_expectations(*options_.standing_every);
  }
  lookout_.emplace(workers_, options_.late_after);
  return {};
}

// All workers' phones have the same port, the one that the first of them took.
Result<void> Fleet::open_doors() {
  if (!options_.doors.any()) return {};
  for (const auto& worker : workers_) sockets_of_doors_ += worker->sockets_for(options_.doors);
  TRY(listen::make_room_for(sockets_of_doors_));
  for (const auto& worker : workers_) {
    TRY(worker->open_doors(options_.doors));
    options_.doors = worker->doors()->places();
  }
  for (const auto& worker : workers_) worker->set_pace(pace_of_worker());
  return {};
}

std::vector<std::string> Fleet::web_urls() const {
  std::vector<std::string> urls;
  for (const auto& worker : workers_) {
    if (const auto* doors = worker->doors()) append(urls, doors->web_urls());
  }
  return urls;
}

std::vector<std::string> Fleet::sip_urls() const {
  std::vector<std::string> urls;
  for (const auto& worker : workers_) {
    if (const auto* doors = worker->doors()) append(urls, doors->sip_urls());
  }
  return urls;
}

void Fleet::start() {
  // What was prepared since may have taken longer than there was time.
  const auto late = std::chrono::system_clock::now() - started_at_;
  late_us_ = options_.start_at
                 ? std::max<std::int64_t>(
                       0, std::chrono::duration_cast<std::chrono::microseconds>(late).count())
                 : 0;
  for (auto& worker : workers_) worker->start();
}

void Fleet::set_pace(std::optional<double> starts_per_second) {
  starts_per_second_ = starts_per_second;
  for (auto& worker : workers_) worker->set_pace(pace_of_worker());
}

void Fleet::pause() {
  if (paused_at_) return;
  paused_at_ = SteadyClock::now();
  for (auto& worker : workers_) worker->pause(*paused_at_);
}

void Fleet::go_on() {
  if (!paused_at_) return;
  const auto now = SteadyClock::now();
  note_pause(now);
  for (auto& worker : workers_) worker->go_on(now);
}

void Fleet::note_pause(std::chrono::steady_clock::time_point end) {
  const auto length = end - *paused_at_;
  pauses_.push_back({std::max(elapsed(), resync::Duration{}),
                     std::chrono::duration_cast<resync::Duration>(length)});
  stood_ += length;
  paused_at_.reset();
}

resync::Duration Fleet::elapsed() const {
  const auto now = paused_at_.value_or(SteadyClock::now());
  return std::chrono::duration_cast<resync::Duration>(now - started_ - stood_);
}

FleetView Fleet::look() {
  meter_.look();
  lookout_->look();
  FleetView all;
  all.sum = lookout_->sum();
  all.elapsed = elapsed();
  all.phones = phones();
  all.workers = options_.workers;
  const auto late = lookout_->late();
  all.workers_late = late.workers;
  all.late_for = late.longest;
  all.resources = meter_.resources();
  all.resources.longest_stall_us = all.sum.longest_stall_us;
  all.void_reasons = void_reasons_of(all.sum.figures, all.resources);
  if (options_.standing_every) all.standing = lookout_->standing();
  return all;
}

std::vector<figures::VoidReason> Fleet::void_reasons_of(const figures::FleetFigures& figures,
                                                        const figures::Resources& resources) const {
  // What the paces allowed in sum, rounding included.
  const auto at_once = most_in_flight_of_worker() * options_.workers;
  return void_reasons(figures, {resources, at_once, options_.lag_limit_us});
}

void Fleet::stop() {
  lasted_ = elapsed();
  if (paused_at_) note_pause(SteadyClock::now());
  meter_.look();
  for (auto& worker : workers_) worker->stop();
}

std::uint32_t Fleet::phones() const {
  std::uint32_t sum = 0;
  for (const auto& worker : workers_) sum += worker->slice().count();
  return sum;
}

figures::Outcome Fleet::outcome(figures::RunEnd end, const figures::Aim& aim) const {
  const expect::PhoneRange every{0, scenario::phone_count(scenario_)};
  expect::RollCall roll(&scenario_, every, options_.shard);
  std::optional<expect::Judge> all;
  for (const auto& worker : workers_) {
    roll.merge(worker->roll());
    // Either all workers judge, or none: it depends on the scenario alone.
    const auto* part = worker->judge();
    if (part == nullptr) continue;
    if (!all) all.emplace(scenario_, expect::Capabilities::real, every, nullptr);
    all->merge(*part);
  }
  return outcome_of(roll, all ? &*all : nullptr, {end, lasted_, aim});
}

figures::FleetResult Fleet::result(figures::RunEnd end, const figures::Aim& aim) {
  auto sum = nothing();
  for (const auto& worker : workers_) add(sum, worker->view());
  figures::FleetResult result;
  result.scenario_hash = scenario_.fingerprint;
  result.seed = scenario_.seed;
  result.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                               fmt::gmtime(std::chrono::system_clock::to_time_t(started_at_)));
  result.length = std::max(lasted_, resync::Duration{});
  result.pauses = pauses_;
  result.events = events_begun(scenario_, lasted_, options_.shard);
  result.shards = {options_.shard};
  const auto began = started_at_ + std::chrono::microseconds(late_us_);
  result.starts = {
      {options_.shard.number,
       std::chrono::duration_cast<std::chrono::milliseconds>(began.time_since_epoch()).count(),
       late_us_}};
  result.workers = options_.workers;
  result.lag_limit_us = options_.lag_limit_us;
  result.phones = phones();
  result.resources = meter_.resources();
  result.resources.longest_stall_us = sum.longest_stall_us;
  result.outcome = outcome(end, aim);
  const auto reasons = void_reasons_of(sum.figures, result.resources);
  auto& all = result.outcome.void_reasons;
  all.insert(all.end(), reasons.begin(), reasons.end());
  if (late_us_ > figures::longest_lateness_us)
    all.push_back({std::string(figures::missing_shards),
                   fmt::format("the run began {:.1f} s after --start-at",
                               static_cast<double>(late_us_) / 1e6),
                   "give it a later time to begin at"});
  // A phone that is given another's data is a failure whether a scenario expects that or not.
  if (!scenario::expects<scenario::NoForeignIdentity>(scenario_.expect))
    result.outcome.evidence.push_back(foreign_data(sum.figures));
  result.figures = std::move(sum.figures);
  result.version = figures::version;
  return result;
}

}  // namespace provphone::client::fleet
