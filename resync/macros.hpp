#pragma once

#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "profile/parameter_set.hpp"
#include "resync/identity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What `$NAME` stands for on one phone (R-MACRO-08, R-MACRO-12, R-MACRO-20 to R-MACRO-25). How text
// is expanded is the business of macro/expand.hpp.
namespace provphone::resync {

// The changing part of what macros stand for; the numbers of `prvtmr`, `upgtmr` and `regtmr` are
// seconds. A retrieval fills it from the machine and from its requests; a person may set any of it
// by macro name.
struct MacroState {
  std::int64_t prvst = 0;
  std::int64_t prvtmr = 0;
  std::int64_t upgst = 1;
  std::int64_t upgtmr = 0;
  std::int64_t regtmr1 = 0;
  std::int64_t regtmr2 = 0;
  std::int64_t iscust = 0;
  std::string upgerr;
  // Of extension mobility; empty where nobody is logged in.
  std::string ems;
  std::string muid;
  std::string mpwd;  // secret
  // Of the licence logic.
  std::string origtype = "none";
  std::string authstatus = "none";
  // Of the last request; empty before any (R-MACRO-20).
  std::string scheme;
  std::string serv;
  std::string servip;
  std::string port;
  std::string path;
  std::string err;
};

// Sets one member by its macro's name, `PRVST`, as a person wants it. Nothing for a name that is
// none; bad_argument for a timer that is no number.
std::optional<Result<void>> set_macro(MacroState& state, std::string_view name,
                                      std::string_view value);

// One phone as its rules and log templates see it. Refers to its parts, which must outlive it; it
// is made anew wherever it is needed.
struct MacroSource {
  const Identity& identity;
  const Personality& personality;
  const profile::ParameterSet& parameters;
  const MacroState& state;
};

// The lookup of macro::expand for that phone. `source` must outlive it. It answers for secret
// macros too: who may see these is decided by the scope that expand() is given (R-MACRO-21).
macro::Lookup lookup_of(const MacroSource& source);

// `text` as a rule, in whose options secrets may come out where the personality lets them.
std::string expand_rule(std::string_view text, const MacroSource& source);

// `error`, which came of `expand_rule(text, source)`, with the offsets that the characters have in
// `text`: what a macro stands for is where its dollar is. `part_at`: where in the expansion the
// part begins whose offsets it has.
Error as_typed(Error error, std::string_view text, const MacroSource& source,
               std::size_t part_at = 0);

// Any other text: no secret comes out.
std::string expand_text(std::string_view text, const MacroSource& source);

// HTTP_User_Agent_Name, the one text that knows `$VERSION` too (R-MACRO-23).
std::string expand_user_agent(std::string_view text, const MacroSource& source);

// The register GPP_A..GPP_P of a letter `a`..`p`; of no other letter. Valid until the parameters
// change.
std::string_view register_value(const profile::ParameterSet& parameters, char letter);

}  // namespace provphone::resync
