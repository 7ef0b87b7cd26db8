#pragma once

#include "client/capsule/tape.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace provphone::client::replay {

// What a capsule's servers answered, for phones that ask what, or when, they did not ask when it
// was recorded.
class Answers {
 public:
  // `tape` must outlive it.
  explicit Answers(const capsule::Tape& tape);

  // What the phone was told when it asked that last, at `now` or before; else what it was told
  // first; else what other phones were told, likewise. Null: nobody ever asked that.
  const capsule::Ended* find(std::string_view asked, std::uint32_t phone, resync::Time now) const;

  // Of a host as it was recorded; empty: it never became one.
  std::string address_of(const std::string& host) const;

 private:
  struct Given {
    resync::Time at;
    std::uint32_t phone;
    const capsule::Ended* ended;
  };

  std::map<std::string, std::vector<Given>, std::less<>>
      given_;                                               // by what was asked, in time order
  std::unordered_map<std::string, std::string> addresses_;  // by host
};

}  // namespace provphone::client::replay
