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
  each_.merge(other.each_, [](auto mine, auto others) { return mine + others; });
  witnesses_.merge(other.witnesses_);
}

void Counter::conclude(const Context& context, const std::string& what,
                       figures::ExpectationResult& result) const {
  bounds_.counted == scenario::Counted::each ? conclude_each(context, what, result)
                                             : conclude_together(context, what, result);
}

void Counter::conclude_each(const Context& context, const std::string& what,
                            figures::ExpectationResult& result) const {
  FirstOffenders offenders;
  context.for_each_powered([&](std::uint32_t phone) {
    ++result.phones;
    if (is_within(bounds_, each_[phone])) return;
    ++result.failed;
    offenders.add(phone, [&] {
      return Offence{fmt::format("{} {}", bounds_text(bounds_), what),
                     fmt::format("{}", each_[phone])};
    });
  });
  if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
  if (result.failed > 0) offenders.describe(context, result);
}

// Where there are too many, those who had a part in it are named; where there is none at all, the
// first who might have had one.
void Counter::conclude_together(const Context& context, const std::string& what,
                                figures::ExpectationResult& result) const {
  result.phones = context.selected.count();
  if (result.phones == 0) return not_judged(result, "there is no such phone");
  if (is_within(bounds_, total_)) return;
  result.status = figures::Judgement::failed;
  const auto expected = fmt::format("{} {}", bounds_text(bounds_), what);
  // Too many rather than too few: those who took part are known.
  if (total_ > bounds_.least && !witnesses_.empty()) {
    witnesses_.describe(context, result);
    for (auto& failure : result.failures) {
      failure.expected = expected;
      failure.got = fmt::format("{} altogether, among them {}", total_, failure.got);
    }
    return;
  }
  figures::ExpectationFailure failure{std::nullopt, expected, fmt::format("{}", total_), {}};
  // There is one: a choice without phones was not judged.
  std::optional<std::uint32_t> first;
  context.for_each_selected([&](std::uint32_t phone) { first = first ? first : phone; });
  if (total_ == 0) {
    failure.phone = scenario::mac_of(context.scenario, *first);
    failure.reasons = context.history.tell(*first);
  }
  result.failures.push_back(std::move(failure));
}

// --- what is nothing but a count

namespace {

class ErrorTracker : public Tracker {
 public:
  ErrorTracker(const scenario::ErrorsSeen& what, const Part& part)
      : code_(what.code), most_(what.bounds.most), counter_(what.bounds, part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::pass_failed};
    needs.power = counter_.needs_power();
    // Whoever expects the error, be it at most so often, does not count it as one more failure of
    // the run.
    if (most_ != 0U) needs.allows = Allowance{code_, Allowance::When::always};
    return needs;
  }

  void observe(const Observation& seen) override {
    if (seen.event.error != code_) return;
    counter_.add(seen.phone, [&] {
      return seen.event.detail.empty() ? std::string(name(code_)) : seen.event.detail;
    });
  }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const ErrorTracker&>(other).counter_);
  }

  void conclude(const Context& context, figures::ExpectationResult& result) const override {
    counter_.conclude(context, fmt::format("passes that fail with {}", name(code_)), result);
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
    if (pattern_.is_found_in(seen.event.text))
      counter_.add(seen.phone, [&] { return macro::hide_query_secrets(seen.event.text); });
  }

  void merge(const Tracker& other) override {
    counter_.merge(dynamic_cast<const LogTracker&>(other).counter_);
  }

  void conclude(const Context& context, figures::ExpectationResult& result) const override {
    counter_.conclude(context, fmt::format("log lines with {}", what_.pattern), result);
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
