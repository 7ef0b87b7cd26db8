#include "client/cli/phone_flags.hpp"

#include "client/cli/complain.hpp"
#include "client/identity/certificate_source.hpp"
#include "client/input/file.hpp"
#include "client/run/credentials.hpp"
#include "client/trace/fingerprint.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"
#include "profile/decode.hpp"
#include "resync/model.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::cli {
namespace {

tl::unexpected<Error> bad_flag(const char* flag, const std::string& why) {
  return fail(Errc::bad_argument, fmt::format("{}: {}", flag, why));
}

Result<void> take_identity(const PhoneFlags& flags, resync::Identity& identity) {
  const auto take = [](const std::string& given, std::string& member) {
    if (!given.empty()) member = given;
  };
  take(flags.serial, identity.serial);
  take(flags.hardware, identity.hardware);
  take(flags.ip, identity.ip);
  if (flags.mac.empty()) return {};
  const auto mac = parse_mac_address(flags.mac);
  if (!mac) return bad_flag("--mac", mac.error().detail);
  identity.mac = *mac;
  return {};
}

Result<void> take_config(const PhoneFlags& flags, drive::DrivenPhone& setup) {
  if (flags.config.empty()) return {};
  TRY(const auto bytes, input::read_file(flags.config, profile::max_unpacked_bytes));
  // Read as a phone of that personality reads it, without a key: a file as people keep it.
  const auto decoded = profile::decode(bytes, resync::decode_options_of(setup.device.personality));
  if (!decoded) {
    return fail(decoded.error().code, fmt::format("{}: {}", flags.config, decoded.error().detail));
  }
  profile::apply(setup.device.parameters, decoded->changes);
  return {};
}

// Facts that are neither parameters nor state of the machine, yet worth setting by hand.
bool set_fact(resync::Identity& identity, std::string_view name, std::string_view value) {
  if (name == "CCERT") {
    identity.certificate_installed = value == "Installed";
    return true;
  }
  if (name == "EXTIP") {
    identity.external_ip = value;
    return true;
  }
  return false;
}

// PROFILE_ACCOUNT=user:password, which is no parameter: a person types it in at the phone.
bool set_profile_account(drive::DrivenPhone& setup, std::string_view name, std::string_view value) {
  if (name != "PROFILE_ACCOUNT") return false;
  const auto colon = std::min(value.find(':'), value.size());
  const auto password = colon < value.size() ? value.substr(colon + 1) : std::string_view{};
  setup.device.profile_account =
      resync::Login{std::string(value.substr(0, colon)), std::string(password)};
  return true;
}

Result<void> take_setting(drive::DrivenPhone& setup, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return bad_flag("--set", fmt::format("'{}' is not NAME=VALUE", text));
  const auto name = text.substr(0, equals);
  const auto value = text.substr(equals + 1);
  // Facts and state first: no parameter has such a name.
  if (set_fact(setup.device.identity, name, value)) return {};
  if (set_profile_account(setup, name, value)) return {};
  if (const auto state = resync::set_macro(setup.device.state, name, value)) {
    return *state ? Result<void>{} : bad_flag("--set", state->error().detail);
  }
  const auto id = profile::find_parameter(name);
  if (!id) {
    const auto nearest = profile::nearest_parameter(name);
    return fail(Errc::unknown_parameter,
                nearest.empty() ? fmt::format("--set: there is no parameter {}", name)
                                : fmt::format("--set: there is no parameter {}; did you mean {}?",
                                              name, nearest));
  }
  setup.device.parameters.set(*id, value);
  return {};
}

Result<void> take_lease(drive::DrivenPhone& setup, const std::string& text) {
  const auto equals = text.find('=');
  auto option = resync::parse_option_name(std::string_view(text).substr(0, equals));
  if (equals == std::string::npos || !option) {
    return bad_flag("--dhcp",
                    fmt::format("'{}' is not OPTION=VALUE with an option of 1 to 254", text));
  }
  option->value = text.substr(equals + 1);
  setup.device.lease.push_back(*std::move(option));
  return {};
}

void take_services(const PhoneFlags& flags, resync::Device& device) {
  if (!flags.activation_code.empty()) device.activation_code = flags.activation_code;
  const auto& services = flags.services;
  if (services.redirect.empty() && services.onboarding.empty()) return;
  device.services = std::make_shared<const resync::Services>(services);
}

// 64 hexadecimal digits, with or without colons, as openssl and browsers print them.
Result<std::vector<std::string>> accepted_certificates(const PhoneFlags& flags) {
  constexpr std::size_t digits = 64;
  std::vector<std::string> accepted;
  for (const auto& each : flags.accepted) {
    auto text = ascii::lowered(each);
    std::erase(text, ':');
    const bool is_one =
        text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_one) return bad_flag("--accept-certificate", "expected the SHA-256 of a certificate");
    accepted.push_back(text);
  }
  return accepted;
}

