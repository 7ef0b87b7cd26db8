#pragma once

#include "client/report/output.hpp"
#include "macro/error.hpp"
#include "macro/try.hpp"

#include <optional>
#include <string>

// Where commands that find something write it for programs.
namespace provphone::client::cli {

struct FindingFiles {
  std::optional<report::OutputFile> json, sarif, junit;
};

// Opens those whose flags name one, `-` among them, before anything is asked or judged. `Flags` has
// these three names.
template <class Flags>
Result<FindingFiles> open_finding_files(const Flags& flags) {
  FindingFiles files;
  TRY(files.json, report::OutputFile::open_if_named(flags.json));
  TRY(files.sarif, report::OutputFile::open_if_named(flags.sarif));
  TRY(files.junit, report::OutputFile::open_if_named(flags.junit));
  return files;
}

// The text gives way to a format that goes to standard output.
template <class Flags>
bool is_text_wanted(const Flags& flags) {
  return flags.json != "-" && flags.sarif != "-" && flags.junit != "-";
}

}  // namespace provphone::client::cli
