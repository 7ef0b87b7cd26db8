#include "client/face/sip.hpp"

#include "client/face/execute.hpp"
#include "client/face/line.hpp"
#include "macro/ascii.hpp"
#include "profile/parameter_id.hpp"
#include "resync/access.hpp"
#include "resync/notify.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace provphone::client::face {
namespace {

constexpr std::string_view allowed_methods = "NOTIFY, OPTIONS";
constexpr std::string_view allowed_events =
    "resync, reboot, reboot_now, restart, restart_now, report, check-sync, prt-gen, XML-service";

SipAnswer refusal(int status, std::string_view reason) {
  SipAnswer refused;
  refused.status = status;
  refused.reason = reason;
  return refused;
}

bool is_one_of(std::string_view word, const auto& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// R-SIP-02
std::vector<std::string_view> users_of_line(int line, const resync::Device& device) {
  std::vector<std::string_view> users;
  if (line_value("Line_Enable", line, device) == "No") return users;
  for (const auto user : {line_value("User_ID", line, device), account_of_line(line, device)}) {
    for (const auto name : {user, user.substr(0, user.find('@'))}) {
      if (!name.empty() && !is_one_of(name, users)) users.push_back(name);
    }
  }
  return users;
}

// R-SIP-07
SipAnswer answer_other(std::string_view method) {
  constexpr std::array<std::string_view, 2> of_calls{"BYE", "CANCEL"};
  constexpr std::array<std::string_view, 8> known{"REGISTER", "SUBSCRIBE", "MESSAGE", "INFO",
                                                  "REFER",    "UPDATE",    "PUBLISH", "PRACK"};
  if (is_one_of(method, of_calls)) return refusal(481, "No Such Call");
  auto refused = is_one_of(method, known) ? refusal(405, "Method Not Allowed")
                 : method == "INVITE"     ? refusal(501, "No Calls Here")
                                          : refusal(501, "Not Implemented");
  refused.headers.push_back({"Allow", std::string(allowed_methods)});
  return refused;
}

// R-SIP-06: of several items the last one counts, as over HTTP.
SipAnswer answer_service(const SipRequest& request, const resync::Device& device,
                         std::string_view asker) {
  SipAnswer made;
  // A URL leads to something to show, and there is no screen.
  made.following = Following{resync::Notified{resync::NotifyEvent::xml_service}, nullptr};
  if (!ascii::trimmed(request.body).starts_with('<')) return made;
  const auto items = execute_items(request.body);
  if (!items) return refusal(400, "No Execute Object");
  if (device.parameters.get(*profile::find_parameter("CISCO_XML_EXE_Enable")) != "Yes")
    return refusal(403, "Forbidden");
  for (const auto& item : *items) {
    resync::ResyncRequested wanted;
    wanted.origin = resync::Origin::xml_execute;
    if (const auto rule = resync_argument(item))
      made.following = resync_by(wanted, *rule, asker, device);
  }
  return made;
}

SipAnswer answer_notify(const SipRequest& request, const resync::Device& device,
                        std::string_view asker) {
  const auto notified = resync::notify_event_named(request.event);
  if (notified == resync::NotifyEvent::xml_service) return answer_service(request, device, asker);
  const auto event = resync::machine_event_of(notified);
  SipAnswer made;
  made.status = resync::sip_status_of(event, *device.settings, device.personality).value_or(200);
  if (made.status == 403) made.reason = "Forbidden";
  if (made.status == 489) {
    made.reason = "Bad Event";
    made.headers.push_back({"Allow-Events", std::string(allowed_events)});
  }
  // Refused ones too: the machine says in its own words why nothing comes of it.
  made.following = Following{event, nullptr};
  return made;
}

}  // namespace

std::vector<std::string> users_of(const resync::Device& device) {
  std::vector<std::string> users;
  for (int line = 1; line <= most_lines; ++line) {
    for (const auto user : users_of_line(line, device)) {
      if (!is_one_of(user, users)) users.emplace_back(user);
    }
  }
  return users;
}

std::optional<int> line_of(std::string_view user, const resync::Device& device) {
  for (int line = 1; line <= most_lines; ++line) {
    if (is_one_of(user, users_of_line(line, device))) return line;
  }
  return std::nullopt;
}

bool is_barred(std::string_view sender, const resync::Device& device) {
  return device.parameters.get(profile::parameter_id("Block_Nonproxy_SIP")) == "Yes" ||
         resync::is_restricted(sender, device.personality.generation, device.parameters);
}

std::optional<resync::Login> sip_login_wanted(const SipRequest& request, int line,
                                              const resync::Device& device) {
  if (request.method != "NOTIFY" || line_value("Auth_Resync-Reboot", line, device) == "No")
    return std::nullopt;
  // Nobody is asked for a password only to be told that there is no such event.
  if (resync::notify_event_named(request.event) == resync::NotifyEvent::other) return std::nullopt;
  return resync::Login{std::string(account_of_line(line, device)),
                       std::string(line_value("Password", line, device))};
}

SipAnswer answer(const SipRequest& request, const resync::Device& device, std::string_view asker) {
  if (request.method == "NOTIFY") return answer_notify(request, device, asker);
  if (request.method != "OPTIONS") return answer_other(request.method);
  SipAnswer able;
  able.headers = {{"Allow", std::string(allowed_methods)},
                  {"Allow-Events", std::string(allowed_events)}};
  return able;
}

SipAnswer sip_challenge(std::string challenge) {
  auto asks = refusal(401, "Unauthorized");
  asks.headers.push_back({"WWW-Authenticate", std::move(challenge)});
  return asks;
}

SipAnswer sip_nobody() {
  return refusal(404, "Not Found");
}

}  // namespace provphone::client::face
