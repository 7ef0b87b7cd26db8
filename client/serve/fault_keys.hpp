#pragma once

#include "client/serve/fault.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The one table of what a fault may say, on the command line and in files alike.
namespace provphone::client::serve {

struct FaultSetting {
  std::string_view key;
  std::string_view value;  // empty: the key stands alone
};

struct FaultComplaint {
  std::size_t setting;  // which one it is about
  std::string text;
};

// One fault from its settings, in any order. The complaint names the setting, so that a file can
// say where it stands. The label is made here; no secret is in it.
tl::expected<Fault, FaultComplaint> make_fault(const std::vector<FaultSetting>& settings);

// `1`, `1-3` or `4-`, counted from 1. False where it is none of them; the fault is as it was then.
bool read_requests(Fault& fault, std::string_view text);

// A status from 200 to 599, as what the fault does. False for anything else.
bool read_status(Fault& fault, std::string_view text);

}  // namespace provphone::client::serve
