#include "client/expect/judge.hpp"

#include "client/expect/detail/counters.hpp"
#include "client/expect/detail/trackers.hpp"
#include "client/scenario/phones.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace provphone::client::expect {
namespace {

using namespace detail;
using scenario::Expectation;
using scenario::Scenario;
using trace::EventKind;
using trace::TraceEvent;

using AnyTracker =
    std::variant<ConvergenceTracker, QuietTracker, ParameterTracker, LatencyTracker, RequestCounter,
                 OrderTracker, ErrorCounter, LogCounter, ForeignTracker>;

constexpr std::size_t kind_count = static_cast<std::size_t>(EventKind::parameters_set) + 1;

std::size_t number_of(EventKind kind) {
  return static_cast<std::size_t>(kind);
}

struct MakeTracker {
  const Scenario& scenario;
  PhoneRange range;

  AnyTracker operator()(const scenario::NoForeignIdentity&) const { return ForeignTracker(range); }
  AnyTracker operator()(const scenario::Converged& what) const { return ConvergenceTracker(what); }
  AnyTracker operator()(const scenario::NoRequestBefore& what) const {
    return QuietTracker(what, range);
  }
  AnyTracker operator()(const scenario::ParameterValue& what) const {
    return ParameterTracker(scenario, what);
  }
  AnyTracker operator()(const scenario::LatencyLimit& what) const { return LatencyTracker(what); }
  AnyTracker operator()(const scenario::RequestsMade& what) const {
    if (what.then.empty()) return RequestCounter(scenario, what, range);
    return OrderTracker(scenario, what, range);
  }
  AnyTracker operator()(const scenario::ErrorsSeen& what) const {
    return ErrorCounter(what, range);
  }
  AnyTracker operator()(const scenario::LogLines& what) const { return LogCounter(what, range); }
};

// The events that a tracker goes by.
std::vector<EventKind> kinds_of(const Expectation& expectation) {
  struct Kinds {
    std::vector<EventKind> operator()(const scenario::NoForeignIdentity&) const { return {}; }
    std::vector<EventKind> operator()(const scenario::Converged&) const { return {}; }
    std::vector<EventKind> operator()(const scenario::NoRequestBefore&) const {
      return {EventKind::request};
    }
    std::vector<EventKind> operator()(const scenario::ParameterValue&) const { return {}; }
    std::vector<EventKind> operator()(const scenario::LatencyLimit& what) const {
      const bool decodes = what.stage == scenario::LatencyStage::decode;
      return {decodes ? EventKind::applied : EventKind::response};
    }
    std::vector<EventKind> operator()(const scenario::RequestsMade&) const {
      return {EventKind::request};
    }
    std::vector<EventKind> operator()(const scenario::ErrorsSeen&) const {
      return {EventKind::pass_failed};
    }
    std::vector<EventKind> operator()(const scenario::LogLines&) const {
      return {EventKind::syslog};
    }
  };
  return std::visit(Kinds{}, expectation.what);
}

bool looks_at_headers(const Expectation& expectation) {
  const auto* what = std::get_if<scenario::RequestsMade>(&expectation.what);
  return what != nullptr && !(what->user_agent + what->content_type + what->certificate).empty();
}

// Why a driver that sees no more than a model cannot tell; empty where it can.
std::string_view beyond_model(const Expectation& expectation) {
  struct Beyond {
    std::string_view operator()(const scenario::NoForeignIdentity&) const {
      return "a modelled server sends each phone its own file";
    }
    std::string_view operator()(const scenario::LogLines&) const { return ""; }
    std::string_view operator()(const scenario::LatencyLimit& what) const {
      return what.stage == scenario::LatencyStage::fetch ? ""
                                                         : "a modelled server has no such stage";
    }
    std::string_view operator()(const scenario::RequestsMade& what) const {
      return what.certificate.empty() ? "" : "certificates are not modelled";
    }
    std::string_view operator()(const scenario::Converged&) const { return ""; }
    std::string_view operator()(const scenario::NoRequestBefore&) const { return ""; }
    std::string_view operator()(const scenario::ParameterValue&) const { return ""; }
    std::string_view operator()(const scenario::ErrorsSeen&) const { return ""; }
  };
  return std::visit(Beyond{}, expectation.what);
}

bool counts_each(const scenario::Bounds& bounds) {
  return bounds.counted == scenario::Counted::each;
}

// Whether it matters when phones got power.
bool looks_at_power(const Expectation& expectation) {
  struct Looks {
    bool operator()(const scenario::Converged&) const { return true; }
    bool operator()(const scenario::NoRequestBefore&) const { return true; }
    bool operator()(const scenario::RequestsMade& what) const {
      return !what.then.empty() || counts_each(what.bounds);
    }
    bool operator()(const scenario::ErrorsSeen& what) const { return counts_each(what.bounds); }
    bool operator()(const scenario::LogLines& what) const { return counts_each(what.bounds); }
    bool operator()(const scenario::ParameterValue&) const { return false; }
    bool operator()(const scenario::LatencyLimit&) const { return false; }
    bool operator()(const scenario::NoForeignIdentity&) const { return false; }
  };
  return std::visit(Looks{}, expectation.what);
}

bool allows_one(const scenario::ErrorsSeen& errors) {
  return errors.bounds.most != 0U;
}

void add_counts(std::map<Errc, std::uint64_t>& counts, const std::map<Errc, std::uint64_t>& more) {
  for (const auto& [code, count] : more) counts[code] += count;
}

// Of a phone that two judges were told of: what happened later counts.
Power later_of(const Power& mine, const Power& others) {
  if (mine.since != others.since) return mine.since > others.since ? mine : others;
  return mine.took >= 0 ? mine : others;
}

}  // namespace

