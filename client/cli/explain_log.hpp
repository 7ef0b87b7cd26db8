#pragma once

#include "client/cli/exit.hpp"
#include "client/cli/log_flags.hpp"

#include <string>

// `explain --log`: what a server's logs say of a fleet, or of one phone.
namespace provphone::client::cli {

struct ExplainLogFlags {
  LogFlags logs;
  std::string phone;   // a MAC address; empty: the fleet
  std::string config;  // a profile whose settings phones are held against; empty: none
  std::string json;
};

Exit explain_log(const ExplainLogFlags& flags);

}  // namespace provphone::client::cli
