#include "client/lint/severity.hpp"

#include "macro/enum_array.hpp"

namespace provphone::client::lint {
namespace {

constexpr EnumArray<Severity, std::string_view> severity_names{{"info", "low", "medium", "high"}};

}  // namespace

std::string_view name(Severity severity) {
  return severity_names[severity];
}

std::optional<Severity> parse_severity(std::string_view text) {
  return severity_names.key_of(text);
}

}  // namespace provphone::client::lint
