#pragma once

#include "client/drive/real.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::listen {

// The port at which each phone answers, and the address of those that have none of their own.
struct Place {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
};

// `8080`, `127.0.0.2:8080`, `[::1]:8080`. `flag` is who is blamed, `--web`. Fails with
// bad_argument.
Result<Place> parse_place(const std::string& text, std::string_view flag);

// The phones' indices, by the address at which they are to be found: their own, else the place's.
using PhonesByAddress = std::map<std::string, std::vector<std::size_t>>;
PhonesByAddress phones_by_address(const Place& place, const drive::RealDriver& driver);

}  // namespace provphone::client::listen
