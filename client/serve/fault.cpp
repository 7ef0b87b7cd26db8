#include "client/serve/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provphone::client::serve {
namespace {

constexpr std::uint32_t lowest_status = 200;
constexpr std::uint32_t highest_status = 599;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// `*COUNT`, `@FIRST-LAST`, or nothing for every request.
std::optional<Range> parse_range(std::string_view text) {
  if (text.empty()) return Range{1, UINT32_MAX};
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == '*') {
    const auto count = parse_number(text);
    return count && *count > 0 ? std::optional<Range>({1, *count}) : std::nullopt;
  }
  const auto dash = text.find('-');
  if (kind != '@' || dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(text.substr(0, dash));
  const auto last = parse_number(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
  return Range{*first, *last};
}

bool covers(const Fault& fault, const std::string& path) {
  return fault.path == "*" || fault.path == path;
}

}  // namespace

Result<Fault> parse_fault(std::string_view text) {
  const auto refused = [&](std::string_view expected) {
    return fail(Errc::bad_argument, fmt::format("fault '{}': {}", text, expected));
  };
  const auto equals = text.rfind('=');
  if (equals == std::string_view::npos) {
    return refused("expected PATH=STATUS, PATH=STATUS*COUNT or PATH=STATUS@FIRST-LAST");
  }
  const auto path = text.substr(0, equals);
  if (path != "*" && (path.empty() || path.front() != '/')) {
    return refused("the path must start with '/', or be '*' for every path");
  }
  const auto rest = text.substr(equals + 1);
  const auto status_size = std::min(rest.find_first_of("*@"), rest.size());
  const auto status = parse_number(rest.substr(0, status_size));
  if (!status || *status < lowest_status || *status > highest_status) {
    return refused(fmt::format("the status must be {} to {}", lowest_status, highest_status));
  }
  const auto range = parse_range(rest.substr(status_size));
  if (!range) return refused("expected *COUNT or @FIRST-LAST behind the status, counted from 1");
  return Fault{std::string(path), static_cast<int>(*status), range->first, range->last};
}

std::optional<int> FaultTable::next(const std::string& path) {
  const auto concerned = [&](const Fault& fault) { return covers(fault, path); };
  // Paths without a fault are not counted, so that a client cannot fill the table by asking for
  // ever new ones.
  if (std::none_of(faults_.begin(), faults_.end(), concerned)) return std::nullopt;
  const auto number = ++requests_[path];
  const auto fault = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& candidate) {
    return covers(candidate, path) && number >= candidate.first && number <= candidate.last;
  });
  return fault == faults_.end() ? std::nullopt : std::optional<int>(fault->status);
}

}  // namespace provphone::client::serve
