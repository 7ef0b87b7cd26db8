#pragma once

#include "profile/origin.hpp"
#include "profile/parameter_set.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

// What a phone tells about itself in XML: its configuration page (cfg.xml) and the bodies of its
// reports (behaviour rules R-XML-28 to R-XML-33).
//
// No secret is in any of them. A phone that reads its own snapshot or delta changes nothing, and
// one fresh from the factory that reads a snapshot gets every value that is no secret. That holds
// for the values that profiles can set; of others, control characters become a question mark.
namespace provphone::profile {

// Whether phones of the family have the parameter, as far as its factory values tell, and those of
// the line of products, where one is given, are not known to lack it (R-XML-30).
bool belongs_to(ParameterId id, Generation generation,
                std::optional<ProductLine> line = std::nullopt);

// The whole configuration: the family's parameters in catalogue order, and what else was set.
std::string format_snapshot(const ParameterSet& parameters, Generation generation,
                            std::optional<ProductLine> line = std::nullopt);

// The parameters whose value or right is not what it was in `before`, which may have another base
// (R-XML-31). No change is a flat-profile without elements.
std::string format_delta(const ParameterSet& parameters, const ParameterSet& before,
                         Generation generation);

// A flat profile that sets these, secrets included: what a server has for a phone of the family.
std::string format_settings(std::span<const Difference> settings, Generation generation);

struct StatusItem {
  std::string_view label;  // as the phone's pages print it, `Current Time`
  std::string_view value;
};

// The phone's state: one element an item, named by element_name(), in the order given.
std::string format_status(std::span<const StatusItem> items);

}  // namespace provphone::profile
