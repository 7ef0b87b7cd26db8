#pragma once

#include "client/lint/severity.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// SARIF 2.1.0, as GitHub and editors take it. Texts may hold any octets; what is no UTF-8 becomes
// U+FFFD.
namespace provphone::client::report {

struct SarifRule {
  std::string_view id, title, description;
  std::string help;  // what viewers show beside a finding, so all that mends it has to be in it
  lint::Severity severity = lint::Severity::info;
};

struct SarifResult {
  std::size_t rule = 0;  // in the list of rules
  lint::Severity severity = lint::Severity::info;
  std::string message;
  std::string uri;
  std::optional<std::size_t> line = std::nullopt, column = std::nullopt;
};

// One run of `tool`; every rule once.
std::string format_sarif(std::string_view tool, const std::vector<SarifRule>& rules,
                         const std::vector<SarifResult>& results);

}  // namespace provphone::client::report
