#include "client/face/line.hpp"

#include "profile/catalogue.hpp"

#include <fmt/format.h>

namespace provphone::client::face {

std::string_view line_value(std::string_view name, int line, const resync::Device& device) {
  const auto id = profile::find_parameter(fmt::format("{}_{}_", name, line));
  return id ? device.parameters.get(*id) : std::string_view{};
}

std::string_view account_of_line(int line, const resync::Device& device) {
  const bool by_account = line_value("Use_Auth_ID", line, device) == "Yes";
  return line_value(by_account ? "Auth_ID" : "User_ID", line, device);
}

}  // namespace provphone::client::face
