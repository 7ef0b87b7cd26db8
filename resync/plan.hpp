#pragma once

#include "macro/rule.hpp"
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

struct Retrieval {
  enum class Method : std::uint8_t { get, post };
  Method method = Method::get;
  macro::Url url;
  std::string body;  // of POST: the register's content, macros expanded
  std::optional<std::string> key;
  std::optional<Login> login;
  std::string alias_map;
};

struct Plan {
  int alternative = 0;  // 0: the rule is skipped, and `skipped` says why
  Reason skipped = Reason::rule_empty;
  std::vector<macro::Assignment> assignments;
  std::optional<Retrieval> retrieval;
};

// Expands and evaluates `rule`. Fails with a code of stage rule, or with name_not_resolved for
// --srv, which is not emulated.
Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::optional<macro::DefaultServer>& default_server);

// The retrieval after a redirect: the same method and body, without credentials where another host
// was named (R-HTTP-24).
Retrieval redirected(Retrieval retrieval, macro::Url location);

}  // namespace provphone::resync
