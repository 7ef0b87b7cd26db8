#include "resync/custom_ca.hpp"

#include "macro/condition.hpp"
#include "macro/fnv1a.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace provphone::resync {
namespace {

constexpr std::string_view rule_name = "Custom_CA_Rule";
constexpr std::string_view url_name = "Custom_CA_URL";

}  // namespace

CustomCaRule custom_ca_rule(const profile::ParameterSet& parameters,
                            const Personality& personality) {
  CustomCaRule rule{url_name, parameters.get(profile::parameter_id(url_name)), 0};
  const auto own = parameters.get(profile::parameter_id(rule_name));
  const auto dialect = dialect_of(personality);
  const bool is_spa = personality.generation == profile::Generation::spa;
  if (!is_spa && (!macro::is_blank(own, dialect) || macro::is_blank(rule.text, dialect)))
    rule = {rule_name, own, 0};
  if (macro::is_blank(rule.text, dialect)) rule.text = {};
  macro::Fnv1a<std::uint32_t> print;
  print.take(rule.text);
  rule.print = std::max<std::uint32_t>(print.value(), 1);
  return rule;
}

std::string custom_ca_status(const CustomCa& custom_ca, const PhoneClock* clock) {
  return status_text("provisioning", custom_ca.last, clock);
}

std::string custom_ca_info(const CustomCa& custom_ca) {
  if (!custom_ca.roots) return "Not Installed";
  return fmt::format("Installed {}", custom_ca.roots->first_name);
}

}  // namespace provphone::resync
