#include "client/face/pages.hpp"

#include "client/face/form.hpp"
#include "client/face/html.hpp"
#include "client/face/sections.hpp"
#include "profile/snapshot.hpp"
#include "resync/messages.hpp"
#include "resync/reading.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace provphone::client::face {
namespace {

// `tab` as profile/roles.tsv has it; empty: the page has no fields.
struct PageKind {
  std::string_view path;
  std::string_view title;
  std::string_view tab;
};

constexpr std::array<PageKind, 5> pages{{
    {"/", "Info", ""},
    {"/download", "Download Status", ""},
    {"/debug", "Debug Info", ""},
    {"/provisioning", "Provisioning", "Provisioning"},
    {"/system", "System", "System"},
}};

// Behind /admin are the same pages; /admin/advanced is the first that has fields.
const PageKind* kind_at(std::string_view path) {
  constexpr std::string_view admin = "/admin";
  if (path.starts_with(admin)) path.remove_prefix(admin.size());
  if (path.empty()) path = "/";
  if (path == "/advanced") path = "/provisioning";
  const auto* const found = std::find_if(
      pages.begin(), pages.end(), [path](const PageKind& kind) { return kind.path == path; });
  return found == pages.end() ? nullptr : found;
}

profile::Access access_of(profile::ParameterId id, const resync::Device& device, Account account) {
  if (account == Account::admin) return profile::Access::read_write;
  return device.parameters.access(id).value_or(profile::Access::none);
}

std::vector<profile::ParameterId> parameters_of(const PageKind& kind, const resync::Device& device,
                                                Account account) {
  const auto line = resync::reader_of(device.personality);
  std::vector<profile::ParameterId> ids;
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<profile::ParameterId>(i);
    if (profile::parameter(id).tab != kind.tab) continue;
    if (!profile::belongs_to(id, device.personality.generation, line)) continue;
    const auto access = access_of(id, device, account);
    if (access == profile::Access::read_only || access == profile::Access::read_write)
      ids.push_back(id);
  }
  return ids;
}