Result<void> take_tls(const PhoneFlags& flags, drive::DrivenPhone& setup) {
  auto tls = std::make_shared<identity::TlsIdentity>();
  if (!flags.certificate.empty()) {
    TRY(auto password, identity::certificate_password(flags.password_file));
    TRY(tls->certificate,
        identity::load_certificate({flags.certificate, flags.key_file, std::move(password)}));
    // R-CERT-05
    setup.device.identity.certificate_installed = !identity::is_generic(*tls->certificate);
  } else if (!flags.key_file.empty()) {
    return bad_flag("--key-file", "needs --cert");
  } else if (!flags.password_file.empty()) {
    return bad_flag("--cert-password", "needs --cert");
  }
  TRY(tls->accepted, accepted_certificates(flags));
  if (!flags.trust.empty()) {
    TRY(tls->trust, identity::load_trust(flags.trust));
  }
  setup.tls = std::move(tls);
  return {};
}

// R-MODEL-01: what no flag says follows from those that do.
Result<drive::DrivenPhone> bare_setup(const PhoneFlags& flags) {
  const auto generation = profile::parse_generation(flags.personality);
  if (!flags.personality.empty() && !generation)
    return bad_flag("--personality", "expected spa, mpp11 or mpp12");
  auto kind = resync::kind_of({flags.model, flags.firmware, generation});
  for (const auto& each : kind.contradictions) complain(each);
  drive::DrivenPhone setup;
  auto& identity = setup.device.identity;
  // The serial number of the examples is that of an MPP phone.
  if (kind.personality.generation == profile::Generation::spa)
    identity.serial = resync::serial_of(kind, 0);
  identity.model = std::move(kind.model);
  identity.firmware = std::move(kind.firmware);
  setup.device.personality = kind.personality;
  for (const auto& knob : flags.knobs) {
    TRY(resync::set_knob(setup.device.personality, knob));
  }
  if (flags.tls_policy == "jabber") {
    TRY(resync::set_knob(setup.device.personality, "certificate_names=jabber"));
  } else if (!flags.tls_policy.empty() && flags.tls_policy != "phone") {
    return bad_flag("--tls-policy", "expected phone or jabber");
  }
  // Behind the knobs: some of them choose factory values (R-XML-24).
  setup.device.parameters =
      profile::ParameterSet(resync::factory_values_of(setup.device.personality));
  return setup;
}

}  // namespace

OptionGroup phone_options(PhoneFlags& flags) {
  return {
      {
          {"--model", flags.model, "NAME",
           "product name, $PN; the rest follows from it (CP-8841-3PCC)"},
          {"--mac", flags.mac, "MAC", "hardware address, $MA (000e08012345)"},
          {"--serial", flags.serial, "TEXT", "serial number, $SN (88012BA01234)"},
          {"--firmware", flags.firmware, "LOAD",
           "running load, $SWVER (what the model leaves the factory with)"},
          {"--hardware", flags.hardware, "TEXT", "hardware version, $HWVER (2.0.1)"},
          {"--ip", flags.ip, "ADDRESS", "the phone's own address, $IP (192.168.1.100)"},
          {"--personality", flags.personality, "NAME",
           "firmware generation: spa, mpp11 or mpp12 (the model's, or mpp12)"},
          {"--set", flags.set, "NAME=VALUE", "a parameter, or state such as PRVST=1; repeatable"},
          {"--config", flags.config, "FILE", "a profile that is applied first"},
          {"--dhcp", flags.dhcp, "OPTION=VALUE",
           "an option of the DHCP lease, such as 66=127.0.0.1; repeatable"},
          {"--cert", flags.certificate, "FILE",
           "the phone's certificate: PEM, PKCS#12 or a pkcs11: URI"},
          {"--key-file", flags.key_file, "FILE",
           "its private key, PEM or a pkcs11: URI (default: with the certificate)"},
          {"--cert-password", flags.password_file, "FILE",
           "holds the password of PKCS#12 or a token's PIN (else $PROVPHONE_CERT_PASSWORD)"},
          {"--knob", flags.knobs, "NAME=VALUE",
           "behaviour that documents leave open; see decode --list-knobs; repeatable"},
      },
      "The phone"};
}

