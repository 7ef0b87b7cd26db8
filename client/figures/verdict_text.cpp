#include "client/figures/verdict_text.hpp"

#include "macro/remedy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace provphone::client::figures {
namespace {

// Of one expectation; what the others did is in the files.
constexpr std::size_t most_told = 3;

std::string one_line(std::string text) {
  // A line has to stay one.
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : what == "pass" ? "es" : "s");
}

std::size_t count_of(const Verdicts& verdicts, Judgement status) {
  return static_cast<std::size_t>(
      std::count_if(verdicts.expectations.begin(), verdicts.expectations.end(),
                    [&](const ExpectationResult& result) { return result.status == status; }));
}

const ExpectationResult* first_with(const Verdicts& verdicts, Judgement status) {
  const auto found =
      std::find_if(verdicts.expectations.begin(), verdicts.expectations.end(),
                   [&](const ExpectationResult& result) { return result.status == status; });
  return found == verdicts.expectations.end() ? nullptr : &*found;
}

std::string failure_headline(const Verdicts& verdicts) {
  const auto groups = grouped(verdicts.failures);
  const auto& first = groups.front();
  const auto more =
      groups.size() > 1 ? fmt::format(", and {} more", counted(groups.size() - 1, "cause")) : "";
  if (first.failures.kept_off > 0)
    return fmt::format("{} of {} {} not provisioned: {}{}", first.failures.kept_off,
                       counted(verdicts.extent.phones, "phone"),
                       first.failures.kept_off == 1 ? "was" : "were", text_of(first.cause), more);
  return fmt::format("{} failed: {}{}", counted(first.failures.times, name(first.cause.work)),
                     text_of(first.cause), more);
}

std::string expectation_headline(const Verdicts& verdicts) {
  const auto failed = count_of(verdicts, Judgement::failed);
  const auto& first = *first_with(verdicts, Judgement::failed);
  auto text = first.title;
  if (!first.failures.empty()) {
    const auto& failure = first.failures.front();
    text += fmt::format(" ({}{}: got {})", extent_of(first),
                        failure.phone ? ", " + format_lower(*failure.phone) : "", failure.got);
  }
  return failed == 1 ? fmt::format("an expectation failed: {}", text)
                     : fmt::format("{} expectations failed, first {}", failed, text);
}

std::string unprovisioned_headline(const Verdicts& verdicts) {
  if (!verdicts.never_began.empty()) return "the run did not begin: " + verdicts.never_began;
  const std::string_view why = verdicts.extent.powered == 0     ? "none had power"
                               : verdicts.done[Work::pass] == 0 ? "no pass came to its end"
                                                                : "no pass brought a file";
  return fmt::format("no phone was provisioned: {}", why);
}

std::string void_headline(const Verdicts& verdicts) {
  for (const auto& reason : verdicts.void_reasons) {
    // Before what the generator lacks: a part of a run is not judged however well it went.
    if (reason.resource == missing_shards)
      return fmt::format("not all of the run is here (shards: {}), so it is not judged",
                         reason.evidence);
    if (reason.resource == cut_short_run)
      return fmt::format("the run was cut short ({}), so it is not judged", reason.evidence);
  }
  if (verdicts.void_reasons.empty() && verdicts.is_part && verdicts.lacks_phones)
    return "no phone of this shard was provisioned; `provphone report` judges all of them together";
  if (verdicts.void_reasons.empty()) {
    const auto& first = *first_with(verdicts, Judgement::undecided);
    return fmt::format("the run was too short for {}: {}", first.title, first.why);
  }
  std::vector<std::string_view> resources;
  for (const auto& reason : verdicts.void_reasons) {
    // Several reasons may be for want of one resource.
    if (std::find(resources.begin(), resources.end(), reason.resource) == resources.end())
      resources.push_back(reason.resource);
  }
  return fmt::format(
      "the generator could not keep its own schedule ({}), so that times say nothing about the "
      "server",
      fmt::join(resources, ", "));
}

// They would vanish behind the void.
std::string doubts(const Verdicts& verdicts) {
  if (verdicts.doubtful.empty()) return {};
  const auto first = grouped(verdicts.doubtful).front();
  return fmt::format("; in doubt: {} failed, {}",
                     counted(first.failures.times, name(first.cause.work)), text_of(first.cause));
}

std::string pass_headline(const Verdicts& verdicts) {
  const auto written =
      std::count_if(verdicts.expectations.begin(), verdicts.expectations.end(),
                    [](const ExpectationResult& result) { return !result.is_implied; });
  if (verdicts.is_part) return "nothing is wrong in this shard; `provphone report` judges them all";
  if (written == 0) return "nothing failed";
  const auto unjudged = std::count_if(
      verdicts.expectations.begin(), verdicts.expectations.end(), [](const auto& result) {
        return result.status == Judgement::not_judged && !result.is_implied;
      });
  if (unjudged > 0)
    return fmt::format("no expectation failed, {} of {} could not have", unjudged, written);
  return written == 1 ? std::string("the expectation holds")
                      : fmt::format("all {} expectations hold", written);
}

