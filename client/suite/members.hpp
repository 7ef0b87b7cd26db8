#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The scenarios of a folder.
namespace provphone::client::suite {

enum class Driver : std::uint8_t { run, fleet, forecast, last = forecast };

std::string_view name(Driver driver);  // the command's
std::optional<Driver> driver_named(std::string_view text);

struct Member {
  std::string file;  // as the folder was named, and its way from there
  Driver driver = Driver::run;
  bool has_end = true;  // the scenario says how long it runs at most

  friend bool operator==(const Member&, const Member&) = default;
};

// The *.yaml and *.yml below the folder, at any depth, sorted. Names that begin with `.` or `_` are
// left out, folders too: parts that scenarios include. Fails with unreadable_file.
Result<std::vector<std::string>> scenarios_below(const std::string& folder);

// Those in whose names, from the folder on, the regular expression is found; empty: all. Fails with
// bad_argument.
Result<std::vector<std::string>> chosen(std::vector<std::string> files, std::size_t folder_length,
                                        const std::string& pattern);

// The same files in an order that follows from the seed alone.
std::vector<std::string> shuffled(std::vector<std::string> files, std::uint64_t seed);

// What a scenario's text is for: `forecast` where it has a block `server`, which nothing else looks
// at; `fleet` where it has more phones than `run` drives; else `run`. A text that is no scenario is
// for `run` to refuse.
Driver driver_for(std::string_view yaml, std::uint64_t phones);

}  // namespace provphone::client::suite
