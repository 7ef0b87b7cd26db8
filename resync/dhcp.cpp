#include "resync/dhcp.hpp"

#include <algorithm>
#include <charconv>

namespace provphone::resync {
namespace {

constexpr std::string_view padding{" \t\r\n\0", 5};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(padding);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(padding) - first + 1);
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// R-DHCP-02: a bare host means TFTP; a URL brings its scheme, host and port.
std::optional<macro::DefaultServer> server_of(std::string_view value) {
  const auto entry = trimmed(value.substr(0, value.find(';')));
  if (entry.empty() || has_control_characters(entry)) return std::nullopt;
  std::string url(entry);
  const auto authority = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
  if (url.find('/', authority) == std::string::npos) url += '/';
  const auto parsed = macro::parse_url(url, std::nullopt);
  if (!parsed) return std::nullopt;
  return macro::DefaultServer{parsed->scheme, parsed->host, parsed->port};
}

std::optional<macro::DefaultServer> server_of_option(const std::vector<DhcpOption>& lease,
                                                     int number) {
  const auto option = std::find_if(lease.begin(), lease.end(),
                                   [&](const DhcpOption& each) { return each.number == number; });
  return option == lease.end() ? std::nullopt : server_of(option->value);
}

}  // namespace

std::optional<macro::DefaultServer> dhcp_server(const std::vector<DhcpOption>& lease,
                                                const profile::ParameterSet& parameters) {
  if (lease.empty()) return std::nullopt;
  static const auto order = *profile::find_parameter("DHCP_Option_To_Use");
  auto numbers = parameters.get(order);
  while (!numbers.empty()) {  // R-DHCP-01: from left to right, the first usable one
    const auto comma = numbers.find(',');
    const auto text = trimmed(numbers.substr(0, comma));
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (auto server = server_of_option(lease, number)) return server;
    numbers = comma == std::string_view::npos ? std::string_view{} : numbers.substr(comma + 1);
  }
  return std::nullopt;
}

}  // namespace provphone::resync
