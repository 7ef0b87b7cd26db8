#pragma once

#include "client/cli/exit.hpp"

#include <string>
#include <vector>

// `scenario from-phone URL`: a scenario of a real phone, by its web pages.
namespace provphone::client::cli {

struct FromPhoneFlags {
  std::string url;                   // http://192.0.2.7
  std::string output = "-";          // the scenario
  std::vector<std::string> targets;  // besides loopback
};

// Asks the phone for two pages, and keeps its configuration beside the scenario.
Exit make_from_phone(const FromPhoneFlags& flags);

}  // namespace provphone::client::cli
