#include "client/figures/verdicts.hpp"

#include "client/figures/version.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace provphone::client::figures {
namespace {

// Where phones count together, `failed` is 0 and the failures are all that there is.
std::uint64_t failure_count(const ExpectationResult& result) {
  return std::max<std::uint64_t>(result.failed, result.failures.size());
}

void add_lines(std::string& text, std::span<const std::string> lines) {
  for (const auto& line : lines) text.append(line).push_back('\n');
}

// What a phone did last is said once, however many expectations it fails.
bool is_explained(const ExpectationFailure& failure,
                  std::span<const ExpectationFailure* const> shown) {
  return !failure.reasons.empty() &&
         std::any_of(shown.begin(), shown.end(), [&](const ExpectationFailure* earlier) {
           return earlier->phone == failure.phone && earlier->reasons == failure.reasons;
         });
}

std::vector<std::string> brief_lines_of(const ExpectationResult& result,
                                        ExpectationFailure failure) {
  failure.reasons = {"as above"};
  return lines_of(result, failure);
}

std::string first_failures(const Verdicts& verdicts) {
  std::string text;
  std::vector<const ExpectationFailure*> shown;
  const ExpectationResult* last = nullptr;  // whose first line need not be said again
  // Round by round, so that an expectation that fails for each phone does not hide the others.
  for (std::size_t turn = 0; turn < max_failures; ++turn) {
    for (const auto& result : verdicts.expectations) {
      if (shown.size() == max_failures || turn >= result.failures.size()) continue;
      const auto& failure = result.failures[turn];
      const bool explained = is_explained(failure, shown);
      // An expectation's first failure is always shown, however briefly.
      if (explained && turn > 0) continue;
      const auto lines = explained ? brief_lines_of(result, failure) : lines_of(result, failure);
      add_lines(text, std::span(lines).subspan(last == &result ? 1 : 0));
      last = &result;
      shown.push_back(&failure);
    }
  }
  std::uint64_t all = 0;
  for (const auto& result : verdicts.expectations) {
    if (result.status == Judgement::failed) all += failure_count(result);
  }
  if (all > shown.size()) text += fmt::format("and {} more\n", all - shown.size());
  return text;
}

}  // namespace

std::string_view name(Judgement judgement) {
  constexpr EnumArray<Judgement, std::string_view> names{{"passed", "failed", "not_judged"}};
  return names[judgement];
}

Verdicts verdicts_for(const RunFacts& facts) {
  Verdicts verdicts;
  verdicts.title = facts.title;
  verdicts.file = facts.file;
  verdicts.properties = {{"phones", std::to_string(facts.phones)},
                         {"seed", std::to_string(facts.seed)},
                         {"scenario_hash", facts.scenario_hash},
                         {"version", std::string(version)}};
  return verdicts;
}

Verdict verdict_of(const Verdicts& verdicts) {
  if (!verdicts.void_reasons.empty()) return Verdict::void_run;
  const bool fails =
      !verdicts.failed_passes.empty() ||
      std::any_of(verdicts.expectations.begin(), verdicts.expectations.end(),
                  [](const auto& result) { return result.status == Judgement::failed; });
  return fails ? Verdict::fail : Verdict::pass;
}

std::string extent_of(const ExpectationResult& result) {
  if (result.failed == 0) return fmt::format("{} phones together", result.phones);
  return fmt::format("{} of {} phones", result.failed, result.phones);
}

std::vector<std::string> lines_of(const ExpectationResult& result,
                                  const ExpectationFailure& failure) {
  std::vector<std::string> lines{
      fmt::format("failed: {} ({}{})", result.title, extent_of(result),
                  result.line > 0 ? fmt::format(", line {}", result.line) : "")};
  const auto who = failure.phone ? format_lower(*failure.phone) : std::string("all phones");
  lines.push_back(fmt::format("  {:<12}  expected {}", who, failure.expected));
  lines.push_back(fmt::format("  {:<12}  got      {}", "", failure.got));
  const auto reasons = std::min(failure.reasons.size(), max_reasons);
  for (std::size_t i = 0; i < reasons; ++i)
    lines.push_back(fmt::format("  {:<12}  {}", "", failure.reasons[i]));
  // What servers sent may be in it, and a line has to stay one.
  for (auto& line : lines)
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return lines;
}

std::vector<std::string> failed_pass_clauses(const Verdicts& verdicts) {
  std::vector<std::string> clauses;
  for (const auto& [code, count] : verdicts.failed_passes)
    clauses.push_back(
        fmt::format("{} {}", name(code), count == 1 ? "once" : fmt::format("{} times", count)));
  return clauses;
}

std::string format_failures(const Verdicts& verdicts) {
  auto text = first_failures(verdicts);
  for (const auto& result : verdicts.expectations) {
    if (result.status == Judgement::not_judged)
      text += fmt::format("not judged: {}: {}\n", result.title, result.why_not_judged);
  }
  return text;
}

}  // namespace provphone::client::figures
