#pragma once

#include "macro/rule.hpp"
#include "resync/dhcp.hpp"
#include "resync/macros.hpp"
#include "resync/reason.hpp"

#include <optional>
#include <string>
#include <vector>

// What one profile rule asks for, decided when its turn comes.
namespace provphone::resync {

struct Login {
  std::string user;
  std::string password;
};

// --uid and --pwd, one of which may be missing; nothing where both are.
std::optional<Login> login_of(const macro::RuleOptions& options);

struct Request {
  enum class Method : std::uint8_t { get, post, put, last = put };
  Method method = Method::get;
  macro::Url url;
  std::string body;              // of POST: the register's content, macros expanded; or a report
  std::string content_type;      // of the body; empty: the request names none
  std::string content_encoding;  // of the body; empty: likewise
  std::optional<std::string> key;
  std::optional<Login> login;
  std::string alias_map;
  std::string srv_domain;        // its SRV records say where the server is; empty: `url` does
  std::string certificate_name;  // that the server has to show; empty: the host's of `url`
  bool at_foreign_host = false;  // a redirect led away from the host that the rule named
};

std::string_view name(Request::Method method);  // GET, POST, PUT

struct Plan {
  int alternative = 0;  // 0: the rule is skipped, and `skipped` says why
  Reason skipped = Reason::rule_empty;
  std::vector<macro::Assignment> assignments;
  std::optional<Request> request;
  std::vector<macro::Url> fallbacks;  // where else to look, in order, when that one fails
};

// Expands and evaluates `rule`. Fails with a code of stage rule.
Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::optional<macro::DefaultServer>& default_server);

// The same for a phone with that lease: a rule that names no server asks the one that DHCP names,
// or all of them in turn.
Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::vector<DhcpOption>& lease);

// What to try after the plan's request failed, for whatever reason: the next of its fallbacks,
// which becomes its request. Nothing where none is left: that failure is the rule's.
std::optional<Request> next_attempt(Plan& plan);

// An SRV record, as resolvers have it.
struct SrvRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
};

// The name whose SRV records `plan`'s request waits for.
std::string srv_name(const Request& request);

// The plan with the servers that the records name, in the order they are tried (R-RULE-43). There
// must be a record.
Plan with_srv_records(Plan plan, std::vector<SrvRecord> records);

// The same request with the phone's profile account, where `error` is a challenge that a rule
// without credentials met and the personality knows such accounts; nothing anywhere else.
std::optional<Request> with_profile_account(const Request& request, Errc error,
                                            const MacroSource& source,
                                            const std::optional<Login>& account);

// The request after a redirect: the same method and body, without credentials where another host
// was named (R-HTTP-24).
Request redirected(Request request, macro::Url location);

}  // namespace provphone::resync
