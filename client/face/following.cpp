#include "client/face/following.hpp"

#include "client/face/action_url.hpp"
#include "profile/parameter_id.hpp"

#include <utility>

namespace provphone::client::face {

Following resync_by(resync::ResyncRequested request, std::string_view argument,
                    std::string_view asker, const resync::Device& device) {
  if (argument.empty()) return {request, nullptr};
  request.scope = resync::Scope::one_time_rule;
  const auto default_path =
      profile::default_value(profile::parameter_id("Profile_Rule"), device.personality.generation);
  auto brought = std::make_shared<resync::Brought>();
  brought->rule = rule_of(argument, asker, default_path);
  return {request, std::move(brought)};
}

std::optional<std::string_view> resync_argument(std::string_view item) {
  constexpr std::string_view scheme = "Resync:";
  if (!item.starts_with(scheme)) return std::nullopt;
  return item.substr(scheme.size());
}

}  // namespace provphone::client::face
