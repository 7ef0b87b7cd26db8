#include "client/input/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace provphone::client::input {
namespace {

struct Unit {
  std::string_view name;
  resync::Duration length;
};

constexpr std::array<Unit, 4> units{{{"ms", std::chrono::milliseconds(1)},
                                     {"s", std::chrono::seconds(1)},
                                     {"m", std::chrono::minutes(1)},
                                     {"h", std::chrono::hours(1)}}};

// No ten years have more than three leap days.
constexpr resync::Duration longest = std::chrono::hours(24 * 3653);

}  // namespace

Result<resync::Duration> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& unit : units) {
    // from_chars() takes a minus sign too. The product is made only where it fits.
    if (error != std::errc{} || number < 0 || unit.name != suffix) continue;
    if (number > longest / unit.length)
      return fail(Errc::bad_argument, fmt::format("'{}' is longer than ten years", text));
    return number * unit.length;
  }
  return fail(Errc::bad_argument,
              fmt::format("'{}' is no duration such as 500ms, 30s, 5m or 2h", text));
}

}  // namespace provphone::client::input
