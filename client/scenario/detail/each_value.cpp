#include "client/scenario/detail/each_value.hpp"

#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

namespace provphone::client::scenario {
namespace {

using Numbers = std::vector<std::uint32_t>;

// Of one phone; nothing where its group knows of no such column.
std::optional<std::string_view> value_of(const PhoneGroup& group, std::uint32_t phone,
                                         std::string_view by) {
  if (by == "group") return group.name;
  if (by == "model") return group.model;
  if (by == "firmware") return group.firmware;
  if (!group.listed) return std::nullopt;
  const auto column = find_column(*group.listed->inventory, by);
  if (!column) return std::nullopt;
  const auto row = group.listed->rows[group.listed_from + (phone - group.first)];
  return group.listed->inventory->columns[*column][row];
}

tl::unexpected<Error> no_such_column(const Node& by, const Scenario& scenario) {
  std::vector<std::string_view> names{"group", "model", "firmware"};
  for (const auto& group : scenario.phones) {
    if (!group.listed || group.part > 0) continue;
    for (const auto& column : group.listed->inventory->columns) names.emplace_back(column.name());
  }
  return fail_at(by.place, fmt::format("no inventory has a column {}{}", input::quoted(by.text),
                                       input::suggestion(by.text, names)));
}

}  // namespace

Result<std::vector<Expectation>> each_value(const Node& by, const Expectation& expectation,
                                            const Scenario& scenario) {
  TRY(const auto column, as_filled_text(by));
  std::map<std::string_view, Numbers> phones_with;
  bool is_known = false;
  const auto groups = groups_of(expectation.phones, scenario);
  for (const auto* group : groups) {
    for (auto phone = group->first; phone < group->first + group->count; ++phone) {
      const auto value = value_of(*group, phone, column);
      is_known = is_known || value;
      phones_with[value.value_or("")].push_back(phone);
    }
    if (phones_with.size() > max_values)
      return fail_at(by.place,
                     fmt::format("{} has more than {} values", input::quoted(column), max_values));
  }
  if (!is_known) return no_such_column(by, scenario);
  std::vector<Expectation> all;
  for (auto& [value, phones] : phones_with) {
    auto& one = all.emplace_back(expectation);
    one.title +=
        value.empty() ? fmt::format(" (no {})", column) : fmt::format(" ({}: {})", column, value);
    one.phones.only = std::make_shared<const Numbers>(std::move(phones));
  }
  return all;
}

}  // namespace provphone::client::scenario