OptionGroup asking_options(PhoneFlags& flags) {
  Option seed{"--seed", flags.seed, "N", "seed of everything random (0)"};
  seed.is_given = &flags.seed_given;
  return {
      {
          {"--redirect-service", flags.services.redirect, "URL",
           "where a phone asks that nobody has provisioned; macros are expanded"},
          {"--onboarding-service", flags.services.onboarding, "URL",
           "that judges activation codes; macros are expanded"},
          {"--activation-code", flags.activation_code, "CODE",
           "16 digits, entered where the phone asks for them"},
          {"--ca", flags.trust, "FILE", "root certificates that the phone trusts, PEM; repeatable"},
          {"--tls-policy", flags.tls_policy, "NAME",
           "whose idea of a server's certificate counts: phone or jabber (phone)"},
          {"--accept-certificate", flags.accepted, "SHA256",
           "a server's certificate that a person has accepted, for jabber; repeatable"},
          seed,
          {"--target", flags.targets, "ADDRESS",
           "an address, prefix or name that traffic may go to, besides loopback; repeatable"},
      },
      "How it asks"};
}

Result<drive::DrivenPhone> phone_setup(const PhoneFlags& flags) {
  auto setup = bare_setup(flags);
  if (!setup) return setup;
  const auto taken = [&]() -> Result<void> {
    if (auto done = take_identity(flags, setup->device.identity); !done) return done;
    // In this order: --set is what somebody wants to change of --cert and --config.
    if (auto done = take_tls(flags, *setup); !done) return done;
    if (auto done = take_config(flags, *setup); !done) return done;
    take_services(flags, setup->device);
    for (const auto& each : flags.set) {
      if (auto done = take_setting(*setup, each); !done) return done;
    }
    for (const auto& each : flags.dhcp) {
      if (auto done = take_lease(*setup, each); !done) return done;
    }
    return {};
  }();
  if (!taken) return tl::unexpected(taken.error());
  return setup;
}

Result<transport::Targets> targets_of(const PhoneFlags& flags) {
  transport::Targets targets;
  for (const auto& target : flags.targets) {
    if (const auto added = targets.add(target); !added)
      return bad_flag("--target", added.error().detail);
  }
  return targets;
}

std::string scenario_hash(const PhoneFlags& flags, const std::vector<std::string>& rest) {
  trace::Fingerprint fingerprint;
  for (const auto* text :
       {&flags.model, &flags.mac, &flags.serial, &flags.firmware, &flags.hardware, &flags.ip,
        &flags.personality, &flags.config, &flags.certificate, &flags.key_file}) {
    fingerprint.add(*text);
  }
  for (const auto* list :
       {&flags.set, &flags.dhcp, &flags.trust, &flags.knobs, &flags.targets, &rest}) {
    // Lengths part the lists, so that no value can move from one to the next unnoticed.
    fingerprint.add(list->size());
    for (const auto& text : *list) fingerprint.add(text);
  }
  // Newer than hashes that have been written down: without them it is as it was.
  if (!flags.tls_policy.empty()) fingerprint.add(flags.tls_policy);
  for (const auto& each : flags.accepted) fingerprint.add(each);
  for (const auto* text : {&flags.services.redirect, &flags.services.onboarding}) {
    if (!text->empty()) fingerprint.add(*text);
  }
  return fingerprint.hex();
}

}  // namespace provphone::client::cli
