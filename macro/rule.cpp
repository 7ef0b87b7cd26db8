#include "macro/rule.hpp"

#include "macro/ascii.hpp"
#include "macro/detail/expected.hpp"
#include "macro/detail/rule_options.hpp"
#include "macro/detail/rule_scanner.hpp"
#include "macro/detail/user_info.hpp"
#include "macro/offsets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::macro {
namespace {

using detail::expected;
using detail::RuleScanner;
using detail::Zone;

// What was said of a part of the rule, with the offsets that its characters have in the rule.
std::string moved_on(std::string_view said, std::size_t part_at) {
  return with_offsets(said, [part_at](std::size_t offset) { return part_at + offset; });
}

// An alternative, and what of it has been read. Offsets are those of the whole rule.
struct Cursor {
  std::string_view rule;
  std::size_t at = 0;
  std::size_t end = 0;

  std::string_view rest() const { return rule.substr(at, end - at); }
};

void skip_space(Cursor& cursor) {
  cursor.at += ascii::skip_space(cursor.rest(), 0);
}

// A rule without any of these has one alternative, and nothing in it is protected.
constexpr bool shapes_rule(char c) {
  return c == '|' || c == '(' || c == '[' || c == '"';
}

// R-RULE-01, R-RULE-02
Result<std::vector<Cursor>> split_alternatives(std::string_view rule) {
  std::vector<Cursor> alternatives;
  // Most rules are a URL alone.
  if (std::none_of(rule.begin(), rule.end(), shapes_rule)) {
    alternatives.push_back({rule, 0, rule.size()});
    return alternatives;
  }
  RuleScanner scanner;
  std::size_t start = 0;
  for (std::size_t i = 0; i < rule.size(); ++i) {
    if (rule[i] == '|' && !scanner.is_protected()) {
      alternatives.push_back({rule, start, i});
      start = i + 1;
    }
    scanner.feed(rule[i]);
  }
  if (scanner.is_protected()) {
    return fail(Errc::rule_syntax,
                fmt::format("offset {}: expected the end of the quotes, brackets or parentheses "
                            "that open here",
                            scanner.opened_at()));
  }
  alternatives.push_back({rule, start, rule.size()});
  return alternatives;
}

// Text in parentheses and the character behind it, which says whether that was a guard or
// assignments.
struct Group {
  std::string_view inside;
  std::size_t inside_at = 0;
  std::size_t mark_at = 0;
  char mark = '\0';
};

// Reads the group that `cursor` stands at, without stepping over it. The scanner that split the
// rule has seen to it that it is closed.
Result<Group> read_group(const Cursor& cursor) {
  const std::string_view text = cursor.rest();
  RuleScanner scanner;
  do {
    scanner.feed(text[scanner.position()]);
  } while (scanner.zone() == Zone::parentheses);
  const std::size_t mark_at = ascii::skip_space(text, scanner.position());
  if (mark_at == text.size() || (text[mark_at] != '?' && text[mark_at] != '!')) {
    return expected(Errc::rule_syntax, cursor.at + mark_at,
                    "? behind a condition or ! behind assignments");
  }
  return Group{text.substr(1, scanner.position() - 2), cursor.at + 1, cursor.at + mark_at,
               text[mark_at]};
}

// Steps over the guard, if there is one, and says whether the alternative may be taken.
Result<bool> take_guard(Cursor& cursor, const RuleContext& context) {
  skip_space(cursor);
  if (!cursor.rest().starts_with('(')) return true;
  TRY(const auto group, read_group(cursor));
  // Assignments without a guard; take_assignments() reads them.
  if (group.mark == '!') return true;
  cursor.at = group.mark_at + 1;
  auto result = evaluate_condition(group.inside, context.dialect, context.software_version);
  if (!result) {
    return fail(result.error().code, fmt::format("condition at offset {}: {}", group.inside_at,
                                                 moved_on(result.error().detail, group.inside_at)));
  }
  return result;
}

constexpr bool in_parameter_name(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '-' || c == '.';
}

// R-RULE-06: a single letter stands for a general purpose register.
std::string parameter_name(std::string_view text) {
  if (text.size() != 1 || text[0] < 'a' || text[0] > 'p') return std::string(text);
  return std::string("GPP_") + static_cast<char>(text[0] - 'a' + 'A');
}

// Steps over `token` and the blanks in front of it.
Result<void> take_token(Cursor& cursor, char token, std::string_view what) {
  skip_space(cursor);
  if (!cursor.rest().starts_with(token)) {
    return expected(Errc::assignment_syntax, cursor.at, what);
  }
  ++cursor.at;
  return {};
}

Result<Assignment> take_assignment(Cursor& cursor) {
  skip_space(cursor);
  const std::size_t length = ascii::run_length(cursor.rest(), 0, in_parameter_name);
  if (length == 0) return expected(Errc::assignment_syntax, cursor.at, "a parameter name");
  Assignment assignment{parameter_name(cursor.rest().substr(0, length)), {}};
  cursor.at += length;
  auto ok = take_token(cursor, '=', "= behind the parameter name");
  if (ok) ok = take_token(cursor, '"', "a value in quotes");
  if (!ok) return tl::unexpected(ok.error());
  const std::size_t close = cursor.rest().find('"');
  if (close == std::string_view::npos) {
    return expected(Errc::assignment_syntax, cursor.at, "a closing quote");
  }
  assignment.value = cursor.rest().substr(0, close);
  cursor.at += close + 1;
  ok = take_token(cursor, ';', "; behind the value");
  if (!ok) return tl::unexpected(ok.error());
  return assignment;
}

// R-RULE-05
Result<std::vector<Assignment>> take_assignments(Cursor& cursor) {
  std::vector<Assignment> assignments;
  skip_space(cursor);
  if (!cursor.rest().starts_with('(')) return assignments;
  TRY(const auto group, read_group(cursor));
  if (group.mark != '!') {
    return expected(Errc::rule_syntax, group.mark_at,
                    "! behind assignments: the condition is in front");
  }
  Cursor inside{cursor.rule, group.inside_at, group.inside_at + group.inside.size()};
  do {
    TRY(auto assignment, take_assignment(inside));
    assignments.push_back(std::move(assignment));
    skip_space(inside);
  } while (inside.at != inside.end);
  cursor.at = group.mark_at + 1;
  return assignments;
}

// Steps over the options; nothing where there are none.
Result<std::optional<RuleOptions>> take_options(Cursor& cursor, const RuleContext& context) {
  skip_space(cursor);
  const std::string_view text = cursor.rest();
  if (!text.starts_with('[')) return std::nullopt;
  if (context.kind == RuleKind::upgrade &&
      context.dialect.upgrade_options == UpgradeOptions::refused) {
    return expected(Errc::unknown_option, cursor.at, "a URL: an upgrade rule has no options");
  }
  RuleScanner scanner;
  do {
    scanner.feed(text[scanner.position()]);
  } while (scanner.is_protected());
  const std::size_t length = scanner.position();
  TRY(auto options, detail::parse_rule_options(text.substr(1, length - 2), cursor.at + 1));
  cursor.at += length;
  return detail::options_for(context.kind, std::move(options));
}

Result<Url> take_url(const Cursor& cursor, std::string_view text, const RuleContext& context) {
  const bool upgrade = context.kind == RuleKind::upgrade;
  // R-RULE-18: an upgrade rule must name its server.
  auto url = parse_url(text, upgrade ? std::nullopt : context.default_server);
  if (url && url->scheme == Scheme::gds && context.kind != RuleKind::profile) {
    return fail(
        Errc::unsupported_scheme,
        fmt::format("offset {}: expected tftp, http or https; gds belongs in a profile rule",
                    cursor.at));
  }
  if (!url) {
    return fail(url.error().code, fmt::format("URL at offset {}: {}", cursor.at,
                                              moved_on(url.error().detail, cursor.at)));
  }
  return url;
}

// R-RULE-11: moves `user:password@` out of the URL `text`. Credentials in brackets win.
void take_user_info(std::string& text, RuleOptions& options) {
  const auto at = detail::find_user_info(text);
  if (at.empty()) return;
  const auto login = std::string_view(text).substr(at.begin, at.end - at.begin);
  const auto colon = std::min(login.find(':'), login.size());
  if (!options.uid && !options.pwd) {
    options.uid = login.substr(0, colon);
    if (colon < login.size()) options.pwd = login.substr(colon + 1);
  }
  text.erase(at.begin, at.end + 1 - at.begin);
}

// Reads what stands behind the guard of the alternative that was taken.
Result<RuleOutcome> take_alternative(Cursor cursor, const RuleContext& context) {
  RuleOutcome outcome;
  TRY(outcome.assignments, take_assignments(cursor));
  TRY(auto options, take_options(cursor, context));
  skip_space(cursor);
  if (cursor.at == cursor.end) {
    // R-RULE-04, R-RULE-44: assignments may stand alone, options may not.
    if (options) return expected(Errc::url_syntax, cursor.at, "a URL behind the options");
    return outcome;
  }
  if (options) outcome.options = *std::move(options);
  auto text = std::string(ascii::trimmed(cursor.rest()));
  if (context.dialect.user_info == UserInfo::login) take_user_info(text, outcome.options);
  TRY(outcome.url, take_url(cursor, text, context));
  return outcome;
}

// R-RULE-20: a rule of a report ends at a blank behind its URL, unless another alternative follows,
// or at `;`.
bool report_rule_ends(std::string_view text, std::size_t at, const RuleScanner& scanner) {
  if (scanner.zone() != Zone::url) return false;
  const std::size_t next = text[at] == ';' ? at + 1 : at;
  if (next < text.size() && !ascii::is_space(text[next])) return false;
  if (text[at] == ';') return true;
  const std::size_t word = ascii::skip_space(text, at);
  return word < text.size() && text[word] != '|';
}

}  // namespace

