#pragma once

#include "profile/decode.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

// What `decode` prints of a file's content.
namespace provphone::client::cli {

std::string text_of(const profile::Decoded& decoded);
nlohmann::ordered_json json_of(const profile::Decoded& decoded);

}  // namespace provphone::client::cli
