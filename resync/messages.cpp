#include "resync/messages.hpp"

#include "macro/enum_array.hpp"
#include "macro/rule.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::resync {
namespace {

using profile::parameter_id;
using profile::ParameterId;

using Templates = EnumArray<LogKind, ParameterId>;

constexpr Templates spa_templates{
    {parameter_id("Log_Resync_Request_Msg"), parameter_id("Log_Resync_Success_Msg"),
     parameter_id("Log_Resync_Failure_Msg"), parameter_id("Log_Upgrade_Request_Msg"),
     parameter_id("Log_Upgrade_Success_Msg"), parameter_id("Log_Upgrade_Failure_Msg")}};
constexpr Templates mpp_templates{
    {parameter_id("Log_Request_Msg"), parameter_id("Log_Success_Msg"),
     parameter_id("Log_Failure_Msg"), parameter_id("Log_Upgrade_Request_Msg"),
     parameter_id("Log_Upgrade_Success_Msg"), parameter_id("Log_Upgrade_Failure_Msg")}};

const Templates& templates_of(profile::Generation generation) {
  return generation == profile::Generation::spa ? spa_templates : mpp_templates;
}

// `$PORTAL` is another name (R-MACRO-03).
bool continues_name(std::string_view text, std::size_t at) {
  constexpr std::string_view name_characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return at < text.size() && name_characters.find(text[at]) != std::string_view::npos;
}

// R-LOG-16: `text` without every `:$PORT`.
std::string without_port(std::string text) {
  for (const std::string_view port : {":$PORT", ":$(PORT)"}) {
    for (auto at = text.find(port); at != std::string::npos; at = text.find(port, at)) {
      // Only the bare form can go on; `$(PORT)` ends at its parenthesis.
      if (port.ends_with('T') && continues_name(text, at + port.size())) {
        ++at;
      } else {
        text.erase(at, port.size());
      }
    }
  }
  return text;
}

// Of the last request; before any there is neither scheme nor port, and nothing is left out.
bool is_own_port(const MacroState& state) {
  for (const auto scheme : {macro::Scheme::tftp, macro::Scheme::http, macro::Scheme::https}) {
    if (state.scheme == name(scheme)) return state.port == fmt::to_string(default_port(scheme));
  }
  return false;
}

// R-LOG-20.
bool leaves_servip(LogKind kind, const Personality& personality) {
  const bool is_request = kind == LogKind::request || kind == LogKind::upgrade_request;
  return is_request && personality.log_request_servip == LogRequestServip::literal;
}

// RFC 5424 §6: a name is printable ASCII without blanks, of a bounded length.
std::string header_name(std::string name) {
  constexpr std::size_t longest_app_name = 48;
  name.resize(std::min(name.size(), longest_app_name));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '_');
  return name.empty() ? "-" : name;
}

// R-LOG-19: what stands between a message's time and its own text.
std::string syslog_header(const MacroSource& source) {
  switch (source.personality.syslog_form) {
    case SyslogForm::bare:
      return {};
    case SyslogForm::rfc3164_host:
      // The tag ends at its colon, and a server files what follows as the message.
      return expand_text("$MA $PN:", source);
    case SyslogForm::rfc5424:
      // Host and application; no process, no kind of message, no structured data.
      return fmt::format("{} {} - - -", expand_text("$MA", source),
                         header_name(source.identity.model));
  }
  return {};
}

std::string message_text(LogKind kind, const MacroSource& source) {
  const auto text = source.parameters.get(templates_of(source.personality.generation)[kind]);
  const bool omits =
      source.personality.log_default_port == LogDefaultPort::omitted && is_own_port(source.state);
  return omits ? expand_text(without_port(std::string(text)), source) : expand_text(text, source);
}

}  // namespace

// R-LOG-10, R-LOG-11: one level of macros; an empty template is an empty message.
std::string log_message(LogKind kind, const MacroSource& source) {
  if (!leaves_servip(kind, source.personality)) return message_text(kind, source);
  auto state = source.state;
  state.servip = "$SERVIP";  // a value is not expanded once more
  return message_text(kind, {source.identity, source.personality, source.parameters, state});
}

std::string_view syslog_server(const profile::ParameterSet& parameters) {
  return parameters.get(parameter_id("Syslog_Server"));
}

std::string_view debug_server(const profile::ParameterSet& parameters) {
  return parameters.get(parameter_id("Debug_Server"));
}

std::string syslog_identifier(const MacroSource& source) {
  const auto text = source.parameters.get(parameter_id("Syslog_Identifier"));
  auto identifier = text == "None" ? std::string{} : expand_text(text, source);
  const auto header = syslog_header(source);
  if (header.empty()) return identifier;
  return identifier.empty() ? header : fmt::format("{} {}", header, identifier);
}

std::string user_agent(const MacroSource& source) {
  const auto text = source.parameters.get(parameter_id("HTTP_User_Agent_Name"));
  return text.empty() ? built_in_user_agent(source.identity, source.personality)
                      : expand_user_agent(text, source);
}

}  // namespace provphone::resync
