#pragma once

#include <functional>
#include <string_view>

namespace provphone::client::capsule {

// A part of a text.
struct Stretch {
  std::size_t from, to;  // `to` excluded
};

// Every place in the text where a secret stands by its name, in order: `<Name>value</Name>`,
// `Name: value`, `Name=value` of a parameter that is secret, `--key value` and `--pwd value`, and
// the password in `scheme://user:password@host`. Values that are macros are none, and empty ones.
void for_each_secret_place(std::string_view text, const std::function<void(Stretch)>& tell);

}  // namespace provphone::client::capsule