Result<RuleOutcome> evaluate_rule(std::string_view expanded, const RuleContext& context) {
  if (is_blank(expanded, context.dialect)) return RuleOutcome{};
  TRY(const auto alternatives, split_alternatives(expanded));
  int number = 0;
  for (Cursor cursor : alternatives) {
    ++number;
    TRY(const auto open, take_guard(cursor, context));
    // R-RULE-22: of an alternative that is not taken nothing but the guard is read.
    if (!open) continue;
    auto outcome = take_alternative(cursor, context);
    if (outcome) outcome->alternative = number;
    return outcome;
  }
  return RuleOutcome{};
}

std::vector<GuardReading> read_guards(std::string_view expanded, const RuleContext& context) {
  std::vector<GuardReading> readings;
  const auto alternatives = split_alternatives(expanded);
  if (!alternatives) return readings;
  for (Cursor cursor : *alternatives) {
    skip_space(cursor);
    const bool has_group = cursor.rest().starts_with('(');
    const auto group = has_group ? read_group(cursor) : Result<Group>(Group{});
    const auto text = group && group->mark == '?' ? group->inside : std::string_view{};
    readings.push_back({text, take_guard(cursor, context)});
  }
  return readings;
}

std::vector<std::string_view> split_report_rule(std::string_view expanded) {
  // Only whoever evaluates the rule knows whether `#` comments it out.
  if (expanded.starts_with('#')) return {expanded};
  std::vector<std::string_view> rules;
  const auto add = [&](std::size_t begin, std::size_t end) {
    const auto rule = ascii::trimmed(expanded.substr(begin, end - begin));
    if (!rule.empty() && rule != ";") rules.push_back(rule);
  };
  RuleScanner scanner;
  std::size_t start = 0;
  for (std::size_t i = 0; i < expanded.size(); ++i) {
    if (report_rule_ends(expanded, i, scanner)) {
      add(start, i);
      start = expanded[i] == ';' ? i + 1 : i;
      // Each rule has its own brackets, so the next one begins in the head again.
      scanner = RuleScanner{};
      continue;
    }
    scanner.feed(expanded[i]);
  }
  add(start, expanded.size());
  return rules;
}

}  // namespace provphone::macro
