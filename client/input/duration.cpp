#include "client/input/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace provphone::client::input {
namespace {

struct Unit {
  std::string_view name;
  resync::Duration length;
};

// The longest first; of `ms` and `m` the one that is written out.
constexpr std::array<Unit, 4> units{{{"h", std::chrono::hours(1)},
                                     {"m", std::chrono::minutes(1)},
                                     {"s", std::chrono::seconds(1)},
                                     {"ms", std::chrono::milliseconds(1)}}};

// No ten years have more than three leap days.
constexpr resync::Duration longest = std::chrono::hours(24 * 3653);

// `5m` of a text that begins with it, and cuts it off; nothing where it begins otherwise.
struct Part {
  std::int64_t number;
  const Unit* unit;
};
std::optional<Part> take_part(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // from_chars() takes a minus sign too.
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
  const auto* unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& each) { return each.name == name; });
  if (unit == units.end()) return std::nullopt;
  text.remove_prefix(name.size());
  return Part{number, unit};
}

}  // namespace

Result<resync::Duration> parse_duration(std::string_view text) {
  resync::Duration sum{};
  const Unit* last = nullptr;
  auto rest = text;
  do {
    const auto part = take_part(rest);
    if (!part || (last != nullptr && part->unit <= last)) {
      return fail(Errc::bad_argument,
                  fmt::format("'{}' is no duration such as 500ms, 30s, 5m or 2h", text));
    }
    // The product is made only where it fits.
    if (part->number > (longest - sum) / part->unit->length)
      return fail(Errc::bad_argument, fmt::format("'{}' is longer than ten years", text));
    sum += part->number * part->unit->length;
    last = part->unit;
  } while (!rest.empty());
  return sum;
}

}  // namespace provphone::client::input
