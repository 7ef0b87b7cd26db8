#include "client/cli/outcome_flags.hpp"

#include "client/cli/terminal.hpp"
#include "client/figures/verdict_text.hpp"
#include "client/report/outcomes.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace provphone::client::cli {

bool OutcomeFlags::take_standard_output() const {
  return junit == "-" || tap == "-" || summary == "-";
}

OptionGroup outcome_options(OutcomeFlags& flags) {
  return {{
      output({"--junit", flags.junit, "FILE",
              "write the outcome here, JUnit XML; - is standard output"}),
      output({"--tap", flags.tap, "FILE", "write the outcome here, TAP 14; - likewise"}),
      output({"--summary", flags.summary, "FILE", "write the outcome here, Markdown; - likewise"}),
      {"--github", flags.github, "",
       "print failures as annotations of GitHub Actions, at their scenario's lines"},
      {"--strict", flags.strict, "", "fail where an expectation could not have failed"},
  }};
}

Result<OutcomeFiles> open_outcomes(const OutcomeFlags& flags) {
  OutcomeFiles files;
  TRY(files.junit, report::OutputFile::open_if_named(flags.junit));
  TRY(files.tap, report::OutputFile::open_if_named(flags.tap));
  TRY(files.summary, report::OutputFile::open_if_named(flags.summary));
  files.github = flags.github;
  return files;
}

Result<void> write_outcomes(OutcomeFiles& files, const figures::Verdicts& verdicts) {
  // All are functions of the same verdicts, so that they cannot contradict each other.
  TRY(report::write_whole(files.junit, report::format_junit(verdicts)));
  TRY(report::write_whole(files.tap, report::format_tap(verdicts)));
  TRY(report::write_whole(files.summary, report::format_summary(verdicts)));
  // Last and on standard output, where the runner looks for them.
  if (files.github) std::cout << report::format_github(verdicts) << std::flush;
  return {};
}

void complain_of_verdict(const figures::Verdicts& verdicts) {
  if (verdicts.verdict == figures::Verdict::pass) return;
  std::cerr << fmt::format("{}  {}\n", ascii::uppered(name(verdicts.verdict)), headline(verdicts));
}

void complain_of_failures(const figures::Verdicts& verdicts) {
  std::cerr << broken_for(STDERR_FILENO, figures::format_failures(verdicts));
}

void complain_of(const figures::Verdicts& verdicts) {
  complain_of_verdict(verdicts);
  complain_of_failures(verdicts);
}

Exit exit_of(figures::Verdict verdict) {
  switch (verdict) {
    case figures::Verdict::pass:
      return Exit::as_expected;
    case figures::Verdict::fail:
      return Exit::failed;
    case figures::Verdict::void_run:
      break;
  }
  return Exit::void_run;
}

}  // namespace provphone::client::cli
