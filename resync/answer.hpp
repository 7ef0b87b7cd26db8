#pragma once

#include "macro/expand.hpp"
#include "macro/rule.hpp"
#include "resync/personality.hpp"

#include <string>
#include <string_view>
#include <variant>

// What a server's answer means to a phone (behaviour rules R-HTTP-*).
namespace provphone::resync {

// An HTTP answer to the `hops`-th request of one retrieval, 0 for the first.
struct Answer {
  int status = 200;
  std::string_view location;
  const macro::Url& url;  // that was asked for
  int hops = 0;
  macro::RuleKind rule = macro::RuleKind::profile;  // that the request is for
};

struct Accept {};  // the body is the profile
// Whether the phone may turn there, and with which credentials, is the caller's business.
struct Follow {
  macro::Url url;
};
struct Refuse {
  Error error;
};

using Verdict = std::variant<Accept, Follow, Refuse>;

// R-HTTP-21 to R-HTTP-23, by status and Location alone: what the body is worth shows when it is
// decoded. `lookup` expands macros in the Location header where the personality does so; secrets
// never.
Verdict judge(const Answer& answer, const Personality& personality, const macro::Lookup& lookup);

// `$ERR`, the words that reach log messages (R-LOG-12).
std::string err_text(const Error& error);

}  // namespace provphone::resync
