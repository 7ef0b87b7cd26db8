#pragma once

#include "client/expect/chosen.hpp"
#include "client/expect/recollection.hpp"
#include "client/figures/verdicts.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "profile/parameter_set.hpp"

#include <iterator>
#include <map>
#include <string>

// What the trackers of all kinds of expectations have in common. A tracker has what one expectation
// has to remember while the run goes.
namespace provphone::client::expect::detail {

// When a phone got power last, and how long it took from there to its first success; in ms.
struct Power {
  std::int64_t since = -1;  // never
  std::int64_t took = -1;   // not yet

  bool is_known() const { return since >= 0; }
};

struct Seen {
  std::uint32_t phone;
  const trace::TraceEvent& event;
  Power power{};  // of the phone, by then; not known where nobody looks at it
};

// What a conclusion is drawn from besides the tracker's own memory.
struct Context {
  const scenario::Scenario& scenario;
  const Chosen& chosen;
  const PhoneTable<Power>& power;
  const Recollection& recollection;

  // Calls `look(phone)` for each phone that the expectation is about.
  template <class Look>
  void for_each_chosen(Look look) const {
    const auto range = chosen.range();
    for (auto phone = range.first; phone < range.end; ++phone) {
      if (chosen.contains(phone)) look(phone);
    }
  }
  template <class Look>
  void for_each_powered(Look look) const {
    for_each_chosen([&](std::uint32_t phone) {
      if (power[phone].is_known()) look(phone);
    });
  }
};

struct Offence {
  std::string expected, got;
};

// The phones with the lowest numbers of those that did not do as expected.
class FirstOffenders {
 public:
  // `tell()` makes the offence, where it is kept. A phone's first offence counts.
  template <class Tell>
  void add(std::uint32_t phone, Tell tell) {
    const bool is_full = offences_.size() == figures::max_failures;
    if (is_full && phone > offences_.rbegin()->first) return;
    if (offences_.contains(phone)) return;
    offences_.emplace(phone, tell());
    if (is_full) offences_.erase(std::prev(offences_.end()));
  }
  void merge(const FirstOffenders& other) {
    for (const auto& each : other.offences_) add(each.first, [&] { return each.second; });
  }
  bool empty() const { return offences_.empty(); }
  const Offence* first() const { return offences_.empty() ? nullptr : &offences_.begin()->second; }
  void describe(const Context& context, figures::ExpectationResult& result) const;

 private:
  std::map<std::uint32_t, Offence> offences_;
};

// Phones that may offend again and again, and count once.
class RepeatOffenders {
 public:
  RepeatOffenders() = default;
  explicit RepeatOffenders(PhoneRange range) : has_offended_(range, 0) {}

  template <class Tell>
  void add(std::uint32_t phone, Tell tell) {
    has_offended_[phone] = 1;
    first_.add(phone, tell);
  }
  void merge(const RepeatOffenders& other);
  void describe(const Context& context, figures::ExpectationResult& result) const;

 private:
  PhoneTable<std::uint8_t> has_offended_;
  FirstOffenders first_;
};

void not_judged(figures::ExpectationResult& result, std::string why);

// For the kinds that go by no event.
struct Tracker {
  void observe(const Seen& /*seen*/) {}
};

}  // namespace provphone::client::expect::detail
