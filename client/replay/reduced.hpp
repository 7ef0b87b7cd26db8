#pragma once

#include "client/replay/seen_server.hpp"

#include <cstdint>
#include <string>
#include <vector>

// A scenario in pieces that can be taken away one by one.
namespace provphone::client::replay {

struct ReducedPhone {
  std::uint32_t number = 0;  // in the capsule
  std::string mac, group;
  std::vector<std::string> keys;  // `model: "CP-8841-3PCC"`, and others that say who it is
  Values set, knobs, dhcp;
};

// An answer of the modelled server, or a file of its.
struct ReducedAct {
  std::string host, path;
  resync::Time from;
  std::optional<resync::Time> to;  // of what is no file
  Act act;
};

struct Reduced {
  std::vector<std::string> keys;  // `clock: ...`, `time_zone: ...`
  std::uint64_t seed = 0;
  std::vector<ReducedPhone> phones;
  std::vector<Happened> events;
  std::vector<ReducedAct> acts;
  resync::Duration duration{};
  std::string expectation;  // in YAML, on one line
};

// What these phones were and met, and nothing of the others.
Reduced reduced_to(const Recollection& all, const capsule::Capsule& capsule,
                   const std::vector<std::uint32_t>& phones, const std::string& expectation);

// As a scenario's text.
std::string yaml_of(const Reduced& reduced);

// In quotes, for YAML; and the same for a template, in which braces mean something.
std::string quoted_text(std::string_view text);
std::string quoted_template(std::string_view text);

}  // namespace provphone::client::replay
