#include "client/face/web.hpp"

#include "client/face/action_url.hpp"
#include "client/face/execute.hpp"
#include "client/face/html.hpp"
#include "client/face/pages.hpp"
#include "profile/decode.hpp"
#include "profile/parameter_id.hpp"
#include "profile/snapshot.hpp"
#include "resync/machine.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <vector>

namespace provphone::client::face {
namespace {

using profile::parameter_id;

constexpr std::string_view xml_type = "text/xml; charset=utf-8";

// SPA phones have the older name.
std::string admin_password(const resync::Device& device) {
  const auto newer = device.parameters.get(parameter_id("Admin_Password"));
  return std::string(newer.empty() ? device.parameters.get(parameter_id("Admin_Passwd")) : newer);
}

constexpr std::string_view execute_path = "/CGI/Execute";

// R-FACE-07
std::optional<WantedLogin> execute_login(const resync::Device& device) {
  const auto value = [&](std::string_view name) {
    return std::string(device.parameters.get(*profile::find_parameter(name)));
  };
  const auto mode = value("CISCO_XML_EXE_Auth_Mode");
  if (mode == "Trusted") return std::nullopt;
  WantedLogin wanted{{"user", value("User_Password")}, LoginScheme::digest};
  if (mode == "Remote Credential") wanted.login = {value("XML_User_Name"), value("XML_Password")};
  return wanted.login.password.empty() ? std::nullopt : std::optional(std::move(wanted));
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?&"));
}

bool is_for_admin(std::string_view target) {
  return parse_action_url(target) || target.starts_with("/admin");
}

WebAnswer page(int status, std::string_view title, std::string_view text) {
  WebAnswer answer;
  answer.status = status;
  answer.body = html_of({std::string(title), {}, fmt::format("<p>{}</p>\n", escaped(text))});
  return answer;
}

WebAnswer not_found(std::string_view why) {
  return page(404, "Not Found", why);
}

// Which of the phone's switches it was.
WebAnswer forbidden(resync::Reason why) {
  return page(403, "Forbidden", sentence(why));
}

WebAnswer xml(std::string body) {
  WebAnswer answer;
  answer.type = xml_type;
  answer.body = std::move(body);
  return answer;
}

WebAnswer done(std::string_view what, const resync::Event& event,
               std::shared_ptr<const resync::Brought> brought = nullptr) {
  auto answer = page(200, what, "The phone does it as soon as it is idle.");
  answer.following = Following{event, std::move(brought)};
  return answer;
}

WebAnswer resync_answer(const ActionUrl& url, std::string_view asker,
                        const resync::Device& device) {
  resync::ResyncRequested request;
  request.origin = resync::Origin::web;
  auto following = resync_by(request, url.argument, asker, device);
  return done("Resync", following.event, std::move(following.brought));
}

WebAnswer upgrade_answer(const ActionUrl& url, std::string_view asker) {
  if (url.argument.empty()) return page(400, "Upgrade", "Which load? /admin/upgrade?URL");
  auto brought = std::make_shared<resync::Brought>();
  brought->rule = rule_of(url.argument, asker, "/spa.bin");
  return done("Upgrade", resync::UpgradeRequested{resync::Origin::web}, std::move(brought));
}

WebAnswer update_ca_answer(const ActionUrl& url, std::string_view asker) {
  if (url.argument.empty())
    return page(400, "Custom CA", "Which certificates? /admin/updateca?URL");
  auto brought = std::make_shared<resync::Brought>();
  brought->rule = rule_of(url.argument, asker, "/");
  return done("Custom CA", resync::CustomCaRequested{resync::Origin::web}, std::move(brought));
}

// R-FACE-08
WebAnswer push_answer(const WebRequest& request, const resync::Device& device) {
  if (request.method != "POST") return page(405, "Method Not Allowed", "It is sent by POST.");
  const auto decoded = profile::decode(request.body, resync::decode_options_of(device.personality));
  if (!decoded)
    return page(400, "Bad Request",
                fmt::format("{}: {}", name(decoded.error().code), decoded.error().detail));
  auto brought = std::make_shared<resync::Brought>();
  for (const auto& change : decoded->changes) {
    if (change.value) brought->set.push_back({profile::parameter(change.id).name, *change.value});
  }
  auto answer = page(200, "Configuration",
                     fmt::format("{} parameters are set, {} elements passed over.",
                                 brought->set.size(), decoded->ignored.size()));
  resync::ParametersChanged changed;
  changed.how = resync::ByHand::pushed;
  answer.following = Following{changed, std::move(brought)};
  return answer;
}

// What the action does to the phone.
WebAnswer action_answer(const ActionUrl& url, const WebRequest& request, const Seen& seen) {
  const auto& device = seen.device;
  switch (url.action) {
    case Action::configuration:
      return xml(profile::format_snapshot(device.parameters, device.personality.generation,
                                          resync::reader_of(device.personality)));
    case Action::status:
      return xml(status_xml(seen));
    case Action::resync:
      return resync_answer(url, request.asker, device);
    case Action::reboot:
      return done("Reboot", resync::RestartRequested{});
    case Action::upgrade:
      return upgrade_answer(url, request.asker);
    case Action::update_ca:
      return update_ca_answer(url, request.asker);
    case Action::push:
      return push_answer(request, device);
  }
  return not_found("This phone has no such page.");
}

// R-PARAM-01: what was submitted and has nothing hang on it.
std::string only_stored(const resync::Brought& brought) {
  std::string names;
  for (const auto& [name, value] : brought.set) {
    const auto id = profile::find_parameter(name);
    if (!id || profile::parameter(*id).role != profile::Role::stored) continue;
    names.append(names.empty() ? " Stored, not acted on: " : ", ").append(name);
  }
  return names.empty() ? names : names + ".";
}

WebAnswer submit(const WebRequest& request, const Seen& seen, View view) {
  if (const auto closed = resync::page_refusal_of(*seen.device.settings)) return forbidden(*closed);
  const auto path = path_of(request.target);
  auto brought = submitted_at(path, request.body, seen.device, view.account);
  if (!brought) return not_found("There is nothing to submit here.");
  view.notice = "The phone takes the changes, restarts and resyncs." + only_stored(*brought);
  WebAnswer answer;
  answer.body = *page_at(path, seen, view);
  resync::ParametersChanged changed;
  changed.how = resync::ByHand::submitted;
  answer.following =
      Following{changed, std::make_shared<const resync::Brought>(*std::move(brought))};
  return answer;
}

// R-FACE-07: of several items the last resync counts, as of several requests the last one does.
WebAnswer execute_answer(const WebRequest& request, const Seen& seen) {
  if (seen.device.parameters.get(parameter_id("CISCO_XML_EXE_Enable")) != "Yes")
    return page(403, "Forbidden", "CISCO_XML_EXE_Enable is No.");
  if (request.method != "POST") return page(405, "Method Not Allowed", "It is sent by POST.");
  const auto items = execute_items(request.body);
  if (!items) return page(400, "Bad Request", items.error().detail);
  WebAnswer answer;
  answer.type = xml_type;
  std::vector<ExecuteStatus> said;
  for (const auto& item : *items) {
    const auto rule = resync_argument(item);
    said.push_back({item, rule ? 0 : -1});
    if (!rule) continue;
    resync::ResyncRequested wanted;
    wanted.origin = resync::Origin::xml_execute;
    answer.following = resync_by(wanted, *rule, request.asker, seen.device);
  }
  answer.body = execute_response(said);
  return answer;
}

WebAnswer page_answer(const WebRequest& request, const Seen& seen, std::string_view links) {
  const auto account = is_for_admin(request.target) ? Account::admin : Account::user;
  const View view{account, links, {}};
  if (request.method == "POST") return submit(request, seen, view);
  auto body = page_at(path_of(request.target), seen, view);
  if (!body) return not_found("This phone has no such page.");
  WebAnswer answer;
  answer.body = *std::move(body);
  return answer;
}

}  // namespace

bool has_web_server(const resync::Device& device) {
  return device.settings->web_server;
}

std::optional<WantedLogin> login_wanted(const WebRequest& request, const resync::Device& device) {
  if (path_of(request.target) == execute_path) return execute_login(device);
  const bool is_admin = is_for_admin(request.target);
  resync::Login login{is_admin ? "admin" : "user",
                      is_admin ? admin_password(device)
                               : std::string(device.parameters.get(parameter_id("User_Password")))};
  if (login.password.empty()) return std::nullopt;
  const auto url = parse_action_url(request.target);
  const bool has_shown = url && url->user == login.user && url->password == login.password;
  if (has_shown) return std::nullopt;
  return WantedLogin{std::move(login)};
}

WebAnswer answer(const WebRequest& request, const Seen& seen, std::string_view links) {
  if (path_of(request.target) == execute_path) return execute_answer(request, seen);
  const bool is_admin = is_for_admin(request.target);
  const auto& settings = *seen.device.settings;
  if (const auto closed = resync::page_refusal_of(settings); closed && is_admin)
    return forbidden(*closed);
  const auto url = parse_action_url(request.target);
  if (!url) return page_answer(request, seen, links);
  const bool only_shows = url->action == Action::configuration || url->action == Action::status;
  auto answered = action_answer(*url, request, seen);
  // The phone is told of it all the same, and says in its trace why nothing follows.
  if (const auto closed = resync::refusal_of(settings, resync::Origin::web);
      closed && !only_shows) {
    auto refused = not_found(sentence(*closed));
    if (url->action != Action::reboot) refused.following = std::move(answered.following);
    return refused;
  }
  return answered;
}

}  // namespace provphone::client::face
