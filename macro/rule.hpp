#pragma once

#include "macro/condition.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Profile, upgrade and report rules, after macro expansion (behaviour rules R-RULE-*).
namespace provphone::macro {

enum class Scheme : std::uint8_t { tftp, http, https, gds, last = gds };

std::string_view name(Scheme scheme);
std::uint16_t default_port(Scheme scheme);  // 69, 80, 443; 0 for gds

struct Url {
  Scheme scheme = Scheme::tftp;
  std::string host;  // a name or an address, IPv6 without its brackets; empty for gds
  std::uint16_t port = 0;
  std::string path;  // starts with `/`, query included; empty for gds

  friend bool operator==(const Url&, const Url&) = default;
};

// scheme://host:port/path; the port is always shown (R-RULE-07), an IPv6 host in brackets.
std::string format(const Url& url);

// A server that a rule without one falls back on: what DHCP gave, or the host that sent a resync
// command.
struct DefaultServer {
  Scheme scheme = Scheme::tftp;
  std::string host;
  std::uint16_t port = 0;  // 0: the scheme's own
};

// Parses `[scheme://][server[:port]]/path` (R-RULE-07 to R-RULE-11). Fails with url_syntax,
// unsupported_scheme or server_missing; the detail has offsets into `text` and none of it. The
// result's port is never 0 but for gds.
Result<Url> parse_url(std::string_view text, const std::optional<DefaultServer>& default_server);

// Reads a Location header against the URL it answers (R-RULE-23): absolute, `//host/path`, `/path`
// or relative. May lead to tftp: whether that is followed is the caller's business. Fails like
// parse_url.
Result<Url> resolve_location(const Url& base, std::string_view location);

struct Assignment {
  std::string name;  // an element name; the single letters a..p arrive as GPP_A..GPP_P
  std::string value;

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

// What stood between the brackets, escapes undone (R-RULE-15). `key` and `pwd` are secret.
struct RuleOptions {
  std::optional<std::string> key;
  std::optional<std::string> uid;
  std::optional<std::string> pwd;
  std::optional<char> post;   // `a`..`p`: the register whose content is the body
  std::optional<char> alias;  // `a`..`p`: the register that holds the alias map
  bool srv = false;
  bool delta = false;
  bool status = false;
};

enum class RuleKind : std::uint8_t { profile, upgrade, report };

struct RuleContext {
  Dialect dialect;
  RuleKind kind = RuleKind::profile;
  std::string_view software_version;
  std::optional<DefaultServer>
      default_server;  // ignored for upgrade rules, which must name their server
};

struct RuleOutcome {
  // 1-based number of the alternative that was taken; 0: the rule is empty, commented out, or every
  // guard was false, and the rule is skipped.
  int alternative = 0;
  std::vector<Assignment> assignments;
  RuleOptions options;
  std::optional<Url> url;
};

// Takes the first alternative of `expanded` whose guard holds or that has none (R-RULE-01).
// Alternatives behind it are not evaluated, but a rule that cannot be split into alternatives fails
// as a whole. Fails with the codes of stage rule. A report rule has to be split first.
Result<RuleOutcome> evaluate_rule(std::string_view expanded, const RuleContext& context);

// The condition in front of one alternative, and what it came to.
struct GuardReading {
  std::string_view text;  // between the parentheses; empty where there is none
  Result<bool> holds;
};

// The guards of every alternative, those behind the one that is taken too. For explanations: a rule
// that cannot be split has none. The readings are views of `expanded`.
std::vector<GuardReading> read_guards(std::string_view expanded, const RuleContext& context);

// A Report_Rule holds one or two rules (R-RULE-20); each is given to evaluate_rule on its own. All
// that are there are returned, as views of `expanded`.
std::vector<std::string_view> split_report_rule(std::string_view expanded);

}  // namespace provphone::macro
