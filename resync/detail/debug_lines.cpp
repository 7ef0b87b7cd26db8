#include "resync/detail/debug_lines.hpp"

#include "profile/catalogue.hpp"
#include "profile/parameter_id.hpp"
#include "resync/messages.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace provphone::resync::detail {
namespace {

// Empty: nothing is said.
struct DebugLine {
  Severity severity = Severity::debug;
  std::string text{};
};

// Errors by their code alone: a detail may be long, and is for whoever reads a trace. No size: a
// modelled file's is a figure of the scenario.
DebugLine line_of(const AnswerSeen& seen) {
  if (seen.error) {
    return {Severity::info, fmt::format("{}: no answer, {}", seen.rule, name(seen.error->code))};
  }
  auto text = seen.status ? fmt::format("{}: status {}", seen.rule, *seen.status)
                          : fmt::format("{}: answered", seen.rule);
  if (seen.refused) text.append(", ").append(name(*seen.refused));
  return {Severity::info, std::move(text)};
}

// Names and no values: some are secret.
DebugLine line_of(const Applied& applied) {
  if (applied.changed.empty())
    return {Severity::notice, fmt::format("{}: no parameter changed", applied.rule)};
  std::string text = fmt::format("{}: changed", applied.rule);
  constexpr std::size_t most_named = 20;  // one datagram
  for (std::size_t i = 0; i < applied.changed.size() && i < most_named; ++i)
    text.append(" ").append(profile::parameter(applied.changed[i]).name);
  if (applied.changed.size() > most_named)
    text += fmt::format(" and {} more", applied.changed.size() - most_named);
  return {Severity::notice, std::move(text)};
}

struct Describe {
  DebugLine operator()(const LookUp& look_up) const {
    return {Severity::debug, fmt::format("looking up SRV {}", look_up.name)};
  }
  DebugLine operator()(const RulePassedOver& rule) const {
    return {Severity::info, fmt::format("{}: passed over, {}", rule.rule, name(rule.why))};
  }
  DebugLine operator()(const RequestMade& made) const {
    const bool posts = made.method == Request::Method::post || made.method == Request::Method::put;
    return {Severity::info,
            fmt::format("{}: {} {}", made.rule, posts ? "sending to" : "asking for", made.url)};
  }
  DebugLine operator()(const AnswerSeen& seen) const { return line_of(seen); }
  DebugLine operator()(const Applied& applied) const { return line_of(applied); }
  DebugLine operator()(const UpgradeStarted& upgrade) const {
    return {Severity::notice, fmt::format("{}: loading {}", upgrade.rule, upgrade.load)};
  }
  DebugLine operator()(const UpgradeEnded& upgrade) const {
    if (!upgrade.error)
      return {Severity::notice, fmt::format("{}: runs {}", upgrade.rule, upgrade.load)};
    return {Severity::notice, fmt::format("{}: {}", upgrade.rule, name(upgrade.error->code))};
  }
  DebugLine operator()(const ReportEnded& report) const {
    const auto outcome = report.error ? name(report.error->code) : std::string_view("sent");
    return {Severity::notice, fmt::format("{}: report, {}", report.rule, outcome)};
  }
  DebugLine operator()(const RuleFailed& failed) const {
    return {Severity::notice, fmt::format("rule failed: {}", name(failed.error))};
  }
  DebugLine operator()(const Done& done) const {
    const auto* failed = std::get_if<RuleFailed>(&done.event);
    return failed != nullptr ? (*this)(*failed) : DebugLine{};
  }
  DebugLine operator()(const PassStarted& pass) const {
    return {Severity::notice,
            fmt::format("resync {} begins: {}", static_cast<int>(pass.kind), name(pass.reason))};
  }
  template <class Other>
  DebugLine operator()(const Other&) const {
    return {};
  }
};

struct Sender {
  const Device& device;
  std::string_view server;
  std::string_view level;
  Outputs& outputs;

  void send(const DebugLine& line) const {
    if (line.text.empty() || !lets_through(level, line.severity)) return;
    const auto source = device.macros();
    outputs.emplace_back(Log{std::string(server), syslog_identifier(source),
                             expand_text("$PN $MAC -- ", source) + line.text, naming_of(device),
                             device.personality.syslog_form});
  }
};

}  // namespace

bool lets_through(std::string_view debug_level, Severity severity) {
  constexpr std::array<std::array<std::string_view, 2>, 3> levels{
      {{"NOTICE", "1"}, {"INFO", "2"}, {"DEBUG", "3"}}};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const bool is_set = debug_level == levels[i][0] || debug_level == levels[i][1];
    if (is_set) return static_cast<std::size_t>(severity) <= i + 5;
  }
  return false;
}

void add_debug_lines(const Device& device, const Input& input, Outputs& outputs,
                     std::size_t first) {
  const auto server = debug_server(device.parameters);
  if (server.empty()) return;
  const auto level = device.parameters.get(profile::parameter_id("Debug_Level"));
  Outputs said(std::make_move_iterator(outputs.begin() + static_cast<std::ptrdiff_t>(first)),
               std::make_move_iterator(outputs.end()));
  outputs.erase(outputs.begin() + static_cast<std::ptrdiff_t>(first), outputs.end());
  const Sender sender{device, server, level, outputs};
  sender.send(std::visit(Describe{}, input));
  for (auto& output : said) {
    auto line = std::visit(Describe{}, output);
    // Done stays the last output of a retrieval.
    const bool comes_first = std::holds_alternative<Done>(output);
    if (comes_first) sender.send(line);
    outputs.push_back(std::move(output));
    if (!comes_first) sender.send(line);
  }
}

}  // namespace provphone::resync::detail
