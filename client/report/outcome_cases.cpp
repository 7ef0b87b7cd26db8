#include "client/report/outcome_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

using Status = OutcomeCase::Status;

std::ptrdiff_t reason_count(const figures::ExpectationFailure& failure) {
  return static_cast<std::ptrdiff_t>(std::min(failure.reasons.size(), figures::max_reasons));
}

OutcomeCase case_of(const figures::ExpectationResult& result) {
  OutcomeCase one;
  one.name = result.title;
  one.line = result.line;
  if (result.status == figures::Judgement::not_judged) {
    one.status = Status::skipped;
    one.message = result.why_not_judged;
  }
  if (result.status != figures::Judgement::failed) return one;
  one.status = Status::failed;
  one.type = "expectation";
  one.message = extent_of(result);
  if (!result.failures.empty()) {
    const auto& first = result.failures.front();
    const auto who = first.phone ? format_lower(*first.phone) + " " : std::string();
    one.message += fmt::format(": {}expected {}, got {}", who, first.expected, first.got);
    one.reasons.assign(first.reasons.begin(), first.reasons.begin() + reason_count(first));
  }
  for (const auto& failure : result.failures) {
    const auto lines = lines_of(result, failure);
    one.details.insert(one.details.end(), lines.begin() + 1, lines.end());
  }
  if (result.failed > result.failures.size())
    one.details.push_back(fmt::format("  and {} more", result.failed - result.failures.size()));
  if (result.failed > 1) one.reasons.push_back(fmt::format("and {} more", result.failed - 1));
  return one;
}

OutcomeCase passes_case(const figures::Verdicts& verdicts) {
  OutcomeCase one;
  one.name = "no pass failed unexpectedly";
  if (verdicts.failed_passes.empty()) return one;
  one.status = Status::failed;
  one.type = name(verdicts.failed_passes.begin()->first);
  one.details = failed_pass_clauses(verdicts);
  one.message = fmt::format("passes failed: {}", fmt::join(one.details, ", "));
  return one;
}

// The length of the character at the front, or 0 where the octets are none that XML may hold.
std::size_t character_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = octet(0);
  if (first < 0x80) return first >= 0x20 || first == '\n' || first == '\t' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t character = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0U) != 0x80U) return 0;
    character = (character << 6U) | (octet(i) & 0x3fU);
  }
  constexpr std::uint32_t shortest[]{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  const bool is_none = character == 0xfffe || character == 0xffff || character > 0x10ffff;
  return character < shortest[length] || is_surrogate || is_none ? 0 : length;
}

}  // namespace

std::vector<OutcomeCase> cases_of(const figures::Verdicts& verdicts) {
  if (verdicts.verdict == figures::Verdict::void_run) {
    OutcomeCase one;
    one.status = Status::void_run;
    one.name = "the generator kept its schedule";
    one.type = "void";
    one.message = fmt::format("{}", fmt::join(verdicts.void_reasons, "; "));
    return {one};
  }
  std::vector<OutcomeCase> cases;
  for (const auto& result : verdicts.expectations) cases.push_back(case_of(result));
  cases.push_back(passes_case(verdicts));
  return cases;
}

std::string as_clean_text(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const auto length = character_length(text);
    clean += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

}  // namespace provphone::client::report
