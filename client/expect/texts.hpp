#pragma once

#include "client/scenario/scenario.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What expectations compare with: templates, paths, bounds.
namespace provphone::client::expect {

// A template, expanded once for a group whose phones have the same text.
class GroupText {
 public:
  // Refers to both.
  GroupText(const scenario::Scenario& scenario, const scenario::Template& text);

  // The phone's text. `buffer` holds it where it is the phone's own, so the view is good as long as
  // both.
  std::string_view of(std::uint32_t phone, std::string& buffer) const;
  std::string of(std::uint32_t phone) const;

 private:
  const scenario::Scenario* scenario_;
  const scenario::Template* text_;
  std::vector<std::optional<std::string>> by_group_;
};

// Whether a URL leads there, whatever its server; its query counts only where the glob has a `?`.
bool leads_to(std::string_view url, std::string_view path_glob);

// `no`, `exactly 3`, `at least 1`, `at most 5`, `2 to 5`: before what is counted.
std::string bounds_text(const scenario::Bounds& bounds);
// Both ends included.
bool is_within(const scenario::Bounds& bounds, std::uint64_t count);

}  // namespace provphone::client::expect
