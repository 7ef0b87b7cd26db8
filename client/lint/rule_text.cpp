#include "client/lint/rule_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::lint {
namespace {

bool fills(const profile::Decoded& content, std::string_view name) {
  return std::any_of(content.changes.begin(), content.changes.end(), [name](const auto& change) {
    return profile::parameter(change.id).name == name && change.value && !change.value->empty();
  });
}

// `$A`, `$(SA)`, `$GPP_A`: the parameter whose value a macro stands for, were it a register.
std::string register_of(std::string_view macro) {
  macro.remove_prefix(1);
  if (macro.starts_with('(')) macro.remove_prefix(1);
  if (macro.starts_with("GPP_")) macro.remove_prefix(4);
  return fmt::format("GPP_{}", macro.substr(0, macro.find_first_not_of("ABCDEFGHIJKLMNOPS")));
}

}  // namespace

bool is_rule(const profile::Parameter& described) {
  return described.type == "Rule" || described.type == "UpgradeRule" ||
         described.type == "ReportRule" || described.name == "Custom_CA_Rule";
}

bool shows_argument(const profile::Decoded& content, std::string_view rule,
                    std::string_view option) {
  const auto at = rule.find(option);
  if (at == std::string_view::npos) return false;
  auto argument = rule.substr(at + option.size());
  argument.remove_prefix(std::min(argument.find_first_not_of(" \t\""), argument.size()));
  if (argument.starts_with('$')) return fills(content, register_of(argument));
  return !argument.empty() && !argument.starts_with(']');
}

bool shows_login(std::string_view rule) {
  constexpr std::string_view separator = "://";
  for (auto at = rule.find(separator); at != std::string_view::npos;
       at = rule.find(separator, at + 1)) {
    const auto server = rule.substr(at + separator.size());
    if (server.substr(0, server.find_first_of("/ <\"'")).find('@') != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace provphone::client::lint
