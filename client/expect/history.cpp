#include "client/expect/history.hpp"

#include "client/trace/sentence.hpp"
#include "macro/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::expect {
namespace {

using trace::EventKind;
using trace::TraceEvent;

// One line, whatever a server sent.
constexpr std::size_t longest_text = 300;  // octets

// Without Resync_At there is no such timer, which says nothing.
bool is_timer_that_stays_off(const TraceEvent& event) {
  return event.due == resync::Time::max() && event.timer != resync::Timer::resync_at;
}

std::string text_of(const TraceEvent& event) {
  if (event.event == EventKind::rule_skipped)
    return fmt::format("{}: {}", event.rule, sentence(*event.reason));
  auto text = trace::line_text(event);
  // A timeline says so in the line of the answer, which is not remembered.
  if (event.event == EventKind::pass_failed && !event.said.empty())
    text += fmt::format("; the server said: {}", event.said);
  return text;
}

// No character is cut in the middle.
std::string shortened(std::string text) {
  auto end = std::min(text.size(), longest_text);
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;
  text.resize(end);
  return text;
}

bool is_worth_keeping(const TraceEvent& event) {
  switch (event.event) {
    case EventKind::timer_armed:
      return is_timer_that_stays_off(event);
    case EventKind::rule_skipped:
      return event.reason != resync::Reason::rule_empty;
    case EventKind::resync_requested:
    case EventKind::restart_requested:
    case EventKind::parameters_set:
    case EventKind::notified:
      return !trace::line_text(event).empty();
    default:
      return true;
  }
}

}  // namespace

History::History(std::uint32_t phones, PhoneRange range)
    : remembers_all_(phones <= max_remembered_phones), obstacles_(range, {}) {
  if (remembers_all_) decisions_ = {range, {}};
}

bool History::wants(EventKind kind) const {
  switch (kind) {
    case EventKind::pass_gated:
    case EventKind::pass_failed:
    case EventKind::pass_succeeded:
      return true;
    case EventKind::powered_on:
    case EventKind::powered_off:
    case EventKind::rebooted:
    case EventKind::timer_armed:
    case EventKind::pass_deferred:
    case EventKind::rule_skipped:
    case EventKind::request:
    case EventKind::applied:
    case EventKind::resync_requested:
    case EventKind::restart_requested:
    case EventKind::parameters_set:
    case EventKind::notified:
    case EventKind::upgrade_requested:
    case EventKind::upgrade_deferred:
    case EventKind::factory_reset:
    case EventKind::custom_ca_requested:
    case EventKind::link_lost:
    case EventKind::link_restored:
    case EventKind::lease_changed:
    case EventKind::onboarding_requested:
    case EventKind::code_entered:
    case EventKind::code_judged:
    case EventKind::migrated:
      return remembers_all_;
    default:
      return false;
  }
}

void History::observe(std::uint32_t phone, const TraceEvent& event) {
  if (event.event == EventKind::pass_gated || event.event == EventKind::pass_failed)
    obstacles_[phone] = {event.error, event.reason};
  // What was in the way before is not the reason for what comes now.
  if (event.event == EventKind::pass_succeeded) obstacles_[phone] = {};
  if (!remembers_all_ || !is_worth_keeping(event)) return;
  auto& kept = decisions_[phone].decisions;
  const auto weight = event.event == EventKind::timer_armed ? Weight::filling : Weight::telling;
  // One too many for a moment: which of them goes depends on the new one as well.
  kept.push_back({event.at, shortened(text_of(event)), weight});
  shorten(kept, figures::max_reasons);
}

void History::shorten(std::vector<Decision>& decisions, std::size_t count) {
  while (decisions.size() > count) {
    const auto filling = std::find_if(decisions.begin(), decisions.end(), [](const Decision& one) {
      return one.weight == Weight::filling;
    });
    decisions.erase(filling == decisions.end() ? decisions.begin() : filling);
  }
}

void History::merge(const History& other) {
  decisions_.merge(other.decisions_, [](LastDecisions mine, const LastDecisions& others) {
    auto& all = mine.decisions;
    all.insert(all.end(), others.decisions.begin(), others.decisions.end());
    std::stable_sort(all.begin(), all.end(),
                     [](const Decision& a, const Decision& b) { return a.at < b.at; });
    shorten(all, figures::max_reasons);
    return mine;
  });
  obstacles_.merge(other.obstacles_, [](const Obstacle& mine, const Obstacle& others) {
    // Without a reason the other part met no obstacle; whether it saw a pass at all is not known.
    return others.reason ? others : mine;
  });
}

std::string History::remedy_of(const Obstacle& obstacle) {
  if (obstacle.error) return fmt::format("to mend it: {}", remedy(*obstacle.error));
  const auto advice = obstacle.reason ? resync::remedy(*obstacle.reason) : "";
  return advice.empty() ? std::string() : fmt::format("to mend it: {}", advice);
}

std::vector<std::string> History::tell(std::uint32_t phone) const {
  const auto& obstacle = obstacles_[phone];
  const auto advice = remedy_of(obstacle);
  std::vector<std::string> lines;
  if (remembers_all_) {
    auto decisions = decisions_[phone].decisions;
    // The advice takes one of the lines.
    shorten(decisions, figures::max_reasons - (advice.empty() ? 0 : 1));
    for (const auto& [at, text, weight] : decisions) {
      const auto seconds = static_cast<double>(at.time_since_epoch().count()) / 1000.0;
      lines.push_back(fmt::format("{:.3f} s {}", seconds, text));
    }
  } else if (obstacle.error) {
    lines.push_back(fmt::format("its last pass failed: {}", name(*obstacle.error)));
  } else if (obstacle.reason) {
    lines.push_back(fmt::format("its last pass was held: {}", sentence(*obstacle.reason)));
  } else {
    lines.emplace_back("its last pass, if it made one, was neither held nor failed");
  }
  if (!advice.empty()) lines.push_back(advice);
  return lines;
}

}  // namespace provphone::client::expect
