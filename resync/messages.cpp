#include "resync/messages.hpp"

#include "macro/rule.hpp"

#include <fmt/format.h>

#include <array>

namespace provphone::resync {
namespace {

using profile::ParameterId;

using Templates = std::array<ParameterId, 6>;  // by LogKind

const Templates& templates_of(profile::Generation generation) {
  const auto templates = [](const std::array<std::string_view, 3>& resync) {
    Templates found{};
    std::size_t at = 0;
    for (const auto name : resync) found[at++] = *profile::find_parameter(name);
    for (const auto* name :
         {"Log_Upgrade_Request_Msg", "Log_Upgrade_Success_Msg", "Log_Upgrade_Failure_Msg"}) {
      found[at++] = *profile::find_parameter(name);
    }
    return found;
  };
  static const auto spa =
      templates({"Log_Resync_Request_Msg", "Log_Resync_Success_Msg", "Log_Resync_Failure_Msg"});
  static const auto mpp = templates({"Log_Request_Msg", "Log_Success_Msg", "Log_Failure_Msg"});
  return generation == profile::Generation::spa ? spa : mpp;
}

bool continues_name(std::string_view text, std::size_t at) {
  constexpr std::string_view name_characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return at < text.size() && name_characters.find(text[at]) != std::string_view::npos;
}

// R-LOG-16: `text` without every `:$PORT`.
std::string without_port(std::string text) {
  for (const std::string_view port : {":$PORT", ":$(PORT)"}) {
    for (auto at = text.find(port); at != std::string::npos; at = text.find(port, at)) {
      if (port.ends_with('T') && continues_name(text, at + port.size())) {
        ++at;
      } else {
        text.erase(at, port.size());
      }
    }
  }
  return text;
}

bool is_own_port(const MacroState& state) {
  for (const auto scheme : {macro::Scheme::tftp, macro::Scheme::http, macro::Scheme::https}) {
    if (state.scheme == name(scheme)) return state.port == fmt::to_string(default_port(scheme));
  }
  return false;
}

}  // namespace

// R-LOG-10, R-LOG-11: one level of macros; an empty template is an empty message.
std::string log_message(LogKind kind, const MacroSource& source) {
  const auto& messages = templates_of(source.personality.generation);
  const auto text = source.parameters.get(messages[static_cast<std::size_t>(kind)]);
  const bool omits = source.personality[Knob::log_default_port] != 0 && is_own_port(source.state);
  return omits ? expand_text(without_port(std::string(text)), source) : expand_text(text, source);
}

std::string_view syslog_server(const profile::ParameterSet& parameters) {
  static const auto id = *profile::find_parameter("Syslog_Server");
  return parameters.get(id);
}

std::string syslog_identifier(const MacroSource& source) {
  static const auto id = *profile::find_parameter("Syslog_Identifier");
  const auto text = source.parameters.get(id);
  return text == "None" ? std::string{} : expand_text(text, source);
}

std::string user_agent(const MacroSource& source) {
  static const auto id = *profile::find_parameter("HTTP_User_Agent_Name");
  const auto text = source.parameters.get(id);
  return text.empty() ? built_in_user_agent(source.identity, source.personality)
                      : expand_user_agent(text, source);
}

}  // namespace provphone::resync
