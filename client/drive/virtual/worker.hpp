#pragma once

#include "client/drive/facts.hpp"
#include "client/drive/virtual/event_queue.hpp"
#include "client/drive/virtual/model_server.hpp"
#include "client/drive/virtual/variants.hpp"
#include "client/drive/virtual/virtual.hpp"
#include "client/scenario/happenings.hpp"
#include "resync/machine.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace provphone::client::drive {

// A phone in virtual time. What it has in common with others is in its variant.
struct VirtualPhone {
  resync::Phone machine;
  std::uint32_t variant = 0;
  std::uint32_t variant_at_start = 0;  // of the running pass
  std::uint32_t requests = 0;          // made so far; an answer to an earlier one comes too late
  std::uint16_t group = 0;
  bool has_converged = false;
  bool needs_restart = false;   // by what the rule under evaluation has assigned
  bool is_waiting = false;      // for the answer to its last request
  std::optional<Errc> outcome;  // of that request
};

struct PhoneRange {
  std::uint32_t first, end;
};

// Drives a range of phones from the start to the end of the run.
class Worker {
 public:
  Worker(const VirtualRun& run, const std::vector<scenario::GroupSetup>& groups, PhoneRange range);

  VirtualResult work();

 private:
  // What a queued event's token says.
  enum class Queued : std::uint32_t { deadline, answer, happening };

  using Happening = scenario::Happening;

  void plan(resync::Time at, std::uint32_t phone, const Happening& happening);

  void prefetch(std::uint32_t phone) const;
  void take(const QueuedEvent& event);
  void happen(std::uint32_t phone, const Happening& happening);
  void answer_arrived(std::uint32_t phone, std::uint32_t number);
  void feed(std::uint32_t phone, const resync::Event& event);

  // The event that answers the machine, or nothing while a request is under way.
  std::optional<resync::Event> answer(std::uint32_t phone, const resync::Effects& effects);
  std::optional<resync::Event> evaluate(std::uint32_t phone, std::uint8_t slot);
  std::uint32_t rules_of(std::uint32_t phone) const;  // the variant whose rules count
  std::string_view rule_text(std::uint32_t phone, std::uint8_t slot) const;
  std::optional<resync::Event> evaluate_for_phone(std::uint32_t phone, std::uint8_t slot);
  void request(std::uint32_t phone, std::uint8_t slot, macro::Scheme scheme);
  resync::Event take_in(std::uint32_t phone);

  void note(std::uint32_t phone, const resync::Effects& effects);
  void trace_effect(std::uint32_t phone, const resync::Effect& effect);
  // For whoever judges the run: events without facts, and only those that are wanted.
  bool is_judged(report::EventKind kind) const { return judge_ && judge_->wants(kind); }
  void judge_happening(std::uint32_t phone, const resync::Event& happened);
  void judge_effect(std::uint32_t phone, const resync::Effect& effect);
  void judge_skipped(std::uint32_t phone, std::uint8_t slot, resync::Reason reason);
  void judge_answer(std::uint32_t phone, std::int64_t us);
  void skipped(std::uint32_t phone, std::uint8_t slot, resync::Reason reason);
  void tell_request(std::uint32_t phone, std::uint8_t slot);
  void judge_final();
  void trace_skipped(std::uint32_t phone, std::uint8_t slot, resync::Reason reason);
  void trace_answer(std::uint32_t phone, std::uint32_t variant_before);
  void trace_applied(std::uint32_t phone, std::string_view rule, std::uint32_t variant_before);
  report::TraceEvent line(std::uint32_t phone, report::EventKind kind) const;
  bool is_traced(std::uint32_t phone) const;
  drive::PhoneSetup setup_of(std::uint32_t phone) const;
  bool look_up(std::string_view name, std::string& out) const;

  VirtualPhone& phone(std::uint32_t number) { return phones_[number - range_.first]; }
  const VirtualPhone& phone(std::uint32_t number) const { return phones_[number - range_.first]; }

  const VirtualRun& run_;
  const scenario::Scenario& scenario_;
  const std::vector<scenario::GroupSetup>& groups_;
  PhoneRange range_;
  std::vector<VirtualPhone> phones_;
  Variants variants_;
  ModelServer server_;
  EventQueue queue_;
  std::vector<Happening> happenings_;
  report::ForecastFigures figures_;
  resync::Time now_{};
  std::uint32_t current_ = 0;  // the phone that look_up answers for
  RuleFailure failure_;        // of the rule that has just failed, of a traced or judged phone
  std::optional<expect::Judge> judge_;  // where something is expected
  macro::Lookup facts_;
};

}  // namespace provphone::client::drive
