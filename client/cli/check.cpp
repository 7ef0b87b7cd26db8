#include "client/check/audit.hpp"
#include "client/check/place.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/finding_files.hpp"
#include "client/cli/network_flags.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/cli/pki_flag.hpp"
#include "client/cli/progress_line.hpp"
#include "client/cli/server_wait.hpp"
#include "client/input/duration.hpp"
#include "client/input/file.hpp"
#include "client/report/audit.hpp"
#include "client/report/output.hpp"
#include "client/run/signals.hpp"
#include "client/scenario/inventory.hpp"
#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/explain_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

struct CheckFlags {
  PhoneFlags phone;
  NetworkFlags network;
  std::string target;
  std::string pki;
  std::vector<std::string> others;
  std::string inventory;
  bool may_create = false;
  std::string source;
  std::size_t requests = 60;
  std::size_t rate = 0;
  std::string pause = "20ms";
  std::string time = "5m";
  std::string wait_for_server;
  std::string fail_on = "medium";
  std::string json, sarif, junit;
};

// A server alone stands for the phone's factory rule there; anything else is a rule. How the port
// speaks is found out and told.
std::string rule_of(const std::string& target, const check::Audit& audit) {
  auto place = check::place_in(target);
  if (!place) return target;
  const auto spoken =
      place->has_port ? check::scheme_spoken_at(*place, audit) : std::optional<macro::Scheme>{};
  if (spoken && place->has_scheme && *spoken != place->url.scheme)
    complain(
        fmt::format("{} does not speak {} but {}", target, name(place->url.scheme), name(*spoken)));
  if (spoken) place->url.scheme = *spoken;
  auto rule = check::factory_rule_at(*place);
  complain("asking for " + rule);
  return rule;
}

Result<void> take_limits(const CheckFlags& flags, check::Audit& audit) {
  const auto pause = input::parse_duration(flags.pause);
  if (!pause) return fail(Errc::bad_argument, "--pause: " + pause.error().detail);
  audit.pause = *pause;
  audit.requests = flags.requests;
  audit.rate = flags.rate;
  const auto time = input::parse_duration(flags.time);
  if (!time) return fail(Errc::bad_argument, "--time: " + time.error().detail);
  audit.time = *time;
  return {};
}

// The phones of a list whose addresses are nearest to the phone's: one below and one above, where
// there are such. An enumeration would meet them first.
Result<void> take_listed(const std::string& file, check::Audit& audit) {
  TRY(const auto text, input::read_file(file, scenario::max_inventory_bytes));
  const auto inventory = scenario::parse_inventory(text, file);
  if (!inventory) return fail(Errc::bad_argument, "--inventory: " + inventory.error().detail);
  const auto own = audit.device.identity.mac;
  std::optional<MacAddress> below, above;
  for (const auto mac : inventory->macs) {
    if (mac < own && (!below || *below < mac)) below = mac;
    if (mac > own && (!above || mac < *above)) above = mac;
  }
  for (const auto& each : {above, below}) {
    const bool is_new =
        each && std::find(audit.others.begin(), audit.others.end(), *each) == audit.others.end();
    if (is_new) audit.others.push_back(*each);
  }
  if (audit.others.empty())
    return fail(Errc::bad_argument,
                fmt::format("--inventory: {} has the phone {} alone", file, format_lower(own)));
  return {};
}

// Who else asks, and for whose files.
Result<void> take_others(const CheckFlags& flags, check::Audit& audit) {
  audit.may_create = flags.may_create;
  for (const auto& text : flags.others) {
    const auto other = parse_mac_address(text);
    if (!other) return fail(Errc::bad_argument, "--other: " + other.error().detail);
    audit.others.push_back(*other);
  }
  if (!flags.inventory.empty()) {
    TRY(take_listed(flags.inventory, audit));
  }
  audit.other_source = flags.source;
  return {};
}

Result<check::Audit> audit_of(const CheckFlags& flags) {
  check::Audit audit;
  auto phone = flags.phone;
  TRY(audit.device_root, take_pki(flags.pki, phone));
  TRY(auto setup, phone_setup(phone));
  audit.device = std::move(setup.device);
  audit.tls = std::move(setup.tls);
  audit.source_address = std::move(setup.source_address);
  audit.trust = audit.tls->trust;
  if (audit.device_root) {
    TRY(mint_certificate(*audit.device_root, audit.device.identity, audit.tls));
  }
  TRY(take_limits(flags, audit));
  TRY(take_others(flags, audit));
  TRY(audit.targets, targets_of(phone));
  TRY(audit.names, sources_of(flags.network, audit.targets));
  audit.rule = rule_of(flags.target, audit);
  return audit;
}

Result<void> write_check_files(FindingFiles& files, const report::Report& report,
                               check::Severity fail_on) {
  TRY(report::write_whole(files.json, format_json(report)));
  TRY(report::write_whole(files.sarif, format_sarif(report)));
  return report::write_whole(files.junit, format_junit(report, fail_on));
}

Result<check::Trail> observed(check::Audit& audit) {
  ProgressLine progress;
  audit.tell_progress = [&](std::size_t asked) {
    progress.show(fmt::format("{} of {} requests at most were made", asked, audit.requests));
  };
  auto trail = observe(audit);
  audit.tell_progress = nullptr;
  return trail;
}

using Judged = std::vector<std::vector<check::Judgement>>;

Judged judge(const check::Trail& trail) {
  Judged judged;
  for (const auto& file : trail.files) judged.push_back(check::findings_of(file));
  return judged;
}

