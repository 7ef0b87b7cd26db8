#pragma once

#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace provphone::client::evidence {

// What a file says that somebody has saved from a phone's web server: its configuration (cfg.xml,
// spacfg.xml), its state (status.xml), or both in one.
struct DevicePage {
  std::optional<MacAddress> mac;
  std::string model, serial, firmware;  // empty: it does not say
  // Whether it has parameters, and a rule of its own among them.
  enum class Has { state_alone, parameters, rules } has = Has::state_alone;
};

// `name` is the file's. Fails with bad_argument, naming the file, for what is no XML and for what
// says nothing of that.
Result<DevicePage> read_device_page(std::string_view text, std::string_view name);

}  // namespace provphone::client::evidence
