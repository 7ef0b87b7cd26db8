#pragma once

#include "profile/decode.hpp"

#include <string_view>

// What the text of a rule says to whoever reads the file that it stands in.
namespace provphone::client::lint {

// Whether a phone reads the parameter for where to look for something: profiles, loads, reports,
// roots, certificates.
bool is_rule(const profile::Parameter& described);

// Whether the argument of `option` (`--key`, `--pwd`) is there for all to see: it is text and no
// macro, or stands for a register that `content` itself fills.
bool shows_argument(const profile::Decoded& content, std::string_view rule,
                    std::string_view option);

// Whether the rule has a login with a password in a URL, `http://user:password@host`.
bool shows_login(std::string_view rule);

}  // namespace provphone::client::lint
