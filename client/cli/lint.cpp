#include "client/lint/lint.hpp"

#include "client/check/audit.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/finding_files.hpp"
#include "client/cli/layer_flags.hpp"
#include "client/cli/network_flags.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/input/file.hpp"
#include "client/report/lint.hpp"
#include "client/report/output.hpp"
#include "macro/hide.hpp"
#include "macro/try.hpp"
#include "resync/apply.hpp"
#include "resync/explain_facts.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

struct LintFlags {
  PhoneFlags phone;
  LayerFlags layers;
  NetworkFlags network;
  std::vector<std::string> files;
  std::string fail_on = "medium";
  bool compare = false;
  bool github = false;
  std::string json, sarif, junit;
};

// A profile, where it came from, and how the phone reads it.
struct LintSource {
  std::string name;
  std::string bytes;
  profile::DecodeOptions options;
};

bool is_url(std::string_view text) {
  return text.find("://") != std::string_view::npos;
}

// As the phone asks for it, redirects and logins included; the rule may hold a key.
Result<LintSource> fetched(const std::string& rule, const LintFlags& flags,
                           const drive::DrivenPhone& phone) {
  check::Audit audit;
  audit.device = phone.device;
  audit.tls = phone.tls;
  audit.source_address = phone.source_address;
  audit.trust = audit.tls->trust;
  TRY(audit.targets, targets_of(flags.phone));
  TRY(audit.names, sources_of(flags.network, audit.targets));
  audit.rule = rule;
  const auto name = resync::without_secrets(rule);
  auto file = check::fetch_file(audit);
  if (!file) return fail(file.error().code, fmt::format("{}: {}", name, file.error().detail));
  auto& [request, answer] = *file;
  auto options =
      resync::decode_options(phone.device, request, {answer.body, answer.content_encoding});
  return LintSource{macro::hide_query_secrets(format(request.url)), std::move(answer.body),
                    std::move(options)};
}

Result<LintSource> lint_source(const std::string& name, const LintFlags& flags,
                               const drive::DrivenPhone& phone) {
  LintSource source{name, {}, resync::decode_options_of(phone.device.personality)};
  if (is_url(name)) {
    TRY(source, fetched(name, flags, phone));
  } else {
    // More than a phone takes (R-LAYER-17), so that it can be said that it would not.
    TRY(source.bytes, input::read_file(name, profile::max_unpacked_bytes));
  }
  source.options = with_layers(std::move(source.options), flags.layers, phone.device);
  return source;
}

// What nobody asked for is not made: of many files it takes longer than judging them.
Result<void> write_findings(FindingFiles& outputs, const std::vector<report::LintedFile>& files,
                            lint::Severity fail_on) {
  if (outputs.json) {
    TRY(report::write_whole(outputs.json, report::format_json(files)));
  }
  if (outputs.sarif) {
    TRY(report::write_whole(outputs.sarif, report::format_sarif(files)));
  }
  if (outputs.junit) {
    TRY(report::write_whole(outputs.junit, report::format_junit(files, fail_on)));
  }
  return {};
}

Exit judge_files(const LintFlags& flags, const drive::DrivenPhone& phone, lint::Severity fail_on,
                 FindingFiles outputs) {
  std::vector<report::LintedFile> files;
  bool is_one_missing = false;
  for (const auto& name : flags.files) {
    const auto source = lint_source(name, flags, phone);
    // What else there is can still be judged.
    if (!source) {
      complain(format(source.error()));
      is_one_missing = true;
      continue;
    }
    files.push_back({source->name, lint::lint(source->bytes, source->options, phone.device)});
  }
  if (const auto written = write_findings(outputs, files, fail_on); !written)
    return refuse_usage(written.error());
  if (is_text_wanted(flags))
    std::cout << (flags.github ? report::format_github(files) : report::format_text(files));
  if (is_one_missing) return Exit::wrong_usage;
  return report::has_finding(files, fail_on) ? Exit::failed : Exit::as_expected;
}

Exit compare_files(const LintFlags& flags, const drive::DrivenPhone& phone, FindingFiles outputs) {
  std::vector<profile::Decoded> files;
  for (const auto& name : flags.files) {
    const auto source = lint_source(name, flags, phone);
    if (!source) return refuse_usage(source.error());
    auto decoded = profile::decode(source->bytes, source->options);
    if (!decoded) {
      complain(fmt::format("{}: {}", source->name, format(decoded.error())));
      return Exit::failed;
    }
    files.push_back(*std::move(decoded));
  }
  const auto comparison = lint::compare(files[0], files[1], phone.device);
  if (const auto written = report::write_whole(outputs.json, report::format_json(comparison));
      !written)
    return refuse_usage(written.error());
  if (is_text_wanted(flags)) std::cout << report::format_text(comparison);
  return Exit::as_expected;
}

Exit lint_profiles(const LintFlags& flags) {
  const auto fail_on = lint::parse_severity(flags.fail_on);
  if (!fail_on)
    return refuse_usage({Errc::bad_argument, "--fail-on: expected info, low, medium or high"});
  if (flags.files.empty())
    return refuse_usage({Errc::bad_argument, "lint needs a FILE or a URL; - is standard input"});
  if (flags.compare && flags.files.size() != 2)
    return refuse_usage({Errc::bad_argument, "--compare needs two files, the older one first"});
  if (flags.compare && (!flags.sarif.empty() || !flags.junit.empty() || flags.github))
    return refuse_usage(
        {Errc::bad_argument, "--compare finds nothing; its machine-readable form is --json"});
  const auto phone = phone_setup(flags.phone);
  if (!phone) return refuse_usage(phone.error());
  auto outputs = open_finding_files(flags);
  if (!outputs) return refuse_usage(outputs.error());
  return flags.compare ? compare_files(flags, *phone, *std::move(outputs))
                       : judge_files(flags, *phone, *fail_on, *std::move(outputs));
}

}  // namespace

Command lint_command() {
  auto flags = std::make_shared<LintFlags>();
  OptionGroup options{{
      {"FILE", flags->files, "",
       "profiles, or rules with a URL, which are asked for as the phone would; - is standard "
       "input"},
      {"--compare", flags->compare, "",
       "say what the second of two files changes on a phone that has had the first"},
      {"--fail-on", flags->fail_on, "SEVERITY",
       "least severity that makes the exit status 1: info, low, medium or high (medium)"},
      {"--github", flags->github, "", "print annotations of GitHub's workflows in place of text"},
      output({"--json", flags->json, "FILE", "write the findings here; - is standard output"}),
      output({"--sarif", flags->sarif, "FILE", "the same as SARIF 2.1.0, with lines and columns"}),
      output({"--junit", flags->junit, "FILE", "the same as JUnit XML"}),
  }};
  for (const auto& option : layer_options(flags->layers)) options.options.push_back(option);
  for (const auto& option : network_options(flags->network)) options.options.push_back(option);
  return {"lint",
          "what is wrong with profiles, and what a phone does next that applies them",
          {options, phone_options(flags->phone), asking_options(flags->phone)},
          "No secret is printed. docs/lint.md has the findings.\n"
          "Examples:\n"
          "  provphone lint profiles/*.xml --model CP-8841-3PCC --sarif lint.sarif\n"
          "  provphone lint --compare old.xml new.xml\n"
          "  provphone lint 'http://127.0.0.1/$PSN/$MA.xml' --mac 000e08abcdef\n"
          "Exit status: 0 no finding of --fail-on or worse, 1 findings, 2 wrong usage or a file "
          "that cannot be had.",
          [flags] { return lint_profiles(*flags); }};
}

}  // namespace provphone::client::cli
