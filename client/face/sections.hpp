#pragma once

#include "profile/catalogue.hpp"

#include <string_view>
#include <vector>

// In what order a tab of the phone's pages has its fields, and under which headings.
namespace provphone::client::face {

struct FieldSection {
  std::string_view heading;
  std::vector<profile::ParameterId> parameters;
};

// The given parameters of a tab, each once; no section is empty. Those that no section of the tab
// has come last.
std::vector<FieldSection> sections_of(std::string_view tab,
                                      const std::vector<profile::ParameterId>& parameters);

}  // namespace provphone::client::face
