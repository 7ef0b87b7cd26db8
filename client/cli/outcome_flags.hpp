#pragma once

#include "client/cli/exit.hpp"
#include "client/cli/options.hpp"
#include "client/figures/verdicts.hpp"

#include <string>

// How a run came out, for a person and for CI: the same flags wherever phones run.
namespace provphone::client::cli {

struct OutcomeFlags {
  std::string junit, tap, summary;  // files; - is standard output
  bool github = false;

  // Somebody reads standard output who expects nothing else there. Annotations do not count: they
  // stand between other lines.
  bool take_standard_output() const;
};

// `flags` must outlive the command.
OptionGroup outcome_options(OutcomeFlags& flags);

// Files that are asked for, then annotations on standard output. Fails with unreadable_file at the
// first that cannot be written; those before it stay.
Result<void> write_outcomes(const OutcomeFlags& flags, const figures::Verdicts& verdicts);

// Failures and what was not judged, on standard error.
void complain_of(const figures::Verdicts& verdicts);

Exit exit_of(figures::Verdict verdict);

}  // namespace provphone::client::cli
