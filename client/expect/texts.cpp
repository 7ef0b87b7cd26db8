#include "client/expect/texts.hpp"

#include "client/input/glob.hpp"
#include "client/scenario/phones.hpp"

#include <fmt/format.h>

namespace provphone::client::expect {

GroupText::GroupText(const scenario::Scenario& scenario, const scenario::Template& text)
    : scenario_(&scenario), text_(&text) {
  const bool differs = text.differs_within_group();
  for (const auto& group : scenario.phones) {
    by_group_.push_back(differs ? std::nullopt
                                : std::optional(expand(text, values_of(scenario, group.first))));
  }
}

std::string_view GroupText::of(std::uint32_t phone, std::string& buffer) const {
  const auto& common = by_group_[scenario::group_of(*scenario_, phone)];
  if (common) return *common;
  buffer = expand(*text_, values_of(*scenario_, phone));
  return buffer;
}

std::string GroupText::of(std::uint32_t phone) const {
  std::string buffer;
  return std::string(of(phone, buffer));
}

bool leads_to(std::string_view url, std::string_view path_glob) {
  const auto scheme = url.find("://");
  // Behind `//` comes the server; without a scheme the first slash begins the path.
  const auto slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  auto path = slash == std::string_view::npos ? "/" : url.substr(slash);
  if (path_glob.find('?') == std::string_view::npos) path = path.substr(0, path.find('?'));
  return input::matches_glob(path_glob, path);
}

std::string bounds_text(const scenario::Bounds& bounds) {
  const auto& [least, most, counted] = bounds;
  // As in `no requests for /a.xml`.
  if (most == 0U) return "no";
  if (!most) return fmt::format("at least {}", least);
  if (least == *most) return fmt::format("exactly {}", least);
  return least == 0 ? fmt::format("at most {}", *most) : fmt::format("{} to {}", least, *most);
}

bool is_within(const scenario::Bounds& bounds, std::uint64_t count) {
  return count >= bounds.least && (!bounds.most || count <= *bounds.most);
}

}  // namespace provphone::client::expect
