#include "client/fleet/worker.hpp"

#include "macro/enum_array.hpp"
#include "macro/hide.hpp"
#include "macro/try.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <utility>

namespace provphone::client::fleet {
namespace {

// Less than half of the usual limit of lag (50 ms), so that no stall that matters fits between.
constexpr std::chrono::milliseconds watch_every{20};

// Later than that, somebody else has the processor.
constexpr std::chrono::milliseconds slightly_late{2};

std::chrono::microseconds processor_time_of_thread() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec));
}

// Retrievals in flight that are worth looking for the memory which they have left behind.
constexpr std::size_t many_in_flight = 256;

// Phones to be looked at for all expectations together, at some 30 ns each: less than a third of
// the usual limit of lag.
constexpr std::uint64_t most_looks = 500'000;

// Signals are for the thread that shows the run.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

void add(WorkerView& sum, const WorkerView& view) {
  sum.figures.merge(view.figures);
  sum.powered_on += view.powered_on;
  sum.converged += view.converged;
  sum.in_flight += view.in_flight;
  sum.longest_stall_us = std::max(sum.longest_stall_us, view.longest_stall_us);
  sum.is_at_rest = sum.is_at_rest && view.is_at_rest;
  sum.losses.resize(std::max(sum.losses.size(), view.losses.size()));
  for (std::size_t i = 0; i < view.losses.size(); ++i) add(sum.losses[i], view.losses[i]);
}

struct Worker::Loop {
  // 1: one thread runs it, so that Asio may leave out what several would need.
  boost::asio::io_context context{1};
  boost::asio::steady_timer watch{context};
};

Worker::Worker(const FleetSetup& setup, Slice slice, drive::RealRun run,
               std::shared_ptr<const expect::Identities> identities)
    : scenario_(setup.scenario),
      slice_(slice),
      known_(identities),
      roll_(&setup.scenario, {0, slice.phones}, {slice.first + 1, slice.step}),
      recorder_(setup.scenario, slice),
      loop_(std::make_unique<Loop>()),
      phones_(std::make_shared<ScenarioPhones>(setup, slice)),
      wall_(run.wall),
      witness_(run.witness),
      network_(run.network) {
  if (!scenario_.expect.empty()) {
    judge_.emplace(scenario_, expect::Capabilities::real, expect::PhoneRange{0, slice.phones},
                   std::move(identities));
    for (const auto kind : every<trace::EventKind>) judge_wants_[kind] = judge_->wants(kind);
    run.traces_headers = judge_->wants_headers();
    aborts_ = scenario_.limits.abort_when == scenario::AbortWhen::lost;
  }
  phones_->certificates_ahead().will_happen(run.plan);
  run.phones = phones_;
  run.trace = [this](const trace::TraceEvent& event) { emit(event); };
  run.on_document = [this](std::size_t index, std::string_view document, const macro::Url& from) {
    read(slice_.number(index), document, from);
  };
  driver_ = std::make_unique<drive::RealDriver>(loop_->context, std::move(run));
}

void Worker::emit(const trace::TraceEvent& event) {
  recorder_.add(event, driver_ ? driver_->in_flight() : 0);
  if (judge_wants_[event.event]) judge_->observe(event.number, event);
  roll_.observe(event.number, event, judge_ ? &*judge_ : nullptr);
  if (doors_) doors_->observe(*slice_.index(event.number), event);
  if (sink_) sink_(event);
}

Result<void> Worker::open_doors(const listen::Places& places) {
  TRY(doors_, listen::Doors::open(loop_->context, places, *driver_, wall_, std::move(network_),
                                  [this](const trace::TraceEvent& event) {
                                    if (witness_) witness_->told(event);
                                    emit(event);
                                  }));
  return {};
}

// The wrong-phone detector.
void Worker::read(std::uint32_t phone, std::string_view document, const macro::Url& from) {
  const auto incidents = known_.foreign_in(phone, document);
  for (const auto& [asked, owner, datum] : incidents) {
    recorder_.add_incident({scenario::mac_of(scenario_, asked), scenario::mac_of(scenario_, owner),
                            std::string(name(datum)), macro::hide_query_secrets(format(from))});
  }
  if (judge_ && judge_->wants_documents()) judge_->document(phone, document, incidents);
}

