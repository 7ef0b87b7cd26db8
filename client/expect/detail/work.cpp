#include "client/expect/detail/counter.hpp"
#include "client/expect/detail/trackers.hpp"
#include "client/input/pattern.hpp"

#include <fmt/format.h>

// Expectations on upgrades and reports, and on there being nothing at all.
namespace provphone::client::expect::detail {
namespace {

using figures::Work;

// Whoever expects one to fail, be it at most so often, does not count it as one more failure.
std::optional<Allowance> allowance_of(Work work, bool expects_failures, std::optional<Errc> code,
                                      const scenario::Bounds& bounds) {
  if (!expects_failures || bounds.most == 0U) return std::nullopt;
  return Allowance{work, code, Allowance::When::always};
}

std::string told_outcome(const trace::TraceEvent& ended) {
  if (!ended.error) return ended.text;
  return ended.detail.empty() ? std::string(name(*ended.error)) : ended.detail;
}

class UpgradeTracker : public Tracker {
 public:
  UpgradeTracker(const scenario::UpgradesMade& what, const Part& part)
      : what_(what), counter_(what.bounds, part.phones) {
    if (!what.version.empty()) version_ = *input::parse_pattern(what.version);
  }

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::upgrade_done};
    needs.power = counter_.needs_power();
    needs.allows = allowance_of(Work::upgrade, is_about_failures(), what_.code, what_.bounds);
    return needs;
  }

  void observe(const Observation& seen) override {
    counter_.add_chance();
    const auto& error = seen.event.error;
    if (error.has_value() != is_about_failures()) return;
    if (what_.code && error != what_.code) return;
    if (version_ && !version_->is_found_in(seen.event.text)) return;
    counter_.add(seen.phone, [&] { return told_outcome(seen.event); });
  }

  figures::Loss loss() const override { return counter_.loss(); }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const UpgradeTracker&>(other).counter_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    auto what = std::string(is_about_failures() ? "failed upgrades" : "upgrades");
    if (what_.code) what += fmt::format(" with {}", name(*what_.code));
    if (version_) what += " to " + what_.version;
    counter_.collect(context, what, "none of these phones tried an upgrade; is Upgrade_Rule set?",
                     evidence);
  }

 private:
  bool is_about_failures() const { return what_.out == scenario::UpgradesMade::Came::failed; }

  const scenario::UpgradesMade& what_;
  std::optional<input::Pattern> version_;  // checked by the reader
  Counter counter_;
};

class ReportTracker : public Tracker {
 public:
  ReportTracker(const scenario::ReportsMade& what, const Part& part)
      : what_(what), counter_(what.bounds, part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::reported};
    needs.power = counter_.needs_power();
    needs.allows = allowance_of(Work::report, is_about_failures(), what_.code, what_.bounds);
    return needs;
  }

  void observe(const Observation& seen) override {
    counter_.add_chance();
    const auto& [error, status] = std::tie(seen.event.error, seen.event.status);
    if (error.has_value() != is_about_failures()) return;
    if (what_.code && error != what_.code) return;
    if (what_.status && (!status || static_cast<std::uint64_t>(*status) != *what_.status)) return;
    counter_.add(seen.phone, [&] { return told_outcome(seen.event); });
  }

  figures::Loss loss() const override { return counter_.loss(); }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const ReportTracker&>(other).counter_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    auto what = std::string(is_about_failures() ? "failed reports" : "reports");
    if (what_.code) what += fmt::format(" with {}", name(*what_.code));
    if (what_.status) what += fmt::format(" answered with {}", *what_.status);
    counter_.collect(context, what, "none of these phones made a report; is Report_Rule set?",
                     evidence);
  }

 private:
  bool is_about_failures() const { return what_.out == scenario::ReportsMade::Came::failed; }

  const scenario::ReportsMade& what_;
  Counter counter_;
};

// The roll call knows.
class NothingTracker : public Tracker {
 public:
  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::pass_succeeded};
    needs.power = true;
    return needs;
  }

  void observe(const Observation& seen) override { is_lost_ = is_lost_ || seen.event.has_file; }
  figures::Loss loss() const override { return {is_lost_, 0, {}}; }
  void merge(const Tracker& other) override {
    is_lost_ = is_lost_ || dynamic_cast<const NothingTracker&>(other).is_lost_;
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.without = no_power;
    FirstOffenders offenders;
    context.for_each_powered([&](std::uint32_t phone) {
      ++evidence.phones;
      ++evidence.chances;
      if (!context.roll.is_provisioned(phone)) return;
      ++evidence.failed;
      offenders.add(phone, [] { return Offence{"no file in a pass that succeeds", "one"}; });
    });
    offenders.testify(context, evidence);
  }

 private:
  bool is_lost_ = false;
};

}  // namespace

AnyTracker tracker_of(const scenario::UpgradesMade& what, const Part& part) {
  return std::make_unique<UpgradeTracker>(what, part);
}

AnyTracker tracker_of(const scenario::ReportsMade& what, const Part& part) {
  return std::make_unique<ReportTracker>(what, part);
}

AnyTracker tracker_of(const scenario::NothingProvisioned& /*what*/, const Part& /*part*/) {
  return std::make_unique<NothingTracker>();
}

}  // namespace provphone::client::expect::detail