// Refers to both.
report::Report report_of(const check::Trail& trail, const Judged& judged) {
  report::Report report{trail.files.front(), judged.front(), {}, trail.left_out};
  for (std::size_t i = 1; i < trail.files.size(); ++i)
    report.followed.push_back({trail.files[i], judged[i]});
  return report;
}

std::vector<resync::AskedServer> servers_at(const std::string& target, resync::Device device) {
  if (const auto place = check::place_in(target))
    return {{place->url.scheme, place->url.host, place->url.port, "/", naming_of(device)}};
  device.parameters.set(profile::parameter_id("Profile_Rule"), target);
  return servers_asked(device);
}

// Before anything is found out. Nothing: the server is there, or nobody waits.
Result<std::optional<Exit>> wait_for_target(const CheckFlags& flags) {
  TRY(const auto at_most, length_of_wait(flags.wait_for_server, nullptr));
  if (!at_most) return std::optional<Exit>{};
  TRY(auto setup, phone_setup(flags.phone));
  transport::Network network;
  TRY(network.targets, targets_of(flags.phone));
  TRY(network.names, sources_of(flags.network, network.targets));
  const auto waited =
      waited_in_vain(servers_at(flags.target, std::move(setup.device)), network, *at_most);
  if (!waited) return std::optional<Exit>{};
  complain("nothing was checked: " +
           (waited->signal ? "cut short by a signal" : told(*waited, *at_most)));
  return std::optional(waited->signal ? Exit::void_run : Exit::failed);
}

Exit check_server(const CheckFlags& flags) {
  const auto fail_on = check::parse_severity(flags.fail_on);
  if (!fail_on)
    return refuse_usage({Errc::bad_argument, "--fail-on: expected info, low, medium or high"});
  const auto ended = wait_for_target(flags);
  if (!ended) return refuse_usage(ended.error());
  if (*ended) return **ended;
  auto audit = audit_of(flags);
  if (!audit) return refuse_usage(audit.error());
  auto files = open_finding_files(flags);
  if (!files) return refuse_usage(files.error());
  // R-MACRO-26: what the server is asked for may not be what was meant.
  for (const auto& remark : resync::remarks_on_rule(audit->rule, audit->device.macros()))
    complain(remark);
  const run::SignalNote note;
  audit->may_go_on = [] { return !run::SignalNote::noted(); };
  const auto seen = observed(*audit);
  if (!seen) return refuse_usage(seen.error());
  const bool is_cut_short = run::SignalNote::noted().has_value();
  // They refer to what was seen: it has to last until the reports are written.
  const auto judged = judge(*seen);
  const auto report = report_of(*seen, judged);
  if (const auto written = write_check_files(*files, report, *fail_on); !written)
    return refuse_usage(written.error());
  if (is_text_wanted(flags)) std::cout << format_text(report);
  if (is_cut_short) complain("cut short by a signal; what was not asked is not judged");
  if (report::has_finding(report, *fail_on)) return Exit::failed;
  return is_cut_short ? Exit::void_run : Exit::as_expected;
}

}  // namespace

Command check_command() {
  auto flags = std::make_shared<CheckFlags>();
  OptionGroup options{{
      {"TARGET", flags->target, "",
       "what a Profile_Rule would say, or HOST[:PORT] for the factory's there", Presence::required},
      {"--pki", flags->pki, "DIR",
       "what `provphone pki` made: signs the certificates to try, and is trusted"},
      {"--other", flags->others, "MAC", "another phone that the server knows; repeatable"},
      {"--inventory", flags->inventory, "FILE",
       "a list of phones that the server knows: those beside this one are others"},
      {"--may-create", flags->may_create, "",
       "ask for made-up MAC addresses too: some servers make a device of each"},
      {"--source", flags->source, "ADDRESS",
       "of this machine: ask from there as well, to see who is let in"},
      {"--requests", flags->requests, "N", "at most so many requests (60)"},
      {"--rate", flags->rate, "N",
       "ask N times without a pause at the end, to see whether a phone is shut out"},
      {"--pause", flags->pause, "DURATION", "between two requests (20ms)"},
      {"--time", flags->time, "DURATION", "at most so long, a request under way aside (5m)"},
      {"--wait-for-server", flags->wait_for_server, "DURATION",
       "wait until the server answers, at most so long"},
      {"--fail-on", flags->fail_on, "SEVERITY",
       "least severity that makes the exit status 1: info, low, medium or high (medium)"},
      output({"--json", flags->json, "FILE", "write the judgements here; - is standard output"}),
      output({"--sarif", flags->sarif, "FILE", "the same as SARIF 2.1.0"}),
      output({"--junit", flags->junit, "FILE", "the same as JUnit XML"}),
  }};
  for (const auto& option : network_options(flags->network)) options.options.push_back(option);
  return {"check",
          "audits a provisioning server: what would a phone, or an attacker, find?",
          {options, phone_options(flags->phone), asking_options(flags->phone)},
          "Examples:\n"
          "  provphone check 'https://localhost:8443/$PSN/$MA.xml' --mac 000e08abcdef --pki pki\n"
          "  provphone check 'https://prov.example.net/$MA.xml' --target prov.example.net \\\n"
          "      --mac 000e08abcdef --cert phone.pem --key-file phone.key --ca roots.pem \\\n"
          "      --other 000e08000001 --pause 200ms --sarif check.sarif --fail-on high\n"
          "  provphone check '[--key MyOwnSecret] tftp://127.0.0.1/basic.cfg' --requests 20\n"
          "  provphone check localhost:80 --junit check.xml\n"
          "Exit status: 0 no finding of --fail-on or worse, 1 findings or no server, 2 wrong "
          "usage, 3 cut "
          "short.",
          [flags] { return check_server(*flags); },
          {},
          Signals::are_handled};
}

}  // namespace provphone::client::cli
