#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"

#include <string_view>

// Which servers a phone may turn to at all.
namespace provphone::resync {

// Whether Restricted_Access_Domains of an MPP phone names hosts, and not that one (R-RULE-46).
// `host` is a name or an address as text; nothing is resolved.
bool is_restricted(std::string_view host, profile::Generation generation,
                   const profile::ParameterSet& parameters);

// Fails with server_restricted where Restricted_Access_Domains of an MPP phone names other servers
// only (R-RULE-46). Looks at the host as the URL spells it and resolves nothing. To be asked before
// anything is sent, also for where a redirect leads.
Result<void> check_access(const macro::Url& url, const MacroSource& source);

}  // namespace provphone::resync
