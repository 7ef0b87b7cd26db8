#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"

// Which servers a phone may turn to at all.
namespace provphone::resync {

// Fails with server_restricted where Restricted_Access_Domains of an MPP phone names other servers
// only (R-RULE-46). Looks at the host as the URL spells it and resolves nothing. To be asked before
// anything is sent, also for where a redirect leads.
Result<void> check_access(const macro::Url& url, const MacroSource& source);

}  // namespace provphone::resync
