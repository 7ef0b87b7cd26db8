#include "client/cli/watch.hpp"

#include "client/cli/complain.hpp"
#include "client/cli/gentle_pace.hpp"
#include "client/cli/terminal.hpp"
#include "client/figures/loss.hpp"
#include "client/run/signals.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

namespace provphone::client::cli {

using resync::Duration;

Watch::Watch(WatchTerms terms, fleet::Fleet& fleet, LiveMetrics& metrics)
    : terms_(std::move(terms)), fleet_(fleet), metrics_(metrics) {
  view_.title = terms_.title;
  view_.length = terms_.length.value_or(Duration{});
  view_.until_converged = terms_.until_converged;
  view_.lag_limit_us = terms_.lag_limit_us;
  view_.starts_per_second = terms_.starts_per_second;
  for (const int signal : run::ending_signals()) signals_.add(signal);
}

void Watch::run() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (!error) end(figures::end_by_signal(signal));
  });
  run::release_signals();
  // Signals are caught by then, so that no run is left without its result.
  fleet_.start();
  // The page has no place for a cursor.
  if (draws()) std::cout << "\033[?25l";
  if (draws()) keys_.emplace(loop_, [this](char key) { press(key); });
  tick();
  loop_.run();
  keys_.reset();
  // What the run came to is read below the last page, which has no opinion any more. Whatever the
  // terminal was left in, the prompt has a cursor and a line of its own.
  view_.running = report::Running::ended;
  view_.standing.reset();
  shown_ = report::Shown::figures;
  if (draws()) draw();
  if (draws()) std::cout << "\033[?25h\n" << std::flush;
}

// What handled signals is gone then: the next Ctrl-C ends the program at once.
void Watch::end(figures::RunEnd by) {
  end_ = by;
  take(fleet_.look());
  view_.running = report::Running::ending;
  loop_.stop();
}

void Watch::press(char key) {
  // Ctrl-C comes as a signal as a rule, and as a key where a terminal has that switched off.
  if (key == 'q' || key == '\x03') return end(figures::RunEnd::key);
  const bool is_paused = view_.running == report::Running::paused;
  if (key == 'p' || key == ' ') {
    press_pause();
  } else if (key == 'g' && is_paused) {
    go_on_gently();
  } else if (key == '+' || key == '-') {
    change_pace(key == '+');
  } else if (key == '?' || key == 'h') {
    const bool shows_keys = shown_ == report::Shown::keys;
    shown_ = shows_keys ? report::Shown::figures : report::Shown::keys;
  } else {
    return;
  }
  draw();
}

void Watch::press_pause() {
  const bool was_paused = view_.running == report::Running::paused;
  view_.running = was_paused ? report::Running::yes : report::Running::paused;
  was_paused ? fleet_.go_on() : fleet_.pause();
}

// To what it was before the pause, whatever that was: a second pause on the way changes nothing.
void Watch::go_on_gently() {
  if (!rise_) rise_ = {rate_now(), view_.starts_per_second, {}};
  rise_->from = view_.elapsed;
  rise();
  press_pause();
}

void Watch::rise() {
  if (!rise_) return;
  const auto pace = gentle_pace(rise_->rate, view_.elapsed - rise_->from);
  if (pace) {
    view_.rises_to = rise_->cap.value_or(0);
    const auto rounded = static_cast<std::uint32_t>(*pace);
    return set_pace(std::min(rounded, rise_->cap.value_or(rounded)));
  }
  const auto cap = std::exchange(rise_, {})->cap;
  view_.rises_to.reset();
  set_pace(cap);
}

void Watch::set_pace(std::optional<std::uint32_t> starts_per_second) {
  if (starts_per_second == view_.starts_per_second) return;
  view_.starts_per_second = starts_per_second;
  fleet_.set_pace(starts_per_second ? std::optional<double>(*starts_per_second) : std::nullopt);
}

double Watch::rate_now() const {
  const auto rate = report::rate_of(view_.recent.started, view_.recent.length);
  if (!view_.starts_per_second) return rate;
  return std::min(rate, static_cast<double>(*view_.starts_per_second));
}

// A quarter more or less; the first time, of what is going on at the moment.
void Watch::change_pace(bool faster) {
  rise_.reset();
  view_.rises_to.reset();
  const auto from =
      view_.starts_per_second ? static_cast<double>(*view_.starts_per_second) : rate_now();
  const auto to = std::clamp(from * (faster ? 1.25 : 0.8), 1.0, 1e6);
  // Up where it shall become faster, or a small pace would never grow.
  set_pace(static_cast<std::uint32_t>(to + (faster ? 0.999 : 0)));
}

void Watch::take(fleet::FleetView look) {
  view_.elapsed = look.elapsed;
  view_.phones = look.phones;
  view_.in_flight = static_cast<std::uint32_t>(look.sum.in_flight);
  view_.figures = std::move(look.sum.figures);
  view_.resources = look.resources;
  view_.void_reasons = std::move(look.void_reasons);
  view_.standing = std::move(look.standing);
  view_.workers = look.workers;
  view_.workers_late = look.workers_late;
  view_.late_for = look.late_for;
  is_at_rest_ = look.sum.is_at_rest;
  metrics_.show(view_);
  // Not before all have been switched on: phones that are still off have not been provisioned.
  has_lost_ = std::any_of(look.sum.losses.begin(), look.sum.losses.end(),
                          [](const figures::Loss& loss) { return is_lost(loss); });
  has_converged_ = look.sum.powered_on == look.phones && look.sum.converged == look.phones;
}

void Watch::tick() {
  take(fleet_.look());
  rise();
  draw();
  const bool is_over = terms_.length && view_.elapsed >= *terms_.length;
  const bool is_done = is_at_rest_ && !terms_.has_doors;
  if (has_lost_) return end(figures::RunEnd::lost);
  if (is_done || (terms_.until_converged && has_converged_)) return end(figures::RunEnd::by_itself);
  if (is_over) return end(figures::RunEnd::time);
  auto next = std::chrono::milliseconds(draws() ? 250 : 200);
  if (terms_.length)
    // Neither beyond the end of the run nor at once again.
    next = std::clamp<std::chrono::milliseconds>(*terms_.length - view_.elapsed,
                                                 std::chrono::milliseconds(1), next);
  timer_.expires_after(next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

// What is shown as recent is since the last time something was.
void Watch::look_back() {
  view_.recent = report::recent(before_, view_.figures, view_.elapsed - before_at_);
  before_ = view_.figures;
  before_at_ = view_.elapsed;
}

void Watch::draw() {
  if (terms_.shows == Shows::nothing) return;
  if (draws()) {
    // A second at least, or figures a second would jump about.
    if (view_.elapsed - before_at_ >= std::chrono::seconds(1)) look_back();
    const report::Look look{terms_.colour, terminal_charset()};
    std::cout << report::format_screen(view_, terminal_size(), look, shown_) << std::flush;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - said_ < std::chrono::seconds(5)) return;
  said_ = now;
  look_back();
  // Not of a run that is over before anybody wonders.
  const bool says_no_end = !terms_.length && !terms_.until_converged;
  if (says_no_end && !std::exchange(has_told_of_end_, true))
    complain(
        "nothing says how long this run lasts: it ends when nothing is left to do, which phones "
        "that come back never come to; --for, limits.duration or --until-converged ends it");
  std::cerr << report::format_plain_line(view_) << '\n';
}

}  // namespace provphone::client::cli
