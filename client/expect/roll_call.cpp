#include "client/expect/roll_call.hpp"

#include "client/expect/judge.hpp"
#include "client/figures/verdict_text.hpp"
#include "client/scenario/phones.hpp"
#include "macro/hide.hpp"

#include <algorithm>

namespace provphone::client::expect {
namespace {

using figures::Cause;
using figures::Failures;
using figures::Work;
using trace::EventKind;

Work work_of(EventKind kind) {
  if (kind == EventKind::upgrade_done) return Work::upgrade;
  return kind == EventKind::reported ? Work::report : Work::pass;
}

// `http://192.0.2.1:8080` of all that is behind it.
std::string_view server_of(std::string_view url) {
  const auto host = url.find("://");
  return host == std::string_view::npos ? url : url.substr(0, url.find('/', host + 3));
}

}  // namespace

RollCall::RollCall(const scenario::Scenario* scenario, PhoneRange range, figures::Shard shard)
    : scenario_(scenario),
      range_(range),
      shard_(shard),
      states_(range, 0),
      last_causes_(range, 0) {}

std::string_view RollCall::group_of(std::uint32_t phone) const {
  if (scenario_ == nullptr) return {};
  return scenario_->phones[scenario::group_of(*scenario_, phone)].name;
}

void RollCall::powered_on(std::uint32_t phone) {
  states_[phone] |= powered;
}

void RollCall::powered_off(std::uint32_t phone) {
  states_[phone] &= static_cast<State>(~in_pass);
}

void RollCall::pass_started(std::uint32_t phone) {
  // A phone that was up before anybody looked has power all the same.
  states_[phone] |= powered | in_pass;
}

void RollCall::pass_succeeded(std::uint32_t phone, bool has_file) {
  ++done_[Work::pass];
  auto& state = states_[phone];
  state &= static_cast<State>(~in_pass);
  if (has_file) state |= provisioned;
}

std::uint16_t RollCall::number_of(Cause cause) {
  auto found = std::find(causes_.begin(), causes_.end(), cause);
  if (found == causes_.end() && causes_.size() >= most_causes) {
    cause.server.clear();
    found = std::find(causes_.begin(), causes_.end(), cause);
  }
  if (found == causes_.end()) {
    found = causes_.insert(causes_.end(), std::move(cause));
    failures_.emplace_back();
  }
  return static_cast<std::uint16_t>(found - causes_.begin() + 1);
}

void RollCall::failed(std::uint32_t phone, MacAddress mac, const Failure& failure) {
  const bool is_pass = failure.work == Work::pass;
  if (is_pass) states_[phone] &= static_cast<State>(~in_pass);
  if (is_pass && failure.excuse == Excuse::always) last_causes_[phone] = 0;
  if (failure.excuse == Excuse::always) return;
  const auto number = number_of({failure.work, failure.code, std::string(server_of(failure.url)),
                                 std::string(group_of(phone))});
  if (is_pass) last_causes_[phone] = number;
  auto& all = failures_[number - 1U];
  const bool is_first = all.times + all.unless_held == 0 || phone < all.first_number;
  ++(failure.excuse == Excuse::if_held ? all.unless_held : all.times);
  if (!is_first) return;
  all.first_number = phone;
  all.first = mac;
  all.url = macro::hide_query_secrets(failure.url);
  all.detail = failure.detail;
  all.said = failure.said;
}

void RollCall::observe(std::uint32_t phone, const trace::TraceEvent& event, const Judge* judge) {
  switch (event.event) {
    case EventKind::powered_on:
      return powered_on(phone);
    case EventKind::powered_off:
      return powered_off(phone);
    case EventKind::pass_started:
      return pass_started(phone);
    case EventKind::pass_succeeded:
      return pass_succeeded(phone, event.has_file);
    case EventKind::pass_failed:
    case EventKind::upgrade_done:
    case EventKind::reported:
      break;
    default:
      return;
  }
  const auto work = work_of(event.event);
  if (!event.error) return done(work);
  const auto excuse = judge == nullptr ? Excuse::none : judge->excuse_of(phone, work, *event.error);
  failed(phone, event.phone, {work, *event.error, event.url, event.detail, event.said, excuse});
}

void RollCall::merge(const RollCall& other) {
  std::vector<std::uint16_t> mine(other.causes_.size() + 1, 0);
  for (std::size_t i = 0; i < other.causes_.size(); ++i) {
    mine[i + 1] = number_of(other.causes_[i]);
    figures::merge(failures_[mine[i + 1] - 1U], other.failures_[i]);
  }
  auto causes = other.last_causes_;
  for (auto phone = other.range_.first; phone < other.range_.end; ++phone)
    causes[phone] = mine[causes[phone]];
  states_.merge(other.states_, [](State a, State b) { return static_cast<State>(a | b); });
  last_causes_.merge(causes, [](std::uint16_t a, std::uint16_t b) { return a != 0 ? a : b; });
  range_ = {std::min(range_.first, other.range_.first), std::max(range_.end, other.range_.end)};
  for (const auto work : every<Work>) done_[work] += other.done_[work];
}

figures::Extent RollCall::extent() const {
  figures::Extent extent;
  for (auto phone = range_.first; phone < range_.end; ++phone) {
    if (!shard_.has(phone)) continue;
    const auto state = states_[phone];
    ++extent.phones;
    if ((state & powered) != 0) ++extent.powered;
    if ((state & provisioned) != 0) ++extent.provisioned;
    if (is_under_way(phone)) ++extent.under_way;
  }
  return extent;
}

std::map<Cause, Failures> RollCall::failures_so_far() const {
  std::map<Cause, Failures> by_cause;
  for (std::size_t i = 0; i < causes_.size(); ++i) by_cause.emplace(causes_[i], failures_[i]);
  return by_cause;
}

std::map<Cause, Failures> RollCall::failures() const {
  std::vector<std::uint64_t> kept_off(causes_.size() + 1, 0);
  for (auto phone = range_.first; phone < range_.end; ++phone) {
    if (!is_provisioned(phone)) ++kept_off[last_causes_[phone]];
  }
  auto by_cause = failures_so_far();
  for (std::size_t i = 0; i < causes_.size(); ++i)
    by_cause.at(causes_[i]).kept_off = kept_off[i + 1];
  return by_cause;
}

std::string RollCall::cause_of(std::uint32_t phone) const {
  const auto number = last_causes_[phone];
  if (number == 0 || is_provisioned(phone)) return {};
  return text_of(causes_[number - 1U]);
}

}  // namespace provphone::client::expect
