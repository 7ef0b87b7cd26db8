#pragma once

#include "client/cli/options.hpp"
#include "client/listen/doors.hpp"

#include <string>
#include <vector>

// The flags about where phones answer those who come to them, the same for `run` and `fleet`.
namespace provphone::client::cli {

struct DoorFlags {
  std::string web, sip;
};

// `flags` must outlive the command.
std::vector<Option> door_options(DoorFlags& flags);

// Fails with bad_argument.
Result<listen::Places> places_of(const DoorFlags& flags);

// Tells a person, on standard error, where the phones answer: a few of the URLs that Doors has.
void tell_places(const std::vector<std::string>& web, const std::vector<std::string>& sip);

}  // namespace provphone::client::cli
