#pragma once

#include "client/check/audit.hpp"
#include "macro/rule.hpp"

#include <optional>
#include <string>
#include <string_view>

// A server that somebody names in place of a rule.
namespace provphone::client::check {

struct Place {
  // What was not said, the scheme and its port, is https and 443; the path is empty.
  macro::Url url;
  bool has_scheme = false;
  bool has_port = false;
};

// `HOST`, `HOST:PORT` or `http://HOST:PORT`, without a path; an IPv6 address in brackets. Nothing
// for whatever else a rule may be.
std::optional<Place> place_in(std::string_view target);

// The phone's factory rule at that server (R-RESYNC-14).
std::string factory_rule_at(const Place& place);

// How the server behind that port speaks: TLS, TCP that is none, which is HTTP then, or TFTP.
// Nothing where nobody answers, or the place is no target. Blocks, for two seconds at most besides
// the look-up of the name; asks for no file but over TFTP, where that is the only question there
// is.
std::optional<macro::Scheme> scheme_spoken_at(const Place& place, const Audit& audit);

}  // namespace provphone::client::check
