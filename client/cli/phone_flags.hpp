#pragma once

#include "client/cli/options.hpp"
#include "client/drive/phone.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

// The flags that describe a phone, the same for every command.
namespace provphone::client::cli {

// As they were given; what an empty one stands for follows from the others (R-MODEL-01).
struct PhoneFlags {
  std::string model, mac, serial, firmware, hardware, ip;
  std::string personality;
  std::vector<std::string> set;
  std::string config;
  std::vector<std::string> dhcp;
  std::string certificate, key_file, password_file, tls_policy;
  std::vector<std::string> accepted;
  resync::Services services;
  std::string activation_code;
  std::vector<std::string> trust;
  std::vector<std::string> knobs;
  std::vector<std::string> targets;
  std::uint64_t seed = 0;
  bool seed_given = false;
};

// Who the phone is: for every command that has one. `flags` must outlive the command.
OptionGroup phone_options(PhoneFlags& flags);

// Besides those, where it asks somebody.
OptionGroup asking_options(PhoneFlags& flags);

// The phone that the flags describe. Reads the files they name, and complains of what does not go
// together. Fails with a code of stage input,
// or with what --config's file is refused for.
Result<drive::DrivenPhone> phone_setup(const PhoneFlags& flags);

// --target, besides loopback.
Result<transport::Targets> targets_of(const PhoneFlags& flags);

// A fingerprint of everything the flags and `rest` say, as 16 hexadecimal digits: what a scenario's
// is where there is one. The seed is not in it, nor what the files hold.
std::string scenario_hash(const PhoneFlags& flags, const std::vector<std::string>& rest);

}  // namespace provphone::client::cli
