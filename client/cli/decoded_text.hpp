#pragma once

#include "profile/decode.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

// What `decode` prints of a file's content. Values are shown as they are, secrets too: whoever has
// the file and its key can read them.
namespace provphone::client::cli {

// Lines with line ends: the layers, a line for each parameter, a line for each element passed over.
std::string text_of(const profile::Decoded& decoded);
nlohmann::ordered_json json_of(const profile::Decoded& decoded);

}  // namespace provphone::client::cli
