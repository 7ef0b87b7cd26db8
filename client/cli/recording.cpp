#include "client/cli/recording.hpp"

#include "client/figures/version.hpp"
#include "client/input/file.hpp"
#include "client/replay/reduced.hpp"
#include "client/scenario/phones.hpp"
#include "macro/try.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/rand.h>

#include <utility>

namespace provphone::client::cli {
namespace {

Result<std::string> random_salt() {
  constexpr int octets = 32;
  Result<std::string> salt(tl::in_place, octets, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt->data()), octets) != 1)
    return fail(Errc::bad_argument, "the system has no random numbers for the capsule's stand-ins");
  return salt;
}

void add_parameters(std::string& yaml, const profile::ParameterSet& parameters) {
  if (parameters.differences().empty()) return;
  yaml += "    set:\n";
  for (const auto& each : parameters.differences())
    yaml += fmt::format("      {}: {}\n", profile::parameter(each.id).name,
                        replay::quoted_template(each.value));
}

void add_lease(std::string& yaml, const std::vector<resync::DhcpOption>& lease) {
  if (lease.empty()) return;
  yaml += "    dhcp:\n";
  for (const auto& each : lease)
    yaml += fmt::format("      {}{}: {}\n", each.version == resync::DhcpVersion::v6 ? "v6-" : "",
                        each.number, replay::quoted_template(each.value));
}

}  // namespace

std::vector<Option> record_options(RecordFlags& flags) {
  return {
      {"--record", flags.file, "FILE",
       "keep the run as a capsule, which replay plays again; secrets are replaced in it"},
      {"--compare-with", flags.compare_with, "CAPSULE",
       "say what phones end up with that they did not when this was recorded; needs --record"},
      {"--keep-secrets", flags.keep_secrets, "", "leave them in it, for yourself alone"},
  };
}

Result<capsule::Source> source_of(const scenario::Scenario& scenario, std::string yaml,
                                  std::string name, std::vector<std::string> with,
                                  scenario::LeasedPhones leased) {
  capsule::Source source{
      std::move(yaml), std::move(name), std::move(with), std::move(leased), {}, {}};
  for (const auto& group : scenario.phones) {
    if (group.config.empty()) continue;
    TRY(auto octets,
        input::read_file(path_of(scenario, group.config), profile::max_unpacked_bytes));
    if (group.part == 0) source.files.push_back({group.config, std::move(octets)});
  }
  for (const auto& file : scenario.files) {
    TRY(auto octets, input::read_file(path_of(scenario, file), scenario::max_inventory_bytes));
    source.files.push_back({file, std::move(octets)});
  }
  source.environment = scenario.environment;
  return source;
}

capsule::Source source_of(const drive::DrivenPhone& phone, const std::vector<std::string>& knobs) {
  const auto& device = phone.device;
  const auto& identity = device.identity;
  std::string yaml = fmt::format(
      "phones:\n  - model: {}\n    personality: {}\n    mac: {}\n    serial: {}\n    firmware: {}\n"
      "    hardware: {}\n",
      replay::quoted_text(identity.model), name(device.personality.generation),
      format_lower(identity.mac), replay::quoted_template(identity.serial),
      replay::quoted_text(identity.firmware), replay::quoted_text(identity.hardware));
  if (!knobs.empty()) yaml += "    knobs:\n";
  for (const auto& each : knobs) {
    const auto equals = each.find('=');
    yaml += fmt::format("      {}: {}\n", each.substr(0, equals),
                        replay::quoted_text(each.substr(equals + 1)));
  }
  add_parameters(yaml, device.parameters);
  add_lease(yaml, device.lease);
  if (device.services) {
    if (!device.services->redirect.empty())
      yaml +=
          fmt::format("    redirect_service: {}\n", replay::quoted_text(device.services->redirect));
    if (!device.services->onboarding.empty())
      yaml += fmt::format("    onboarding_service: {}\n",
                          replay::quoted_text(device.services->onboarding));
  }
  if (device.activation_code)
    yaml += fmt::format("    activation_code: {}\n", replay::quoted_text(*device.activation_code));
  if (const auto& account = device.profile_account)
    yaml += fmt::format("    profile_account: {{user: {}, password: {}}}\n",
                        replay::quoted_text(account->user), replay::quoted_text(account->password));
  yaml += "events:\n  - {at: 0s, power_on: all}\n";
  return {std::move(yaml), "provphone run", {}, nullptr, {}, {}};
}

Result<std::optional<Recording>> Recording::open(const RecordFlags& flags) {
  if (flags.file.empty() && !flags.compare_with.empty())
    return fail(Errc::bad_argument,
                "--compare-with needs --record FILE, for what it is compared with");
  if (!flags.compare_with.empty() && !capsule::CapsuleReader::is_capsule(flags.compare_with))
    return fail(
        Errc::bad_argument,
        fmt::format("--compare-with: {} is no capsule, which --record writes", flags.compare_with));
  if (flags.file.empty()) return std::optional<Recording>{};
  TRY(auto salt, random_salt());
  TRY(auto file, capsule::CapsuleFile::open(flags.file));
  return std::optional(
      Recording(std::move(file), std::move(salt),
                flags.keep_secrets ? capsule::SecretsAre::kept : capsule::SecretsAre::replaced));
}

std::shared_ptr<drive::Witness> Recording::recorder() {
  recorders_.push_back(std::make_shared<capsule::Recorder>(salt_));
  return recorders_.back();
}

Result<void> Recording::finish(const Recorded& run, const capsule::Source& source) {
  capsule::Recorder all(salt_);
  for (auto& each : recorders_) all.take_in(*std::exchange(each, nullptr));
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return file_.finish({fmt::format("provphone {}", figures::version), run.command,
                       fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now), secrets_, run.phones, run.seed,
                       run.end, std::string(name(run.verdict)), run.trace_hash, course_.hex()},
                      source, run.wall, all);
}

}  // namespace provphone::client::cli
