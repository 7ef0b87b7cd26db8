#pragma once

#include "client/serve/fault.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::serve {

// One fault as `--fault` has it: `status=503 path=/x/* requests=1-3`, keys and values in any order
// with blanks between them. The short form is PATH=STATUS, PATH=STATUS*COUNT (the first COUNT
// requests) or PATH=STATUS@FIRST-LAST, whose PATH is a path as it stands, or `*`. Fails with
// bad_argument.
Result<Fault> parse_fault(std::string_view text);

struct FaultFile {
  std::vector<Fault> faults;
  std::optional<std::uint64_t> seed;
};

// A YAML file: `faults`, a list of maps with the same keys, and `seed`. `name` is what messages
// call it. Fails with scenario_invalid, with line and column. A file may have neither.
Result<FaultFile> read_faults(std::string_view yaml, std::string_view name);

}  // namespace provphone::client::serve
