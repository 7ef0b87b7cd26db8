#pragma once

#include "client/evidence/seen.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

// Whose the lines of logs are.
namespace provphone::client::evidence::detail {

// By number: a MAC address or a serial number that some line has.
using Name = std::uint32_t;
inline constexpr Name no_name = 0xFFFFFFFF;

struct Identity {
  std::optional<MacAddress> mac;
  std::string serial;
};

// A phone, or an address of which nobody knows more, by number.
using Owner = std::uint64_t;
inline constexpr Owner nobody = 0;

// A line of a log in as little space as it takes.
struct Line {
  enum class Is : std::uint8_t { request, message };
  enum class By : std::uint8_t { phone, unknown, other };  // as its User-Agent has it

  Instant at{};
  std::uint64_t print = 0;  // of its text
  Owner owner = nobody;
  std::int64_t bytes = -1;
  std::uint32_t what = 0;  // the request or the message
  std::uint32_t agent = 0, address = 0;
  Name name = no_name;
  std::int32_t took_ms = -1;
  std::int16_t status = 0;
  Is is = Is::request;
  By by = By::unknown;
  Sureness sureness = Sureness::named;
};

// A serial number that came with a MAC address is that phone from then on, for all lines.
void join_serials(std::vector<Identity>& identities, std::vector<Line>& lines);

// Gives every line its owner, and those that are owned by a name that name; says how many have none
// because no phone made them. `leased`: names by address.
std::size_t find_owners(std::vector<Line>& lines,
                        const std::unordered_map<std::uint32_t, Name>& leased);

// By owner, then by time.
bool of_earlier_owner(const Line& one, const Line& other);

}  // namespace provphone::client::evidence::detail