class Judge::Impl {
 public:
  Impl(const Scenario& scenario, Sight sight, PhoneRange range,
       std::shared_ptr<const Identities> identities);

  bool wants(EventKind kind) const;
  bool wants_final() const { return !finals_.empty(); }
  bool wants_documents() const { return !documents_.empty(); }
  bool wants_headers() const { return wants_headers_; }
  void observe(std::uint32_t phone, const TraceEvent& event);
  void document(std::uint32_t phone, std::string_view document);
  void final(std::uint32_t phone, const profile::ParameterSet& parameters);
  void merge(const Impl& other);
  std::vector<figures::ExpectationResult> conclude() const;
  std::map<Errc, std::uint64_t> unexpected_failures(
      const std::vector<figures::ExpectationResult>& concluded) const;

 private:
  struct Case {
    std::string_view why_not_judged;  // empty: it is
    Chosen chosen;
    AnyTracker tracker;
  };

  void add_case(std::size_t number, Sight sight, PhoneRange range);
  void note_power(std::uint32_t phone, const TraceEvent& event);
  void note_failure(std::uint32_t phone, const TraceEvent& event);
  figures::ExpectationResult conclude(std::size_t number) const;

  const Scenario* scenario_;
  std::shared_ptr<const Identities> identities_;
  std::vector<Case> cases_;  // by expectation
  std::array<std::vector<std::uint32_t>, kind_count> by_kind_;
  std::vector<std::uint32_t> finals_, documents_;
  bool wants_headers_ = false;
  bool looks_at_power_;
  PhoneTable<Power> power_;  // empty where nobody looks at it
  Recollection recollection_;
  std::map<Errc, std::uint64_t> unexpected_;
  std::map<Errc, std::uint64_t> unless_converged_;  // of phones that are expected to converge
};

Judge::Impl::Impl(const Scenario& scenario, Sight sight, PhoneRange range,
                  std::shared_ptr<const Identities> identities)
    : scenario_(&scenario),
      identities_(std::move(identities)),
      looks_at_power_(std::any_of(scenario.expect.begin(), scenario.expect.end(), looks_at_power)),
      power_(looks_at_power_ ? range : PhoneRange{}, {}),
      recollection_(scenario::phone_count(scenario), range) {
  cases_.reserve(scenario.expect.size());
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) add_case(i, sight, range);
}

