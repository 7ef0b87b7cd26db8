#include "client/lint/elements.hpp"

#include "profile/catalogue.hpp"
#include "profile/markup.hpp"
#include "profile/xml.hpp"

#include <algorithm>
#include <optional>

namespace provphone::client::lint {
namespace {

// Positions of offsets that only grow, each octet looked at once.
class Ruler {
 public:
  explicit Ruler(std::string_view text) : text_(text) {}

  profile::Position at(std::size_t offset) {
    while (true) {
      const auto line_end = text_.find('\n', line_start_);
      if (line_end >= offset) return {line_, offset - line_start_ + 1};
      line_start_ = line_end + 1;
      ++line_;
    }
  }

 private:
  std::string_view text_;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
};

// An element that is open: its place in the list where it has one.
struct Open {
  std::string_view name;
  std::optional<std::size_t> listed;
  bool in_profile = false;
  bool is_inside = false;
  bool in_parameter = false;  // where nothing counts any more
};

class ElementLister {
 public:
  explicit ElementLister(std::string_view text) : text_(text), markup_(text), ruler_(text) {}

  Elements list() {
    while (true) {
      switch (markup_.next()) {
        case profile::Mark::start_tag:
          open();
          break;
        case profile::Mark::empty_tag:
          open();
          close();
          break;
        case profile::Mark::end_tag:
          close();
          break;
        case profile::Mark::end:
        case profile::Mark::fault:
          return std::move(elements_);
        default:
          break;
      }
    }
  }

 private:
  void open() {
    Open element{markup_.name(), std::nullopt, false, false, false};
    if (!levels_.empty()) {
      const auto& around = levels_.back();
      element.in_parameter =
          around.in_parameter ||
          (around.in_profile && profile::find_parameter(around.name).has_value());
      element.in_profile = around.name == profile::profile_element && !element.in_parameter;
      element.is_inside = around.is_inside || around.name == profile::profile_element;
    }
    const bool is_flat_profile = element.name == profile::profile_element;
    elements_.has_flat_profile |= is_flat_profile && !element.in_parameter;
    if (!is_flat_profile && !element.in_parameter) {
      const auto start = offset_of(element.name) - 1;
      element.listed = elements_.all.size();
      elements_.all.push_back({element.name, text_.substr(start), ruler_.at(start),
                               element.in_profile, element.is_inside});
    }
    levels_.push_back(element);
  }

  void close() {
    if (const auto listed = levels_.back().listed) {
      auto& element = elements_.all[*listed];
      // Behind the name of an end tag is nothing but blanks, and behind the last attribute of an
      // empty tag nothing but a stroke.
      const auto attributes = markup_.attributes();
      const auto name = markup_.name();
      auto from = offset_of(name) + name.size();
      for (const auto& attribute : attributes)
        from = std::max(from, offset_of(attribute.raw) + attribute.raw.size());
      const auto start = offset_of(element.name) - 1;
      element.text = text_.substr(start, text_.find('>', from) + 1 - start);
    }
    levels_.pop_back();
  }

  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

  std::string_view text_;
  profile::MarkupReader markup_;
  Ruler ruler_;
  Elements elements_;
  std::vector<Open> levels_;
};

}  // namespace

Elements elements_of(std::string_view text) {
  return ElementLister(text).list();
}

}  // namespace provphone::client::lint
