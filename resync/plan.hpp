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

  friend bool operator==(const Login&, const Login&) = default;
};

// --uid and --pwd, one of which may be missing and is empty then; nothing where both are.
std::optional<Login> login_of(const macro::RuleOptions& options);

// One request as the phone means it; what the wire needs beyond that is for client/transport. Over
// TFTP `get` reads, and the other methods write.
struct Request {
  enum class Method : std::uint8_t { get, post, put, head, last = head };
  Method method = Method::get;
  macro::Url url;
  std::string body;              // of POST: the register's content, macros expanded; or a report
  std::string content_type;      // of the body; empty: the request names none
  std::string content_encoding;  // of the body; empty: likewise
  // Of the answer, not of the body; secret, like the login.
  std::optional<std::string> key;
  std::optional<Login> login;
  // What answers a challenge, as it stands in the header Authorization (R-HTTP-09); empty: nothing
  // is answered. Whoever sends the request needs no login beside it.
  std::string authorization;
  // The content of the register that --alias names; empty: none.
  std::string alias_map;
  std::string srv_domain;        // its SRV records say where the server is; empty: `url` does
  std::string certificate_name;  // that the server has to show; empty: the host's of `url`
  // Whether it says which host it is for; the knob host_of_upgrade alone has one that does not.
  HostOfUpgrade host_header = HostOfUpgrade::sent;
  bool at_foreign_host = false;  // a redirect led away from the host that the rule named
};

std::string_view name(Request::Method method);  // GET, POST, PUT, HEAD

struct Plan {
  int alternative = 0;  // 0: the rule is skipped, and `skipped` says why
  Reason skipped = Reason::rule_empty;
  std::vector<macro::Assignment> assignments;
  std::optional<Request> request;
  std::vector<macro::Url> fallbacks;  // where else to look, in order, when that one fails
  bool onboards = false;              // gds:// (R-BOOT-01), in place of a request
};

// Expands and evaluates `rule` with the parameters and macros as they are now (R-RULE-49). Fails
// with a code of stage rule; where the knob unreadable_rule says so, a rule that cannot be read is
// skipped instead.
Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::optional<macro::DefaultServer>& default_server);

// The same for a phone with that lease: a rule that names no server asks the one that DHCP names,
// or all of them in turn.
Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::vector<DhcpOption>& lease);

// What to try after the plan's request failed, for whatever reason (R-DHCP-08): the next of its
// fallbacks, which becomes its request. Nothing where none is left: that failure is the rule's.
std::optional<Request> next_attempt(Plan& plan);

// An SRV record, as resolvers have it.
struct SrvRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
};

// The name whose SRV records the request waits for; only where it has an srv_domain.
std::string srv_name(const Request& request);

// The plan with the servers that the records name, in the order they are tried (R-RULE-43). There
// must be a record. The request then no longer waits for any, and certificates have to name the
// domain.
Plan with_srv_records(Plan plan, std::vector<SrvRecord> records);

// The request after a redirect: the same method and body, without credentials where another host
// was named (R-HTTP-24).
Request redirected(Request request, macro::Url location);

}  // namespace provphone::resync
