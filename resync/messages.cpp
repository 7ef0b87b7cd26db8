#include "resync/messages.hpp"

#include <array>

namespace provphone::resync {
namespace {

using profile::ParameterId;

struct Templates {
  std::array<ParameterId, 3> messages;  // by LogKind
};

const Templates& templates_of(profile::Generation generation) {
  static const Templates spa{{*profile::find_parameter("Log_Resync_Request_Msg"),
                              *profile::find_parameter("Log_Resync_Success_Msg"),
                              *profile::find_parameter("Log_Resync_Failure_Msg")}};
  static const Templates mpp{{*profile::find_parameter("Log_Request_Msg"),
                              *profile::find_parameter("Log_Success_Msg"),
                              *profile::find_parameter("Log_Failure_Msg")}};
  return generation == profile::Generation::spa ? spa : mpp;
}

std::string expanded(std::string_view text, const MacroSource& source) {
  return macro::expand(text, lookup_of(source));
}

}  // namespace

// R-LOG-10, R-LOG-11: one level of macros; an empty template is an empty message.
std::string log_message(LogKind kind, const MacroSource& source) {
  const auto& messages = templates_of(source.personality.generation).messages;
  return expanded(source.parameters.get(messages[static_cast<std::size_t>(kind)]), source);
}

std::string_view syslog_server(const profile::ParameterSet& parameters) {
  static const auto id = *profile::find_parameter("Syslog_Server");
  return parameters.get(id);
}

std::string syslog_identifier(const MacroSource& source) {
  static const auto id = *profile::find_parameter("Syslog_Identifier");
  const auto text = source.parameters.get(id);
  return text == "None" ? std::string{} : expanded(text, source);
}

std::string user_agent(const MacroSource& source) {
  static const auto id = *profile::find_parameter("HTTP_User_Agent_Name");
  const auto text = source.parameters.get(id);
  return text.empty() ? built_in_user_agent(source.identity, source.personality)
                      : expanded(text, source);
}

}  // namespace provphone::resync
