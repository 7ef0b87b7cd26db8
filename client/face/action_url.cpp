#include "client/face/action_url.hpp"

#include "client/face/form.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace provphone::client::face {
namespace {

struct Named {
  std::string_view path;
  Action action;
};

// The ones without /admin are older.
constexpr std::array<Named, 12> actions{{
    {"/admin/resync", Action::resync},
    {"/resync", Action::resync},
    {"/admin/upgrade", Action::upgrade},
    {"/upgrade", Action::upgrade},
    {"/admin/updateca", Action::update_ca},
    {"/admin/reboot", Action::reboot},
    {"/reboot", Action::reboot},
    {"/admin/cfg.xml", Action::configuration},
    {"/admin/spacfg.xml", Action::configuration},
    {"/admin/status.xml", Action::status},
    {"/admin/config.xml", Action::push},
    {"/config.xml", Action::push},
}};

// Takes `&xuser=...` and `&xpassword=...` out of the text, wherever they stand: what is left may be
// a URL with a query of its own.
std::string take_parameter(std::string& text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    if (at > 0 && text[at - 1] != '&' && text[at - 1] != '?') continue;
    const auto end = std::min(text.find('&', at), text.size());
    auto value = text.substr(at + name.size(), end - at - name.size());
    // With the `&` in front of it, or behind where it is the first.
    const bool has_before = at > 0 && text[at - 1] == '&';
    text.erase(has_before ? at - 1 : at, end - at + (has_before || end < text.size() ? 1 : 0));
    return decoded_query(value);
  }
  return {};
}

// What follows the path: behind `?`, or behind `&` as the guides write it of config.xml.
std::pair<std::string_view, std::string_view> parted(std::string_view target) {
  const auto end = std::min(target.find_first_of("?&"), target.size());
  return {target.substr(0, end), target.substr(std::min(end + 1, target.size()))};
}

// The options in brackets in front of a URL, with the blanks behind them.
std::string_view options_in(std::string_view rule) {
  if (!rule.starts_with('[')) return {};
  const auto end = rule.find(']');
  if (end == std::string_view::npos) return {};
  const auto url = std::min(rule.find_first_not_of(' ', end + 1), rule.size());
  return rule.substr(0, url);
}

}  // namespace

std::optional<ActionUrl> parse_action_url(std::string_view target) {
  const auto [path, query] = parted(target);
  const auto* const found =
      std::find_if(actions.begin(), actions.end(),
                   [path = path](const Named& each) { return each.path == path; });
  if (found == actions.end()) return std::nullopt;
  ActionUrl url;
  url.action = found->action;
  std::string rest(query);
  url.user = take_parameter(rest, "xuser=");
  url.password = take_parameter(rest, "xpassword=");
  url.argument = decoded_query(rest);
  return url;
}

std::string rule_of(std::string_view argument, std::string_view asker,
                    std::string_view default_path) {
  const auto options = options_in(argument);
  auto place = argument.substr(options.size());
  std::string scheme = "tftp://";
  if (const auto end = place.find("://"); end != std::string_view::npos) {
    scheme = place.substr(0, end + 3);
    place.remove_prefix(end + 3);
  }
  const auto slash = std::min(place.find('/'), place.size());
  const auto server = place.substr(0, slash);
  const auto path = place.substr(slash);
  std::string rule(options);
  rule += scheme;
  const bool is_ipv6 = asker.find(':') != std::string_view::npos;
  if (!server.empty()) rule += server;
  if (server.empty()) rule += is_ipv6 ? '[' + std::string(asker) + ']' : std::string(asker);
  return rule += path.empty() ? default_path : path;
}

}  // namespace provphone::client::face
