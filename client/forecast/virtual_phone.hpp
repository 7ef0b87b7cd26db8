#pragma once

#include "client/drive/phone.hpp"
#include "client/forecast/model_server.hpp"
#include "macro/enum_array.hpp"
#include "resync/machine.hpp"

#include <cstdint>
#include <optional>

// What a worker has of each of its phones (worker.hpp).
namespace provphone::client::forecast {

// A phone in virtual time. What it has in common with others is in its rest state.
struct VirtualPhone {
  resync::Phone machine;
  std::uint32_t rest_state = 0;
  // Of the running pass: rules may have to be those that it began with (R-RULE-49).
  std::uint32_t rest_state_at_start = 0;
  // Made so far; an answer to an earlier one comes too late.
  std::uint32_t requests = 0;
  std::uint32_t group = 0;
  bool is_waiting = false;  // for the answer to its last request, while it is asleep
  // Of its requests the server has not taken so many yet (rounds.cpp).
  std::uint8_t undecided = 0;
  ServerAct act;  // that answer
};

// A phone that the conductor has, whole.
struct AwakePhone {
  struct Pending {
    std::uint32_t request;  // its number
    resync::Fetch fetch;
    ServerAct act;
    std::optional<std::int64_t>
        us;  // from the request to the answer, where that is still to be told
  };

  drive::Handset handset;
  EnumArray<resync::Lane, std::optional<Pending>> pending;
};

struct PhoneRange {
  std::uint32_t first, end;
};

}  // namespace provphone::client::forecast
