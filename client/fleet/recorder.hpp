#pragma once

#include "client/figures/fleet_figures.hpp"
#include "client/fleet/slice.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"

#include <vector>

namespace provphone::client::fleet {

// Counts what a worker's phones do, from their trace. Of one thread, and in the space of the
// figures and four octets a phone.
class Recorder {
 public:
  // `scenario` must outlive it.
  Recorder(const scenario::Scenario& scenario, Slice slice);

  // Each event once, a phone's in the order of time. `in_flight`: retrievals that are on their way
  // now.
  void add(const trace::TraceEvent& event, std::size_t in_flight);

  // A phone was given what is another's.
  void add_incident(figures::Incident incident);

  const figures::FleetFigures& figures() const { return figures_; }
  // The phones that were powered on at least once, and those of them that have converged.
  std::uint32_t powered_on() const { return powered_on_; }
  std::uint32_t converged() const { return converged_; }

 private:
  // When a phone was first powered on, and whether a pass has succeeded since.
  // Four octets, since there is one for every phone of the run.
  struct Start {
    static constexpr std::uint32_t never = UINT32_MAX >> 1U;
    std::uint32_t ms : 31;
    std::uint32_t has_converged : 1;
  };

  figures::GroupFigures& group_of(std::uint32_t number);
  void count(const trace::TraceEvent& event);
  void add_response(const trace::TraceEvent& event);
  void add_spans(figures::Ending ending, const trace::StageTimes& times);
  void phone_powered_on(const trace::TraceEvent& event);
  void pass_succeeded(const trace::TraceEvent& event);

  const scenario::Scenario& scenario_;
  Slice slice_;
  figures::FleetFigures figures_;
  std::vector<std::uint32_t> figures_of_;  // of each group, in figures_.groups
  std::vector<Start> starts_;
  std::uint32_t powered_on_ = 0, converged_ = 0;
};

}  // namespace provphone::client::fleet
