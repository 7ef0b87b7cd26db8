#include "client/run/signals.hpp"

#include <pthread.h>

#include <atomic>
#include <csignal>

namespace provphone::client::run {
namespace {

// 0: none yet. A handler may use it, since it has no lock.
std::atomic<int> noted_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

std::vector<int> signals_at_start() {
  std::vector<int> signals{SIGINT, SIGTERM};
  if (!is_ignored(SIGHUP)) signals.push_back(SIGHUP);
  return signals;
}

sigset_t mask() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : ending_signals()) sigaddset(&set, signal);
  return set;
}

void handle_by(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  for (const int signal : ending_signals()) sigaction(signal, &action, nullptr);
}

void note(int signal) {
  int none = 0;
  noted_signal.compare_exchange_strong(none, signal);
}

}  // namespace

const std::vector<int>& ending_signals() {
  static const auto signals = signals_at_start();
  return signals;
}

void hold_signals() {
  const auto held = mask();
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

void release_signals() {
  const auto held = mask();
  pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
}

SignalNote::SignalNote() {
  noted_signal = 0;
  // Reset with the first, so that the next one ends the program.
  handle_by(note, static_cast<int>(SA_RESETHAND) | SA_RESTART);
  release_signals();
}

SignalNote::~SignalNote() {
  handle_by(SIG_DFL, 0);
}

std::optional<int> SignalNote::noted() {
  const int signal = noted_signal;
  return signal == 0 ? std::nullopt : std::optional(signal);
}

}  // namespace provphone::client::run
