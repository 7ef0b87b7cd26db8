#pragma once

#include "client/lint/lint.hpp"
#include "resync/reading.hpp"

#include <string>
#include <string_view>

// A phone as it leaves the factory, and the lint of what somebody writes for it.
namespace provphone::test {

inline resync::Device phone_of(profile::Generation generation) {
  resync::Device phone;
  phone.personality = resync::personality_of(generation);
  phone.parameters = profile::ParameterSet(resync::factory_values_of(phone.personality));
  return phone;
}

inline client::lint::Linted lint(std::string_view bytes,
                                 profile::Generation generation = profile::Generation::mpp11) {
  const auto phone = phone_of(generation);
  return client::lint::lint(bytes, resync::decode_options_of(phone.personality), phone);
}

// `line:column id severity name` of each finding but those that say how much is stored, a line
// each; 0:0 where it has no place.
inline std::string brief(const client::lint::Linted& linted) {
  std::string out;
  for (const auto& finding : linted.findings) {
    if (finding.kind == client::lint::Kind::stored_only) continue;
    const auto at = finding.position.value_or(profile::Position{0, 0});
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
           std::string(row_of(finding.kind).id) + " " + std::string(name(finding.severity)) +
           (finding.parameter.empty() ? "" : " " + finding.parameter) + "\n";
  }
  return out;
}

inline std::string in_profile(std::string_view elements) {
  return "<flat-profile>\n" + std::string(elements) + "\n</flat-profile>\n";
}

}  // namespace provphone::test
