#pragma once

#include "client/cli/keys.hpp"
#include "client/cli/live_metrics.hpp"
#include "client/figures/outcome.hpp"
#include "client/fleet/fleet.hpp"
#include "client/report/live_screen.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <string>

// A fleet's run as a person watches it.
namespace provphone::client::cli {

// How often a screen has the expectations looked at.
inline constexpr std::chrono::milliseconds standing_every{1'000};

enum class Shows : std::uint8_t { nothing, lines, screen };

struct WatchTerms {
  std::string title;                       // the scenario's file
  std::optional<resync::Duration> length;  // nothing: until nothing is left to do
  bool until_converged = false;
  bool has_doors = false;  // phones answer, for as long as somebody may ask
  std::int64_t lag_limit_us = 0;
  std::optional<std::uint32_t> starts_per_second;  // nothing: no limit
  report::Colour colour = report::Colour::off;
  Shows shows = Shows::nothing;
};

// Screen or lines, keys, metrics, and what ends the run. Stays where it is.
class Watch {
 public:
  // `fleet`, which has not begun, and `metrics` must outlive it.
  Watch(WatchTerms terms, fleet::Fleet& fleet, LiveMetrics& metrics);

  // Blocks until the run is over; the fleet has still to be stopped.
  void run();

  // Behind run(): what ended it.
  figures::RunEnd ended_by() const { return end_; }

 private:
  bool draws() const { return terms_.shows == Shows::screen; }
  void end(figures::RunEnd by);
  void press(char key);
  void press_pause();
  void go_on_gently();
  void rise();
  void set_pace(std::optional<std::uint32_t> starts_per_second);
  void change_pace(bool faster);
  double rate_now() const;
  void take(fleet::FleetView look);
  void tick();
  void look_back();
  void draw();

  // Behind a pause that ended gently: what the pace rises to, and from when.
  struct Rise {
    double rate = 0;
    std::optional<std::uint32_t> cap;
    resync::Duration from{};
  };

  WatchTerms terms_;
  fleet::Fleet& fleet_;
  LiveMetrics& metrics_;
  boost::asio::io_context loop_;
  boost::asio::signal_set signals_{loop_};
  boost::asio::steady_timer timer_{loop_};
  std::optional<Keys> keys_;
  report::LiveView view_;
  report::Shown shown_ = report::Shown::figures;
  std::optional<Rise> rise_;
  figures::FleetFigures before_;  // what was shown as recent is since then
  resync::Duration before_at_{};
  bool is_at_rest_ = false, has_converged_ = false, has_lost_ = false;
  bool has_told_of_end_ = false;
  figures::RunEnd end_ = figures::RunEnd::by_itself;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
};

}  // namespace provphone::client::cli
