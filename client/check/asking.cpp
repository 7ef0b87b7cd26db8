#include "client/check/detail/asking.hpp"

#include "macro/ascii.hpp"
#include "macro/hide.hpp"

namespace provphone::client::check::detail {

std::string with_query_secrets(std::string_view path, std::string_view value) {
  auto changed = macro::hide_query_secrets(path);
  for (auto at = changed.find(macro::hidden_value); at != std::string::npos;
       at = changed.find(macro::hidden_value, at + value.size()))
    changed.replace(at, macro::hidden_value.size(), value);
  return changed;
}

std::string folder_of(std::string_view path) {
  const auto name = path.substr(0, path.find('?'));
  return std::string(name.substr(0, name.rfind('/') + 1));
}

std::string in_other_case(std::string_view path, std::string_view mac) {
  const auto upper = ascii::uppered(mac);
  const auto has_lower = path.find(mac);
  const auto at = has_lower == std::string_view::npos ? path.find(upper) : has_lower;
  if (upper == mac || at == std::string_view::npos) return {};
  std::string other(path);
  return other.replace(at, mac.size(), has_lower == std::string_view::npos ? mac : upper);
}

bool is_phone_itself(ClientRole role) {
  return role == ClientRole::own || role == ClientRole::wrong_password ||
         role == ClientRole::other_address;
}

std::string method_of(const resync::Request& request) {
  return request.url.scheme == macro::Scheme::tftp ? "RRQ" : std::string(name(request.method));
}

std::span<const std::string_view> trusted_addresses() {
  static constexpr std::string_view addresses[] = {"127.0.0.1", "10.0.0.1", "192.168.0.1",
                                                   "172.16.0.1"};
  return addresses;
}

bool keeps_out(const Answer& answer) {
  return answer.status == 401 || answer.status == 403;
}

}  // namespace provphone::client::check::detail