std::string fail_headline(const Verdicts& verdicts) {
  const auto* failed = first_with(verdicts, Judgement::failed);
  // What ended the run is what it is about.
  if (verdicts.end == RunEnd::lost && failed != nullptr)
    return expectation_headline(verdicts) + "; that ended the run";
  // A failed expectation that says more than that phones were not provisioned comes first.
  if (!verdicts.failures.empty()) return failure_headline(verdicts);
  if (failed != nullptr) return expectation_headline(verdicts);
  if (verdicts.lacks_phones) return unprovisioned_headline(verdicts);
  const auto* unjudged = first_with(verdicts, Judgement::not_judged);
  return fmt::format("not judged, and --strict: {}: {}", unjudged->title, unjudged->why);
}

void add_line(std::string& text, std::string_view line) {
  text += one_line(std::string(line)) + "\n";
}

std::string line_note(const ExpectationResult& result) {
  return result.line > 0 ? fmt::format(", line {}", result.line) : "";
}

// One phone each of those that came to the same.
std::vector<const ExpectationFailure*> told_of(const ExpectationResult& result) {
  std::vector<const ExpectationFailure*> told;
  for (const auto& failure : result.failures) {
    const bool is_told = std::any_of(told.begin(), told.end(), [&](const auto* earlier) {
      return earlier->expected == failure.expected && earlier->got == failure.got;
    });
    if (!is_told && told.size() < most_told) told.push_back(&failure);
  }
  return told;
}

// What a phone did last is said once, however many expectations it fails.
class Teller {
 public:
  explicit Teller(std::string& text) : text_(text) {}

  void tell(const ExpectationResult& result) {
    const auto told = told_of(result);
    for (std::size_t i = 0; i < told.size(); ++i) {
      const auto lines =
          is_explained(*told[i]) ? lines_of(result, briefly(*told[i])) : lines_of(result, *told[i]);
      for (const auto& line : std::span(lines).subspan(i == 0 ? 0 : 1)) add_line(text_, line);
      explained_.push_back(told[i]);
    }
    if (result.failed > told.size())
      add_line(text_, fmt::format("  and {} more {}", result.failed - told.size(),
                                  result.failed - told.size() == 1 ? "phone" : "phones"));
  }

 private:
  static ExpectationFailure briefly(ExpectationFailure failure) {
    failure.reasons = {"as above"};
    return failure;
  }
  bool is_explained(const ExpectationFailure& failure) const {
    return !failure.reasons.empty() &&
           std::any_of(explained_.begin(), explained_.end(), [&](const auto* earlier) {
             return earlier->phone == failure.phone && earlier->reasons == failure.reasons;
           });
  }

  std::string& text_;
  std::vector<const ExpectationFailure*> explained_;
};

void tell_undecided(std::string& text, const ExpectationResult& result) {
  if (result.status == Judgement::not_judged && !result.is_implied)
    add_line(text, fmt::format("not judged: {}: {}", result.title, result.why));
  if (result.status == Judgement::undecided && !result.is_implied)
    add_line(text, fmt::format("not decided: {}: {}", result.title, result.why));
}

}  // namespace

std::string headline(const Verdicts& verdicts) {
  switch (verdicts.verdict) {
    case Verdict::void_run:
      return one_line(void_headline(verdicts) + doubts(verdicts));
    case Verdict::fail:
      return one_line(fail_headline(verdicts));
    case Verdict::pass:
      break;
  }
  return pass_headline(verdicts);
}

std::string extent_sentence(const Verdicts& verdicts) {
  const auto& extent = verdicts.extent;
  auto text = fmt::format("{} of {} {} provisioned", extent.provisioned,
                          counted(extent.phones, "phone"), extent.phones == 1 ? "was" : "were");
  if (extent.powered < extent.phones) text += fmt::format(", {} had power", extent.powered);
  if (extent.under_way > 0)
    text += fmt::format(", {} in their first pass at the end", extent.under_way);
  if (is_interruption(verdicts.end)) text += fmt::format(", ended by {}", name(verdicts.end));
  return text;
}

std::string text_of(const Cause& cause) {
  return fmt::format("{}{}{}{}", cause.work == Work::pass ? "" : name(cause.work),
                     cause.work == Work::pass ? "" : ": ", name(cause.code),
                     cause.server.empty() ? "" : " by " + cause.server);
}

std::vector<FailureGroup> grouped(const std::vector<CountedFailures>& failures) {
  std::vector<FailureGroup> groups;
  for (const auto& [cause, counted] : failures) {
    auto key = cause;
    key.group.clear();
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const FailureGroup& group) { return group.cause == key; });
    if (found == groups.end()) found = groups.insert(found, {key, {}, {}});
    merge(found->failures, counted);
    if (!cause.group.empty()) found->groups.emplace_back(cause.group, counted.times);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.failures.times > b.failures.times;
  });
  return groups;
}