void Judge::Impl::add_case(std::size_t number, Sight sight, PhoneRange range) {
  const auto& expectation = scenario_->expect[number];
  const auto why_not = sight == Sight::modelled ? beyond_model(expectation) : std::string_view();
  cases_.push_back({why_not, Chosen(*scenario_, number, range),
                    std::visit(MakeTracker{*scenario_, range}, expectation.what)});
  if (!why_not.empty()) return;
  const auto index = static_cast<std::uint32_t>(number);
  for (const auto kind : kinds_of(expectation)) by_kind_[number_of(kind)].push_back(index);
  if (std::holds_alternative<scenario::ParameterValue>(expectation.what)) finals_.push_back(index);
  if (std::holds_alternative<scenario::NoForeignIdentity>(expectation.what) && identities_)
    documents_.push_back(index);
  wants_headers_ = wants_headers_ || looks_at_headers(expectation);
}

bool Judge::Impl::wants(EventKind kind) const {
  const bool for_power = kind == EventKind::powered_on || kind == EventKind::pass_succeeded;
  return (for_power && looks_at_power_) || recollection_.wants(kind) ||
         !by_kind_[number_of(kind)].empty();
}

// A restart is no power-on: the phone has been at work since it got power.
void Judge::Impl::note_power(std::uint32_t phone, const TraceEvent& event) {
  auto& power = power_[phone];
  const auto now = event.at.time_since_epoch().count();
  if (event.event == EventKind::powered_on) {
    const bool had_none =
        event.reason.value_or(resync::Reason::power_on) == resync::Reason::power_on;
    if (had_none) power = {now, -1};
  } else if (power.is_known() && power.took < 0) {
    power.took = now - power.since;
  }
}

void Judge::Impl::note_failure(std::uint32_t phone, const TraceEvent& event) {
  bool should_converge = false;
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (!cases_[i].chosen.contains(phone)) continue;
    const auto& what = scenario_->expect[i].what;
    const auto* errors = std::get_if<scenario::ErrorsSeen>(&what);
    if (errors != nullptr && errors->code == event.error && allows_one(*errors)) return;
    should_converge = should_converge || std::holds_alternative<scenario::Converged>(what);
  }
  ++(should_converge ? unless_converged_ : unexpected_)[*event.error];
}

void Judge::Impl::observe(std::uint32_t phone, const TraceEvent& event) {
  const bool is_about_power =
      event.event == EventKind::powered_on || event.event == EventKind::pass_succeeded;
  if (is_about_power && looks_at_power_) note_power(phone, event);
  if (event.event == EventKind::pass_failed) note_failure(phone, event);
  if (recollection_.wants(event.event)) recollection_.observe(phone, event);
  for (const auto index : by_kind_[number_of(event.event)]) {
    auto& [why_not, chosen, tracker] = cases_[index];
    if (!chosen.contains(phone)) continue;
    const Seen seen{phone, event, looks_at_power_ ? power_[phone] : Power{}};
    std::visit([&](auto& it) { it.observe(seen); }, tracker);
  }
}

void Judge::Impl::document(std::uint32_t phone, std::string_view document) {
  if (documents_.empty()) return;
  const auto incidents = identities_->foreign_in(phone, document);
  for (const auto index : documents_) {
    if (!cases_[index].chosen.contains(phone)) continue;
    auto& tracker = std::get<ForeignTracker>(cases_[index].tracker);
    tracker.document_read();
    for (const auto& incident : incidents) tracker.incident(*scenario_, incident);
  }
}

void Judge::Impl::final(std::uint32_t phone, const profile::ParameterSet& parameters) {
  for (const auto index : finals_) {
    if (cases_[index].chosen.contains(phone))
      std::get<ParameterTracker>(cases_[index].tracker).final(phone, parameters);
  }
}

