#include "client/expect/detail/counter.hpp"

#include "client/expect/detail/trackers.hpp"
#include "client/expect/texts.hpp"
#include "client/input/pattern.hpp"
#include "client/scenario/phones.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>

#include <optional>

namespace provphone::client::expect::detail {

Counter::Counter(const scenario::Bounds& bounds, PhoneRange range) : bounds_(bounds) {
  // A table for each phone only where phones count by themselves.
  if (bounds.counted == scenario::Counted::each) each_ = {range, 0};
}

void Counter::merge(const Counter& other) {
  total_ += other.total_;
  chances_ += other.chances_;
  is_lost_ = is_lost_ || other.is_lost_;
  each_.merge(other.each_, [](auto mine, auto others) { return mine + others; });
  witnesses_.merge(other.witnesses_);
}

void Counter::collect(const Context& context, const std::string& what, std::string_view without,
                      figures::Evidence& evidence) const {
  evidence.chances = chances_;
  evidence.without = without;
  bounds_.counted == scenario::Counted::each ? collect_each(context, what, evidence)
                                             : collect_together(context, what, evidence);
}

void Counter::collect_each(const Context& context, const std::string& what,
                           figures::Evidence& evidence) const {
  FirstOffenders offenders;
  context.for_each_powered([&](std::uint32_t phone) {
    ++evidence.phones;
    const auto count = each_[phone];
    if (is_within(bounds_, count)) return;
    // What is missing may still have come.
    if (context.hour.is_cut_short && count < bounds_.least) {
      ++evidence.pending;
      return;
    }
    ++evidence.failed;
    offenders.add(phone, [&] {
      return Offence{fmt::format("{} {}", bounds_text(bounds_), what), fmt::format("{}", count)};
    });
  });
  evidence.nobody = no_power;
  offenders.testify(context, evidence);
}

void Counter::collect_together(const Context& context, const std::string& what,
                               figures::Evidence& evidence) const {
  evidence.criterion.kind = figures::Criterion::Kind::count;
  evidence.criterion.least = bounds_.least;
  evidence.criterion.most = bounds_.most;
  evidence.expected = fmt::format("{} {}", bounds_text(bounds_), what);
  evidence.counted = total_;
  evidence.phones = context.selected_count();
  evidence.nobody = "there is no such phone";
  witnesses_.testify(context, evidence);
  std::optional<std::uint32_t> first;
  context.for_each_selected([&](std::uint32_t phone) { first = first ? first : phone; });
  if (first && total_ == 0) evidence.bystander = witness_of(context, *first, {});
}

// --- what is nothing but a count

namespace {

class ErrorTracker : public Tracker {
 public:
  ErrorTracker(const scenario::ErrorsSeen& what, const Part& part)
      : code_(what.code), most_(what.bounds.most), counter_(what.bounds, part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::pass_succeeded, trace::EventKind::pass_failed,
                    trace::EventKind::upgrade_done, trace::EventKind::reported};
    needs.power = counter_.needs_power();
    // Whoever expects the error, be it at most so often, does not count it as one more failure of
    // the run.
    if (most_ != 0U) needs.allows = Allowance{std::nullopt, code_, Allowance::When::always};
    return needs;
  }

  void observe(const Observation& seen) override {
    counter_.add_chance();
    if (seen.event.error != code_) return;
    counter_.add(seen.phone, [&] {
      return seen.event.detail.empty() ? std::string(name(code_)) : seen.event.detail;
    });
  }

  figures::Loss loss() const override { return counter_.loss(); }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const ErrorTracker&>(other).counter_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    counter_.collect(context, fmt::format("failures with {}", name(code_)),
                     "no pass, upgrade or report of these phones came to its end", evidence);
  }

 private:
  Errc code_;
  std::optional<std::uint64_t> most_;
  Counter counter_;
};

class LogTracker : public Tracker {
 public:
  LogTracker(const scenario::LogLines& what, const Part& part)
      : what_(what),
        pattern_(*input::parse_pattern(what.pattern)),
        counter_(what.bounds, part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::syslog};
    needs.power = counter_.needs_power();
    return needs;
  }

  void observe(const Observation& seen) override {
    counter_.add_chance();
    if (pattern_.is_found_in(seen.event.text))
      counter_.add(seen.phone, [&] { return macro::hide_query_secrets(seen.event.text); });
  }

  figures::Loss loss() const override { return counter_.loss(); }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const LogTracker&>(other).counter_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    counter_.collect(context, fmt::format("log lines with {}", what_.pattern),
                     "these phones wrote no log line at all; is Syslog_Server set?", evidence);
  }

 private:
  const scenario::LogLines& what_;
  input::Pattern pattern_;  // checked by the reader
  Counter counter_;
};

}  // namespace

AnyTracker tracker_of(const scenario::ErrorsSeen& what, const Part& part) {
  return std::make_unique<ErrorTracker>(what, part);
}

AnyTracker tracker_of(const scenario::LogLines& what, const Part& part) {
  return std::make_unique<LogTracker>(what, part);
}

}  // namespace provphone::client::expect::detail
