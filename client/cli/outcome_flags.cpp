#include "client/cli/outcome_flags.hpp"

#include "client/report/outcomes.hpp"
#include "client/report/output.hpp"

#include <array>
#include <iostream>
#include <utility>

namespace provphone::client::cli {

bool OutcomeFlags::take_standard_output() const {
  return junit == "-" || tap == "-" || summary == "-";
}

OptionGroup outcome_options(OutcomeFlags& flags) {
  return {{
      {"--junit", flags.junit, "FILE", "write the outcome here, JUnit XML; - is standard output"},
      {"--tap", flags.tap, "FILE", "write the outcome here, TAP 14; - likewise"},
      {"--summary", flags.summary, "FILE", "write the outcome here, Markdown; - likewise"},
      {"--github", flags.github, "",
       "print failures as annotations of GitHub Actions, at their scenario's lines"},
  }};
}

Result<void> write_outcomes(const OutcomeFlags& flags, const figures::Verdicts& verdicts) {
  using Format = std::string (*)(const figures::Verdicts&);
  const std::array<std::pair<const std::string&, Format>, 3> outputs{
      {{flags.junit, report::format_junit},
       {flags.tap, report::format_tap},
       {flags.summary, report::format_summary}}};
  // All are functions of the same verdicts, so that they cannot contradict each other.
  for (const auto& [file, format] : outputs) {
    if (file.empty()) continue;
    if (auto written = report::write_output(file, format(verdicts)); !written) return written;
  }
  // Last and on standard output, where the runner looks for them.
  if (flags.github) std::cout << report::format_github(verdicts) << std::flush;
  return {};
}

void complain_of(const figures::Verdicts& verdicts) {
  std::cerr << figures::format_failures(verdicts);
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