std::vector<std::string> lines_of(const FailureGroup& group) {
  const auto& [cause, failures, groups] = group;
  const auto kept_off = failures.kept_off == 0 ? std::string()
                                               : fmt::format("; {} never provisioned",
                                                             counted(failures.kept_off, "phone"));
  std::vector<std::string> lines{fmt::format("failed: {} ({}{})", text_of(cause),
                                             counted(failures.times, name(cause.work)), kept_off)};
  std::vector<std::string> shares;
  // One group is all of them, and a name of it says nothing more.
  for (std::size_t i = 0; groups.size() > 1 && i < groups.size(); ++i)
    shares.push_back(fmt::format("{} {}", groups[i].first, groups[i].second));
  if (!shares.empty()) lines.push_back(fmt::format("  groups: {}", fmt::join(shares, ", ")));
  lines.push_back(fmt::format("  {}{}{}", format_lower(failures.first),
                              failures.url.empty() ? "" : "  " + failures.url,
                              failures.detail.empty() ? "" : ": " + failures.detail));
  if (!failures.said.empty()) lines.push_back("  the server said: " + failures.said);
  lines.push_back(fmt::format("  to mend it: {}", remedy(cause.code)));
  for (auto& line : lines) line = one_line(std::move(line));
  return lines;
}

std::vector<std::string> doubtful_lines_of(const FailureGroup& group) {
  auto lines = lines_of(group);
  lines.front().replace(0, std::string_view("failed").size(), "in doubt");
  return lines;
}

std::string extent_of(const ExpectationResult& result) {
  if (result.failed == 0) return fmt::format("{} together", counted(result.phones, "phone"));
  return fmt::format("{} of {}", result.failed, counted(result.phones, "phone"));
}

std::string void_scope(const Verdicts& verdicts) {
  if (verdicts.void_reasons.empty()) return {};
  const auto& reasons = verdicts.void_reasons;
  if (std::any_of(reasons.begin(), reasons.end(), takes_extent))
    return "void takes away what held so far and what might still have come; what failed for good "
           "stays";
  return "void takes away times (converged, latency, response) and timeouts; values, counts and "
         "what the server refused stay";
}

bool is_consequence(const ExpectationResult& result) {
  return !result.failures.empty() &&
         std::all_of(result.failures.begin(), result.failures.end(),
                     [](const ExpectationFailure& failure) { return !failure.cause.empty(); });
}

std::vector<std::string> lines_of(const ExpectationResult& result,
                                  const ExpectationFailure& failure) {
  std::vector<std::string> lines{
      fmt::format("failed: {} ({}{})", result.title, extent_of(result), line_note(result))};
  const auto who = failure.phone ? format_lower(*failure.phone) : std::string("all phones");
  lines.push_back(fmt::format("  {:<12}  expected {}", who, failure.expected));
  lines.push_back(fmt::format("  {:<12}  got      {}", "", failure.got));
  const auto reasons = std::min(failure.reasons.size(), max_reasons);
  for (std::size_t i = 0; i < reasons; ++i)
    lines.push_back(fmt::format("  {:<12}  {}", "", failure.reasons[i]));
  for (auto& line : lines) line = one_line(std::move(line));
  return lines;
}

std::string format_failures(const Verdicts& verdicts) {
  std::string text;
  const bool has_cause = !verdicts.failures.empty();
  for (const auto& group : grouped(verdicts.failures)) {
    for (const auto& line : lines_of(group)) add_line(text, line);
  }
  for (const auto& result : verdicts.expectations) {
    if (result.status != Judgement::failed || !has_cause || !is_consequence(result)) continue;
    add_line(text, fmt::format("  so that this failed: {} ({}{})", result.title, extent_of(result),
                               line_note(result)));
  }
  Teller teller(text);
  for (const auto& result : verdicts.expectations) {
    if (result.status == Judgement::failed && !(has_cause && is_consequence(result)))
      teller.tell(result);
  }
  for (const auto& group : grouped(verdicts.doubtful)) {
    for (const auto& line : doubtful_lines_of(group)) add_line(text, line);
  }
  for (const auto& reason : verdicts.void_reasons)
    add_line(text, fmt::format("void: {}: {}{}", reason.resource, reason.evidence,
                               reason.remedy.empty() ? "" : "; " + reason.remedy));
  if (!verdicts.void_reasons.empty()) add_line(text, void_scope(verdicts));
  // Of a shard none is, which its verdict says already.
  for (const auto& result : verdicts.expectations) {
    if (!verdicts.is_part) tell_undecided(text, result);
  }
  return text;
}

}  // namespace provphone::client::figures