const expect::Judge* Worker::judge() {
  if (!judge_) return nullptr;
  if (judge_->wants_final() && !std::exchange(has_told_ends_, true)) {
    for (std::uint32_t index = 0; index < slice_.count(); ++index)
      judge_->final(slice_.number(index), driver_->phone(index).device.parameters);
  }
  return &*judge_;
}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  thread_ = std::thread([this] {
    block_signals();
    // Between passes nothing may be pending, and look() has to be answered all the same.
    const auto stay = boost::asio::make_work_guard(loop_->context);
    loop_->watch.expires_after(watch_every);
    watch_stalls();
    loop_->context.run();
  });
}

void Worker::watch_stalls() {
  loop_->watch.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    const auto late =
        std::chrono::duration_cast<std::chrono::microseconds>(now - loop_->watch.expiry());
    longest_stall_us_ = std::max(longest_stall_us_, std::int64_t{late.count()});
    sign_in_spare_time(late);
    give_memory_back();
    // From now, not from when it should have rung: one stall is counted once.
    loop_->watch.expires_at(now + watch_every);
    watch_stalls();
  });
}

// Half of what the phones leave idle, until the next look; nothing where processors are short.
void Worker::sign_in_spare_time(std::chrono::microseconds late) {
  const auto used = processor_time_of_thread();
  const auto busy = used - std::exchange(processor_time_, used);
  if (late > slightly_late || busy > watch_every / 2) return;
  sign_ahead(std::chrono::steady_clock::now() + watch_every / 2 - busy);
}

// One at a time, so that whatever else is ready waits for one at most.
void Worker::sign_ahead(std::chrono::steady_clock::time_point until) {
  if (std::chrono::steady_clock::now() >= until) return;
  const auto before = processor_time_of_thread();
  const bool goes_on = phones_->certificates_ahead().go_on(std::chrono::system_clock::now());
  processor_time_ += processor_time_of_thread() - before;
  if (goes_on) boost::asio::post(loop_->context, [this, until] { sign_ahead(until); });
}

// Phones that wait for their turn or their answer take thousands of octets each, which nobody needs
// when a storm is over: they may be more than all phones at rest. While one lasts there are always
// as many in flight as may be. The allocator keeps what is free unless it is told.
void Worker::give_memory_back() {
  const auto now = driver_->in_flight();
  busiest_ = std::max(busiest_, now);
  if (busiest_ < many_in_flight || now > busiest_ / 8) return;
  malloc_trim(0);
  busiest_ = now;
}

WorkerView Worker::view() const {
  return {recorder_.figures(),
          recorder_.powered_on(),
          recorder_.converged(),
          driver_->in_flight(),
          longest_stall_us_,
          driver_->is_at_rest(),
          aborts_ ? judge_->losses() : std::vector<figures::Loss>(),
          standing_};
}

// Not for the last moment of a run: its result looks at everything once more.
void Worker::follow_expectations() {
  const auto now = driver_->now();
  if (!follows_every_ || (standing_ && now - followed_at_ < *follows_every_)) return;
  followed_at_ = now;
  figures::Standing standing;
  standing.failures = roll_.failures_so_far();
  const auto looks = std::uint64_t{slice_.phones} * scenario_.expect.size();
  // As if it were cut short now: phones may still do what they have not done.
  const expect::Hour hour{now, true, false};
  const bool is_cheap = judge_ && looks <= most_looks;
  if (judge_ && !is_cheap) standing.not_looked_at = scenario_.expect.size();
  auto evidence = is_cheap ? judge_->evidence(roll_, hour) : std::vector<figures::Evidence>();
  const auto losses = is_cheap ? judge_->losses() : std::vector<figures::Loss>();
  for (std::size_t i = 0; i < evidence.size(); ++i)
    standing.expectations.push_back({std::move(evidence[i]), losses[i]});
  standing_ = std::make_shared<const figures::Standing>(std::move(standing));
}

std::future<WorkerView> Worker::look() {
  auto task = std::make_shared<std::packaged_task<WorkerView()>>([this] {
    follow_expectations();
    return view();
  });
  auto result = task->get_future();
  boost::asio::post(loop_->context, [task] { (*task)(); });
  return result;
}

void Worker::set_pace(const drive::Pace& pace) {
  boost::asio::post(loop_->context, [this, pace] { driver_->set_pace(pace); });
}

void Worker::pause(drive::Clock::Instant at) {
  boost::asio::post(loop_->context, [this, at] { driver_->pause(at); });
}

void Worker::go_on(drive::Clock::Instant at) {
  boost::asio::post(loop_->context, [this, at] { driver_->go_on(at); });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  // From any thread; what is posted later is never run.
  loop_->context.stop();
  thread_.join();
}

}  // namespace provphone::client::fleet
