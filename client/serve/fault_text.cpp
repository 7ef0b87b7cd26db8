#include "client/serve/fault_text.hpp"

#include "client/serve/fault_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::serve {
namespace {

tl::unexpected<Error> refused(std::string_view text, std::string_view why) {
  return fail(Errc::bad_argument, fmt::format("fault '{}': {}", text, why));
}

// The path of the short form is no pattern.
std::string as_it_stands(std::string_view path) {
  if (path == "*") return "*";
  std::string pattern;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// `*COUNT`, `@FIRST-LAST`, or nothing for every request.
bool read_short_range(Fault& fault, std::string_view range) {
  if (range.empty()) return true;
  const auto numbers = range.substr(1);
  const bool dash = numbers.find('-') != std::string_view::npos;
  if (numbers.empty()) return false;
  if (range.front() == '*') return !dash && read_requests(fault, fmt::format("1-{}", numbers));
  return dash && !numbers.ends_with('-') && read_requests(fault, numbers);
}

Result<Fault> parse_short_form(std::string_view text) {
  // The last one: a path may have others.
  const auto equals = text.rfind('=');
  if (equals == std::string_view::npos) {
    return refused(text, "expected PATH=STATUS, PATH=STATUS*COUNT or PATH=STATUS@FIRST-LAST");
  }
  const auto path = text.substr(0, equals);
  if (path != "*" && path.front() != '/') {
    return refused(text, "the path must start with '/', or be '*' for every path");
  }
  const auto rest = text.substr(equals + 1);
  const auto status = rest.substr(0, std::min(rest.find_first_of("*@"), rest.size()));
  Fault fault;
  fault.path = as_it_stands(path);
  if (!read_status(fault, status)) return refused(text, "the status must be 200 to 599");
  fault.label = fmt::format("status={}", status);
  if (!read_short_range(fault, rest.substr(status.size()))) {
    return refused(text, "expected *COUNT or @FIRST-LAST behind the status, counted from 1");
  }
  return fault;
}

std::vector<FaultSetting> split(std::string_view text) {
  std::vector<FaultSetting> settings;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return settings;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    // The first one: a value may have others.
    const auto equals = std::min(word.find('='), word.size());
    settings.push_back({word.substr(0, equals), word.substr(std::min(equals + 1, word.size()))});
  }
}

}  // namespace

Result<Fault> parse_fault(std::string_view text) {
  if (text.starts_with('/') || text.starts_with("*=")) return parse_short_form(text);
  const auto settings = split(text);
  if (settings.empty()) return refused(text, "expected KEY=VALUE, such as status=503");
  auto fault = make_fault(settings);
  if (!fault) return refused(text, fault.error().text);
  return *std::move(fault);
}

}  // namespace provphone::client::serve
