#pragma once

#include "client/cli/options.hpp"
#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <string>
#include <vector>

// The flags that say what a rule and a server would say of a file: how its layers are undone, and
// whose names its elements have.
namespace provphone::client::cli {

struct LayerFlags {
  std::string key, ikm, alias, content_encoding;
};

// `flags` must outlive the command.
std::vector<Option> layer_options(LayerFlags& flags);

// What flags are given counts in place of what `options` says; the IKM and a register that --alias
// names may come from `phone`.
profile::DecodeOptions with_layers(profile::DecodeOptions options, const LayerFlags& flags,
                                   const resync::Device& phone);

}  // namespace provphone::client::cli
