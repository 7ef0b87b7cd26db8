#pragma once

#include "test/e2e/phone.hpp"

#include <filesystem>
#include <string>
#include <vector>

// What fixtures/issues has of problems that were seen in the field, and the table of them all.
namespace provphone::e2e {

// In the order of their numbers.
std::vector<std::filesystem::path> field_problem_folders();

struct FieldProblemRow {
  std::string id;     // `FP-7`
  std::string title;  // as it stands at the head of its README
  std::string shown;  // `reproduced`, `quirk switch ...` or `out of reach, because ...`
};

std::vector<FieldProblemRow> field_problem_rows();

// Runs `scenario`, a file of `folder`, in real time with the servers that are written down beside
// it: `serve.txt`, `wire.txt`, `dns.txt` and `dns-2.txt`. What the scripts of servers object to is
// a failure of the test.
CommandResult run_live(const std::filesystem::path& folder, const std::string& scenario,
                       const Flags& flags = {});

}  // namespace provphone::e2e