std::string select_of(std::string_view name, std::string_view value, std::string_view choices) {
  auto text = fmt::format("<select id=\"{0}\" name=\"{0}\">", escaped(name));
  bool is_known = false;
  const auto add = [&](std::string_view choice) {
    const bool is_set = choice == value;
    is_known = is_known || is_set;
    text += fmt::format("<option{}>{}</option>", is_set ? " selected" : "", escaped(choice));
  };
  while (!choices.empty()) {
    const auto end = std::min(choices.find('|'), choices.size());
    add(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  // What a profile has set may be none of them (knob invalid_value).
  if (!is_known) add(value);
  return text + "</select>";
}

std::string field_of(const profile::Parameter& parameter, std::string_view value) {
  const auto name = escaped(parameter.name);
  if (parameter.secret) {
    return fmt::format(
        "<input type=\"password\" id=\"{0}\" name=\"{0}\" "
        "autocomplete=\"new-password\" placeholder=\"{1}\">",
        name, value.empty() ? "" : "not shown");
  }
  if (parameter.type == "Bool") return select_of(parameter.name, value, "Yes|No");
  // Behind the first octet: of `|0-4095` only says that the field may be empty.
  if (parameter.allowed.find('|', 1) != std::string_view::npos)
    return select_of(parameter.name, value, parameter.allowed);
  return fmt::format("<input type=\"text\" id=\"{0}\" name=\"{0}\" value=\"{1}\">", name,
                     escaped(value));
}

std::string field_row(profile::ParameterId id, const Seen& seen, Account account) {
  const auto& parameter = profile::parameter(id);
  const auto value = seen.device.parameters.get(id);
  const bool may_set = access_of(id, seen.device, account) == profile::Access::read_write;
  return fmt::format("<tr><th scope=\"row\"><label for=\"{0}\">{0}</label></th><td>{1}</td></tr>\n",
                     escaped(parameter.name),
                     may_set            ? field_of(parameter, value)
                     : parameter.secret ? ""
                                        : escaped(value));
}

std::string form_of(const PageKind& kind, const Seen& seen, const View& view) {
  auto text =
      fmt::format("<form method=\"post\" action=\"{}{}{}\">\n<h2>{}</h2>\n", escaped(view.links),
                  view.account == Account::admin ? "/admin" : "", kind.path, kind.title);
  const auto ids = parameters_of(kind, seen.device, view.account);
  for (const auto& section : sections_of(kind.tab, ids)) {
    text += fmt::format("<h3>{}</h3>\n<table>\n", section.heading);
    for (const auto id : section.parameters) text += field_row(id, seen, view.account);
    text += "</table>\n";
  }
  if (ids.empty()) return text + "<p>Nothing here is for this account.</p>\n</form>\n";
  return text +
         "<button type=\"submit\">Submit All Changes</button>"
         "<button type=\"reset\">Undo All Changes</button>\n</form>\n";
}

std::string tables_of(const std::vector<Section>& sections) {
  std::string text;
  for (const auto& section : sections) text += table_of(section.heading, section.rows);
  return text;
}

// R-FACE-06: what no server gets is not logged at all.
std::string_view why_empty(const profile::ParameterSet& parameters) {
  const bool is_sent =
      !resync::syslog_server(parameters).empty() || !resync::debug_server(parameters).empty();
  return is_sent ? "(nothing yet)" : "(nothing: neither Syslog_Server nor Debug_Server is set)";
}

std::string log_of(const Seen& seen) {
  std::string text = "<h2>Log</h2>\n<pre>\n";
  for (const auto& line : seen.memory.log) {
    const auto at = std::chrono::duration<double>(line.at.time_since_epoch());
    text += fmt::format("{:10.3f} s  {}\n", at.count(), escaped(line.text));
  }
  if (seen.memory.log.empty()) text.append(why_empty(seen.device.parameters)).append("\n");
  return text + "</pre>\n";
}

std::string content_of(const PageKind& kind, const Seen& seen, const View& view) {
  if (!kind.tab.empty()) return form_of(kind, seen, view);
  if (kind.path == "/debug") return log_of(seen);
  return tables_of(kind.path == "/" ? status_of(seen) : downloads_of(seen));
}

}  // namespace

std::optional<std::string> page_at(std::string_view path, const Seen& seen, const View& view) {
  const auto* const here = kind_at(path);
  if (here == nullptr) return std::nullopt;
  const std::string front =
      std::string(view.links) + (view.account == Account::admin ? "/admin" : "");
  Page page;
  page.title = fmt::format("{} {} · {}", seen.device.identity.model,
                           format_lower(seen.device.identity.mac), here->title);
  for (const auto& kind : pages)
    page.links.push_back({kind.title, front + std::string(kind.path), &kind == here});
  const bool is_admin = view.account == Account::admin;
  page.links.push_back({is_admin ? "User Login" : "Admin Login",
                        std::string(view.links) + (is_admin ? "/" : "/admin/")});
  if (!view.notice.empty())
    page.content = fmt::format("<p role=\"status\">{}</p>\n", escaped(view.notice));
  page.content += content_of(*here, seen, view);
  return html_of(page);
}

std::optional<resync::Brought> submitted_at(std::string_view path, std::string_view body,
                                            const resync::Device& device, Account account) {
  const auto* const kind = kind_at(path);
  if (kind == nullptr || kind->tab.empty()) return std::nullopt;
  const auto ids = parameters_of(*kind, device, account);
  const bool may_set = std::any_of(ids.begin(), ids.end(), [&](profile::ParameterId id) {
    return access_of(id, device, account) == profile::Access::read_write;
  });
  if (!may_set) return std::nullopt;
  resync::Brought brought;
  for (auto& [name, value] : fields_of(body)) {
    const auto id = profile::find_parameter(name);
    if (!id || access_of(*id, device, account) != profile::Access::read_write) continue;
    const auto& parameter = profile::parameter(*id);
    // A secret is not shown, so that an empty field means that nobody typed another.
    if (parameter.tab != kind->tab || (parameter.secret && value.empty())) continue;
    if (device.parameters.get(*id) != value) brought.set.push_back({parameter.name, value});
  }
  return brought;
}

}  // namespace provphone::client::face
