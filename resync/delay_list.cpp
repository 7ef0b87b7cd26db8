#include "resync/delay_list.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::resync {
namespace {

Result<std::uint32_t> parse_seconds(std::string_view text) {
  const auto token = ascii::trimmed(text);
  const auto seconds = parse_whole<std::uint32_t>(token);
  if (!seconds)
    return fail(Errc::delay_list_syntax, fmt::format("'{}' is not a number of seconds", token));
  return *seconds;
}

// `a`, or `a+b` for anything from a to a+b (R-RESYNC-08).
Result<Delay> parse_delay(std::string_view text) {
  const auto plus = text.find('+');
  TRY(const auto seconds, parse_seconds(text.substr(0, plus)));
  if (plus == std::string_view::npos) return Delay{seconds, 0};
  TRY(const auto spread, parse_seconds(text.substr(plus + 1)));
  return Delay{seconds, spread};
}

}  // namespace

Result<DelayList> parse_delay_list(std::string_view text) {
  DelayList list;
  if (ascii::trimmed(text).empty()) return list;
  while (true) {
    const auto comma = text.find(',');
    TRY(const auto delay, parse_delay(text.substr(0, comma)));
    list.delays.push_back(delay);
    if (comma == std::string_view::npos) return list;
    if (list.delays.size() == max_delay_list_length) {
      return fail(Errc::delay_list_syntax,
                  fmt::format("more than {} elements", max_delay_list_length));
    }
    text.remove_prefix(comma + 1);
  }
}

// R-RESYNC-09: `0,0` is two elements and no switch; R-RESYNC-11 bounds it.
bool is_disabled(const DelayList& list) {
  return list.delays.empty() || (list.delays.size() == 1 && list.delays[0] == Delay{});
}

// The last element repeats (R-RESYNC-08).
Delay delay_at(const DelayList& list, std::size_t index) {
  return list.delays[std::min(index, list.delays.size() - 1)];
}

bool is_repeating(const DelayList& list, std::size_t index) {
  return index + 1 >= list.delays.size();
}

}  // namespace provphone::resync
