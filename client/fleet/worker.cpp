#include "client/fleet/worker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>

namespace provphone::client::fleet {
namespace {

constexpr std::chrono::milliseconds watch_every{20};

// Signals are for the thread that shows the run.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Worker::Worker(const FleetSetup& setup, Slice slice, drive::RealRun run)
    : slice_(slice),
      recorder_(setup.scenario, slice),
      phones_(std::make_shared<ScenarioPhones>(setup, slice)),
      watch_(loop_) {
  run.phones = phones_;
  run.trace = [this](const report::TraceEvent& event) {
    recorder_.add(event, driver_ ? driver_->in_flight() : 0);
    if (sink_) sink_(event);
  };
  driver_ = std::make_unique<drive::RealDriver>(loop_, std::move(run));
}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  thread_ = std::thread([this] {
    block_signals();
    const auto stay = boost::asio::make_work_guard(loop_);
    watch_.expires_after(watch_every);
    watch_stalls();
    loop_.run();
  });
}

void Worker::watch_stalls() {
  watch_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    const auto late = std::chrono::duration_cast<std::chrono::microseconds>(now - watch_.expiry());
    longest_stall_us_ = std::max(longest_stall_us_, std::int64_t{late.count()});
    watch_.expires_at(now + watch_every);
    watch_stalls();
  });
}

WorkerView Worker::view() const {
  return {recorder_.figures(), recorder_.powered_on(), recorder_.converged(), driver_->in_flight(),
          phones_->kinds(),    longest_stall_us_,      driver_->is_at_rest()};
}

std::future<WorkerView> Worker::look() {
  auto task = std::make_shared<std::packaged_task<WorkerView()>>([this] { return view(); });
  auto result = task->get_future();
  boost::asio::post(loop_, [task] { (*task)(); });
  return result;
}

void Worker::set_pace(const drive::Pace& pace) {
  boost::asio::post(loop_, [this, pace] { driver_->set_pace(pace); });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

}  // namespace provphone::client::fleet
