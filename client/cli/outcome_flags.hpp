#pragma once

#include "client/cli/exit.hpp"
#include "client/cli/options.hpp"
#include "client/figures/verdicts.hpp"
#include "client/report/output.hpp"

#include <optional>
#include <string>

// How a run came out, for a person and for CI: the same flags wherever phones run.
namespace provphone::client::cli {

struct OutcomeFlags {
  std::string junit, tap, summary;  // files; - is standard output
  bool github = false;
  bool strict = false;

  figures::Strictness strictness() const {
    return strict ? figures::Strictness::strict : figures::Strictness::usual;
  }
  // Somebody reads standard output who expects nothing else there. Annotations do not count: they
  // stand between other lines.
  bool take_standard_output() const;
};

// `flags` must outlive the command.
OptionGroup outcome_options(OutcomeFlags& flags);

// The files that are asked for, open before the run.
struct OutcomeFiles {
  std::optional<report::OutputFile> junit, tap, summary;
  bool github = false;
};

// Fails with unreadable_file at the first that cannot be written.
Result<OutcomeFiles> open_outcomes(const OutcomeFlags& flags);

// Writes and finishes the files, then annotations on standard output. Fails with unreadable_file at
// the first that cannot be written; those before it stay.
Result<void> write_outcomes(OutcomeFiles& files, const figures::Verdicts& verdicts);

// On standard error: what the run came to, unless it passed, ...
void complain_of_verdict(const figures::Verdicts& verdicts);
// ... and why: failures, each cause once, and what was not judged.
void complain_of_failures(const figures::Verdicts& verdicts);
// Both.
void complain_of(const figures::Verdicts& verdicts);

Exit exit_of(figures::Verdict verdict);

}  // namespace provphone::client::cli
