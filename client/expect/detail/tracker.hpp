#pragma once

#include "client/expect/history.hpp"
#include "client/expect/identities.hpp"
#include "client/expect/judge.hpp"
#include "client/expect/power.hpp"
#include "client/expect/selected_phones.hpp"
#include "client/figures/evidence.hpp"
#include "client/figures/loss.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "profile/parameter_set.hpp"

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the trackers of all kinds of expectations have in common.
namespace provphone::client::expect::detail {

// One event, for the call only.
struct Observation {
  std::uint32_t phone;
  const trace::TraceEvent& event;
  Power power{};  // of the phone, by then; not known where nobody looks at it
};

// What a conclusion is drawn from besides the tracker's own memory. Of all parts of the run, once
// they are merged.
struct Context {
  const scenario::Scenario& scenario;
  const SelectedPhones& selected;
  const PhoneTable<Power>& power;
  const History& history;
  const RollCall& roll;
  const Hour& hour;

  // Calls `look(phone)` for each phone of this shard that the expectation is about.
  template <class Look>
  void for_each_selected(Look look) const {
    const auto range = selected.range();
    const auto shard = roll.shard();
    // To the first one from there on that is the shard's.
    auto phone = range.first + (shard.number - 1 + shard.of - range.first % shard.of) % shard.of;
    for (; phone < range.end; phone += shard.of) {
      if (selected.contains(phone)) look(phone);
    }
  }
  std::uint64_t selected_count() const {
    std::uint64_t count = 0;
    for_each_selected([&](std::uint32_t) { ++count; });
    return count;
  }
  // Likewise, but for phones that never had power. For trackers that need it: elsewhere the table
  // is empty.
  template <class Look>
  void for_each_powered(Look look) const {
    for_each_selected([&](std::uint32_t phone) {
      if (power[phone].is_known()) look(phone);
    });
  }
};

// The failures that an expectation reckons with: they are not held against the run, though nobody
// asked for exactly them.
struct Allowance {
  enum class When : std::uint8_t { always, if_it_holds };

  std::optional<figures::Work> work;  // nothing: whatever it is
  std::optional<Errc> code;           // nothing: whatever they fail with
  When when = When::always;
};

// What a tracker has to be told.
struct Needs {
  std::vector<trace::EventKind> events;
  // When phones got power: Observation::power and Context::power.
  bool power = false;
  // Of requests: the members that Judge::wants_headers() is about.
  bool headers = false;
  bool documents = false;  // that phones were sent, for what they say of other phones
  bool profiles = false;   // the same, for what they say
  bool final = false;      // what phones end up with
  // Why a driver that sees no more than a model cannot tell; empty: it can.
  std::string_view beyond_model;
  std::optional<Allowance> allows;
};

// What one expectation has to remember while a run goes, and what it makes of that in the end. It
// is told of the phones that the expectation is about, and of what it needs, each phone in the
// order of time. On one thread, like its judge.
class Tracker {
 public:
  virtual ~Tracker() = default;

  // Always the same: it is asked once, before anything is told.
  virtual Needs needs() const = 0;

  virtual void observe(const Observation& /*seen*/) {}
  // A decoded profile that the phone was sent, by what it says of other phones: mostly nothing.
  // Once a document.
  virtual void document(std::uint32_t /*phone*/, const std::vector<Incident>& /*incidents*/) {}
  // The same profile's text, for the call only.
  virtual void profile(std::uint32_t /*phone*/, std::string_view /*text*/) {}
  // What the phone ends up with, once a phone.
  virtual void final(std::uint32_t /*phone*/, const profile::ParameterSet& /*parameters*/) {}

  // Nothing where it may still come true, or nobody knows yet.
  virtual figures::Loss loss() const { return {}; }

  // `other` tracks the same expectation in another part of the run: it is of the same class.
  virtual void merge(const Tracker& other) = 0;

  // Into evidence that says whose it is and nothing more: criterion, counts and witnesses. May be
  // asked again.
  virtual void collect(const Context& context, figures::Evidence& evidence) const = 0;
};

// What was expected of a phone and what came, as clauses for a person, without secrets.
struct Offence {
  std::string expected, got;
};

// The phones with the lowest numbers of those that did not do as expected, figures::max_failures of
// them: which those are does not depend on who was told of what first.
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
  void testify(const Context& context, figures::Evidence& evidence) const;
  const std::map<std::uint32_t, Offence>& all() const { return offences_; }

 private:
  std::map<std::uint32_t, Offence> offences_;
};

// Phones that may offend again and again, and count once. An octet a phone.
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
  bool empty() const { return first_.empty(); }
  void testify(const Context& context, figures::Evidence& evidence) const;

 private:
  PhoneTable<std::uint8_t> has_offended_;
  FirstOffenders first_;
};

// The phone as it is told of: its address, what it did last, and what kept it from being
// provisioned.
figures::Witness witness_of(const Context& context, std::uint32_t phone, Offence offence);

inline constexpr const char* no_power = "none of these phones ever had power";

}  // namespace provphone::client::expect::detail
