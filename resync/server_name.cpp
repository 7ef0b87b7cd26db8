#include "resync/server_name.hpp"

#include "macro/ascii.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

// `example.net.` is `example.net` spelt out to the root.
std::string_view without_final_dot(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return name;
}

bool is_octet(std::string_view text) {
  if (text.empty() || text.size() > 3) return false;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return value <= 255;
}

// A colon cannot stand in a name, so it is enough to know an IPv6 address by.
bool is_address(std::string_view host) {
  if (host.find(':') != std::string_view::npos) return true;
  int octets = 0;
  while (true) {
    const std::size_t dot = host.find('.');
    if (!is_octet(host.substr(0, dot))) return false;
    ++octets;
    if (dot == std::string_view::npos) return octets == 4;
    host.remove_prefix(dot + 1);
  }
}

// R-TLS-04: the CN ends at its first slash; what follows is a contact.
std::string_view host_of_common_name(std::string_view common_name) {
  return common_name.substr(0, common_name.find('/'));
}

// R-TLS-06: `*.rest` stands for `label.rest`; any other `*` is an ordinary character, which no host
// name contains.
bool wildcard_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.") || pattern.size() < 3) return false;
  const std::size_t dot = host.find('.');
  if (dot == 0 || dot == std::string_view::npos) return false;
  return ascii::equal_ignoring_case(pattern.substr(1), host.substr(dot));
}

bool name_matches(std::string_view pattern, std::string_view host) {
  pattern = without_final_dot(pattern);
  // A host with a `*` in it would match a wildcard to the letter.
  if (pattern.empty() || host.find('*') != std::string_view::npos) return false;
  return ascii::equal_ignoring_case(pattern, host) || wildcard_matches(pattern, host);
}

// R-TLS-17: the common name counts as it stands, and for no address.
bool jabber_accepts(const CertificateNames& names, std::string_view host) {
  if (is_address(host)) return certificate_names_host({{}, names.ip_addresses, {}}, host);
  const bool has_contact = names.common_name.find('/') != std::string_view::npos;
  return certificate_names_host(
      {names.dns_names, {}, has_contact ? std::string_view() : names.common_name}, host);
}

}  // namespace

bool certificate_names_host(const CertificateNames& names, std::string_view host, NameCheck check) {
  if (check == NameCheck::nothing) return true;
  if (check == NameCheck::jabber) return jabber_accepts(names, host);
  // R-TLS-05
  if (check == NameCheck::common_name && !(names.dns_names.empty() && names.ip_addresses.empty()))
    return certificate_names_host({{}, {}, names.common_name}, host);
  const std::string_view common_name = host_of_common_name(names.common_name);
  if (is_address(host)) {  // R-TLS-07
    return std::any_of(
               names.ip_addresses.begin(), names.ip_addresses.end(),
               [&](const std::string& ip) { return ascii::equal_ignoring_case(ip, host); }) ||
           ascii::equal_ignoring_case(common_name, host);
  }
  host = without_final_dot(host);
  if (names.dns_names.empty()) return name_matches(common_name, host);  // R-TLS-05
  return std::any_of(names.dns_names.begin(), names.dns_names.end(),
                     [&](const std::string& name) { return name_matches(name, host); });
}

bool is_at_or_below(std::string_view host, std::string_view domain) {
  host = without_final_dot(host);
  domain = without_final_dot(domain);
  if (ascii::equal_ignoring_case(host, domain)) return true;
  if (is_address(host) || host.size() <= domain.size()) return false;
  const auto cut = host.size() - domain.size();
  return host[cut - 1] == '.' && ascii::equal_ignoring_case(host.substr(cut), domain);
}

}  // namespace provphone::resync
