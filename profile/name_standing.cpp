#include "profile/name_standing.hpp"

#include <fmt/format.h>

namespace provphone::profile {
namespace {

// A phone, as one of a line is called.
std::string_view one_of(ProductLine line) {
  constexpr EnumArray<ProductLine, std::string_view> words{
      {"a SPA phone", "an MPP phone before 11.3", "an MPP phone", "an ATA", "a PhoneOS phone"}};
  return words[line];
}

// Whose it is instead; phones of one line may lack it for their age alone.
std::string remark_on_other_line(ParameterId id, ProductLine reader) {
  const auto& from = origin(id);
  if (reader == ProductLine::mpp11 && !from.since.empty())
    return fmt::format("is of {} and later; {} passes it over", from.since, one_of(reader));
  return fmt::format("is of {}; {} passes it over", owners(id), one_of(reader));
}

}  // namespace

NameRemark remark_on_name(std::string_view name, std::optional<ProductLine> reader) {
  using enum NameStanding;
  if (const auto id = find_parameter(name)) {
    if (!reader || presence(*id, *reader) != Presence::lacks) return {};
    return {other_line, remark_on_other_line(*id, *reader)};
  }
  if (const auto meant = parameter_of_same_letters(name))
    return {same_letters,
            fmt::format("is spelt {}; the phone does not set it", parameter(*meant).name)};
  if (const auto meant = meant_by_misprint(name); !meant.empty())
    return {misprint, fmt::format("is what guides print for {}; the phone does not set it", meant)};
  if (const auto numbers = numbers_known_for(name); !numbers.empty())
    return {other_number, fmt::format("is known for {} only; the phone does not set it", numbers)};
  if (is_router_group(name))
    return {container, "holds settings of an ATA's router and is no parameter"};
  return {in_no_source, "no document up to 12.0(7)SR5 and no dump read so far has it"};
}

bool is_mistake(NameStanding standing) {
  return standing == NameStanding::same_letters || standing == NameStanding::misprint;
}

}  // namespace provphone::profile
