#include "client/serve/onboarding.hpp"

#include "client/input/tree.hpp"
#include "client/serve/files.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

#include <algorithm>

namespace provphone::client::serve {
namespace {

using input::Entry;
using input::fail_at;
using input::Node;

constexpr std::size_t code_length = 16;

bool is_code(std::string_view text) {
  return text.size() == code_length && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

Result<std::chrono::sys_seconds> as_day(const Node& node) {
  const std::string_view text = node.text;
  const bool is_shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const auto year = parse_whole<unsigned>(is_shaped ? text.substr(0, 4) : "");
  const auto month = parse_whole<unsigned>(is_shaped ? text.substr(5, 2) : "");
  const auto day = parse_whole<unsigned>(is_shaped ? text.substr(8, 2) : "");
  if (year && month && day) {
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day)};
    if (date.ok()) return std::chrono::sys_days(date);
  }
  return fail_at(node.place, "expected a day such as 2026-12-31, found " + describe(node));
}

Result<void> take(const Entry& entry, ActivationCode& code) {
  const auto& [key, place, value] = entry;
  if (key == "code") {
    if (!is_code(value.text)) return fail_at(value.place, "expected 16 digits in quotes");
    code.digits = value.text;
  } else if (key == "profile") {
    const auto path = path_of_file_name(value.text);
    if (!path) return fail_at(value.place, "expected a file of the directory");
    code.file = *path;
  } else if (key == "mac") {
    const auto mac = parse_mac_address(value.text);
    if (!mac) return fail_at(value.place, mac.error().detail);
    code.mac = *mac;
  } else if (key == "expires") {
    TRY(code.expires, as_day(value));
  } else {
    return fail_at(place, "there is no key " + input::quoted(key) +
                              input::suggestion(key, {"code", "profile", "mac", "expires"}));
  }
  return {};
}

Result<ActivationCode> as_code(const Node& node) {
  ActivationCode code;
  for (const Entry& entry : node.entries) {
    TRY(take(entry, code));
  }
  if (code.digits.empty() || code.file.empty())
    return fail_at(node.place, "expected a code and its profile");
  return code;
}

// The value of a form's field; the stand-in's clients send digits and letters alone in these.
std::string_view field_of(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const auto field = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=')
      return field.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

Result<OnboardingService> read_onboarding(std::string_view yaml, std::string_view name) {
  TRY(const auto root, input::read_tree(yaml, name));
  if (root.kind != Node::Kind::map) return fail_at(root.place, "expected `codes:` and a list");
  OnboardingService service;
  for (const Entry& entry : root.entries) {
    if (entry.key == "path") {
      const auto path = path_of_file_name(entry.value.text);
      if (!path) return fail_at(entry.value.place, "expected a path such as /activate");
      service.path = *path;
    } else if (entry.key == "codes" && entry.value.kind == Node::Kind::list) {
      for (const Node& item : entry.value.items) {
        TRY(auto code, as_code(item));
        service.codes.push_back(std::move(code));
      }
    } else {
      return fail_at(entry.place, "expected `path`, or `codes` with a list");
    }
  }
  return service;
}

Redeemed redeem(OnboardingService& service, std::string_view body, std::chrono::sys_seconds now) {
  const auto digits = field_of(body, "code");
  const auto code = std::find_if(service.codes.begin(), service.codes.end(),
                                 [&](const auto& each) { return each.digits == digits; });
  if (code == service.codes.end()) return {"", "there is no such code"};
  if (code->is_used) return {"", "the code was used"};
  if (code->expires && *code->expires <= now) return {"", "the code has expired"};
  const auto mac = parse_mac_address(field_of(body, "mac"));
  if (code->mac && (!mac || *mac != *code->mac)) return {"", "the code is another phone's"};
  code->is_used = true;
  return {code->file, ""};
}

}  // namespace provphone::client::serve
