#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The URLs by which a phone's web server is told to do something (behaviour rules R-FACE-*).
namespace provphone::client::face {

enum class Action : std::uint8_t {
  resync,         // a pass, with a rule of its own where there is an argument
  upgrade,        // one load
  update_ca,      // one file of roots
  reboot,         // when the phone is idle
  configuration,  // shows cfg.xml
  status,         // shows status.xml
  push,           // a profile in the request's body
};

struct ActionUrl {
  Action action = Action::resync;
  std::string argument;        // decoded; empty: none
  std::string user, password;  // xuser and xpassword; secret
  bool has_login() const { return !user.empty() || !password.empty(); }
};

// Of a request's target, `/admin/resync?http://host/a.xml`. Nothing where it is no such URL: a
// page, or nothing that a phone has.
std::optional<ActionUrl> parse_action_url(std::string_view target);

// The rule that an argument stands for: without a protocol TFTP, without a server whoever asks,
// without a path that file (R-FACE-03). Options in brackets stay in front, and macros as they are.
// `asker` is an address.
std::string rule_of(std::string_view argument, std::string_view asker,
                    std::string_view default_path);

}  // namespace provphone::client::face