void Judge::Impl::merge(const Impl& other) {
  assert(scenario_ == other.scenario_);
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    cases_[i].chosen.merge(other.cases_[i].chosen);
    std::visit(
        [&](auto& mine) {
          mine.merge(std::get<std::decay_t<decltype(mine)>>(other.cases_[i].tracker));
        },
        cases_[i].tracker);
  }
  power_.merge(other.power_, later_of);
  recollection_.merge(other.recollection_);
  add_counts(unexpected_, other.unexpected_);
  add_counts(unless_converged_, other.unless_converged_);
}

figures::ExpectationResult Judge::Impl::conclude(std::size_t number) const {
  const auto& expectation = scenario_->expect[number];
  const auto& [why_not, chosen, tracker] = cases_[number];
  figures::ExpectationResult result;
  result.title = expectation.title;
  result.line = expectation.line;
  if (!why_not.empty()) {
    not_judged(result, std::string(why_not));
    return result;
  }
  const Context context{*scenario_, chosen, power_, recollection_};
  std::visit([&](const auto& it) { it.conclude(context, result); }, tracker);
  return result;
}

std::vector<figures::ExpectationResult> Judge::Impl::conclude() const {
  std::vector<figures::ExpectationResult> results;
  results.reserve(cases_.size());
  for (std::size_t i = 0; i < cases_.size(); ++i) results.push_back(conclude(i));
  return results;
}

std::map<Errc, std::uint64_t> Judge::Impl::unexpected_failures(
    const std::vector<figures::ExpectationResult>& concluded) const {
  auto failures = unexpected_;
  bool all_converged = true;
  for (std::size_t i = 0; i < concluded.size(); ++i) {
    if (std::holds_alternative<scenario::Converged>(scenario_->expect[i].what))
      all_converged = all_converged && concluded[i].status == figures::Judgement::passed;
  }
  if (!all_converged) add_counts(failures, unless_converged_);
  return failures;
}

std::shared_ptr<const Identities> identities_for(const Scenario& scenario) {
  const bool is_needed =
      std::any_of(scenario.expect.begin(), scenario.expect.end(), [](const auto& expectation) {
        return std::holds_alternative<scenario::NoForeignIdentity>(expectation.what);
      });
  return is_needed ? std::make_shared<const Identities>(scenario) : nullptr;
}

Judge::Judge(const Scenario& scenario, Sight sight, PhoneRange range,
             std::shared_ptr<const Identities> identities)
    : impl_(std::make_unique<Impl>(scenario, sight, range, std::move(identities))) {}

Judge::Judge(const Scenario& scenario, Sight sight)
    : Judge(scenario, sight, {0, scenario::phone_count(scenario)},
            sight == Sight::real ? identities_for(scenario) : nullptr) {}

Judge::~Judge() = default;
Judge::Judge(Judge&& other) noexcept = default;
Judge& Judge::operator=(Judge&& other) noexcept = default;

bool Judge::wants(EventKind kind) const {
  return impl_->wants(kind);
}

bool Judge::wants_final() const {
  return impl_->wants_final();
}

bool Judge::wants_documents() const {
  return impl_->wants_documents();
}

bool Judge::wants_headers() const {
  return impl_->wants_headers();
}

void Judge::observe(std::uint32_t phone, const TraceEvent& event) {
  impl_->observe(phone, event);
}

void Judge::document(std::uint32_t phone, std::string_view document) {
  impl_->document(phone, document);
}

void Judge::final(std::uint32_t phone, const profile::ParameterSet& parameters) {
  impl_->final(phone, parameters);
}

void Judge::merge(const Judge& other) {
  impl_->merge(*other.impl_);
}

std::vector<figures::ExpectationResult> Judge::conclude() const {
  return impl_->conclude();
}

std::map<Errc, std::uint64_t> Judge::unexpected_failures(
    const std::vector<figures::ExpectationResult>& concluded) const {
  return impl_->unexpected_failures(concluded);
}

}  // namespace provphone::client::expect
