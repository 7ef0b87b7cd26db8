#include "resync/dhcp.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "profile/parameter_id.hpp"
#include "resync/dhcp_source.hpp"
#include "resync/explain_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace provphone::resync {
namespace {

// R-DHCP-02: servers end strings with NULs, and people lists with blanks.
constexpr std::string_view padding{" \t\r\n\0", 5};
constexpr std::string_view behind_scheme = "://";

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Cuts the text in front of the next of `separators`, trimmed, off `rest`.
std::string_view take_entry(std::string_view& rest, std::string_view separators) {
  const auto end = rest.find_first_of(separators);
  const auto entry = ascii::trimmed(rest.substr(0, end), padding);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return entry;
}

// --- binary options

// The octets of `0x...`; nothing where the value is text.
std::optional<std::string> octets_of(std::string_view value) {
  if (!value.starts_with("0x") || value.size() % 2 != 0) return std::nullopt;
  std::string octets;
  for (std::size_t at = 2; at < value.size(); at += 2) {
    const auto octet = parse_whole<unsigned>(value.substr(at, 2), 0xFF, 16);
    if (!octet) return std::nullopt;
    octets.push_back(static_cast<char>(static_cast<unsigned char>(*octet)));
  }
  return octets;
}

unsigned octet_at(std::string_view octets, std::size_t at) {
  return static_cast<unsigned char>(octets[at]);
}

// R-DHCP-05: four octets an address, as entries of a list.
std::string addresses_in(std::string_view octets) {
  std::string list;
  for (std::size_t at = 0; at + 4 <= octets.size(); at += 4) {
    list +=
        fmt::format("{}{}.{}.{}.{}", list.empty() ? "" : ";", octet_at(octets, at),
                    octet_at(octets, at + 1), octet_at(octets, at + 2), octet_at(octets, at + 3));
  }
  return list;
}

// R-DHCP-06: sub-option 1 of code, length and value triples.
std::string sub_option_1(std::string_view octets) {
  while (octets.size() >= 2) {
    const auto length = octet_at(octets, 1);
    // What claims to be longer than the option is no sub-option.
    if (octets.size() < length + 2) break;
    if (octet_at(octets, 0) == 1) return std::string(octets.substr(2, length));
    octets.remove_prefix(length + 2);
  }
  return {};
}

// R-DHCP-12: sub-option 1 behind the enterprise number, code and length of two octets each.
std::string sub_option_1_of_v6(std::string_view octets) {
  constexpr std::size_t enterprise_number = 4, header = 4;
  octets.remove_prefix(std::min(enterprise_number, octets.size()));
  const auto pair_at = [&](std::size_t at) {
    return octet_at(octets, at) << 8U | octet_at(octets, at + 1);
  };
  while (octets.size() >= header) {
    const std::size_t length = pair_at(2);
    if (octets.size() - header < length) break;
    if (pair_at(0) == 1) return std::string(octets.substr(header, length));
    octets.remove_prefix(header + length);
  }
  return {};
}

std::string text_of_v6(int number, std::string_view value,
                       const std::optional<std::string>& octets) {
  constexpr int vendor_options = 17;
  if (!octets) return std::string(value);
  return number == vendor_options ? sub_option_1_of_v6(*octets) : *octets;
}

// What an option says, as text.
std::string text_of(const DhcpOption& option) {
  constexpr std::size_t enterprise_header = 5;  // RFC 3925: enterprise number and length
  const auto value = ascii::trimmed(option.value, padding);
  const auto octets = octets_of(value);
  if (option.version == DhcpVersion::v6) return text_of_v6(option.number, value, octets);
  switch (option.number) {
    case 43:
      return octets ? sub_option_1(*octets) : std::string(value);
    case 125:
      if (!octets) return std::string(value);
      return octets->size() < enterprise_header ? ""
                                                : sub_option_1(octets->substr(enterprise_header));
    case 6:
    case 150: {
      if (octets) return addresses_in(*octets);
      std::string list(value);
      std::replace_if(
          list.begin(), list.end(), [](char c) { return c == ',' || c == ' '; }, ';');
      return list;
    }
    default:
      return std::string(octets.value_or(std::string(value)));
  }
}

// R-RESYNC-30: seconds ahead of UTC, below 0 where they are behind (RFC 2132 §3.4).
std::optional<std::chrono::seconds> time_offset_in(std::string_view value) {
  constexpr std::int64_t most = std::int64_t{14} * 3'600;
  auto text = ascii::trimmed(value, padding);
  std::int64_t seconds = 0;
  if (const auto octets = octets_of(text)) {
    if (octets->size() != 4) return std::nullopt;
    std::uint32_t bits = 0;
    for (std::size_t at = 0; at < 4; ++at) bits = bits << 8U | octet_at(*octets, at);
    seconds = static_cast<std::int32_t>(bits);
  } else {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  }
  if (seconds < -most || seconds > most) return std::nullopt;
  return std::chrono::seconds(seconds);
}

// --- entries

// One entry of an option's `;` list.
struct Entry {
  macro::Url server;  // its path is what the entry names behind the server, or `/`
  bool has_scheme = false;
};

// R-DHCP-02: a bare host means TFTP; a URL brings its scheme, host and port.
std::optional<Entry> parse_entry(std::string url) {
  if (url.empty() || has_control_characters(url)) return std::nullopt;
  const auto scheme_end = url.find(behind_scheme);
  const bool has_scheme = scheme_end != std::string::npos;
  const auto authority = has_scheme ? scheme_end + behind_scheme.size() : 0;
  // parse_url() wants a path (R-RULE-09), an entry need not have one.
  if (url.find('/', authority) == std::string::npos) url += '/';
  auto parsed = macro::parse_url(url, std::nullopt);
  if (!parsed || parsed->host.empty()) return std::nullopt;
  return Entry{*std::move(parsed), has_scheme};
}

// R-DHCP-04: the entries of a list; the ones without a scheme have that of the first.
std::vector<Entry> entries_of(std::string_view list) {
  std::vector<Entry> entries;
  std::string scheme;
  for (bool first = true; !list.empty(); first = false) {
    std::string entry(take_entry(list, ";"));
    const auto scheme_end = entry.find(behind_scheme);
    if (first && scheme_end != std::string::npos)
      scheme = entry.substr(0, scheme_end + behind_scheme.size());
    if (!first && scheme_end == std::string::npos && !entry.empty()) entry.insert(0, scheme);
    if (auto parsed = parse_entry(std::move(entry))) entries.push_back(*std::move(parsed));
  }
  return entries;
}

// R-DHCP-01: commas part the numbers, and dots do on an ATA.
int take_option_number(std::string_view& numbers) {
  const auto text = take_entry(numbers, ",.");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool looks_at(std::string_view numbers, int option) {
  while (!numbers.empty()) {
    if (take_option_number(numbers) == option) return true;
  }
  return false;
}

// Why a text names no server; nothing where it names one.
std::string_view why_no_server(std::string_view text) {
  if (text.empty()) return "which is empty";
  if (has_control_characters(text)) return "which has control characters in it";
  const auto is_quote = [](char c) { return c == '"' || c == '\''; };
  if (is_quote(text.front()) || is_quote(text.back()))
    return "which is no server's name or URL: quotes are a part of it";
  return "which is no server's name or URL";
}

// The parameter that says which options of a version count, and in which order.
profile::ParameterId option_order_of(DhcpVersion version) {
  return version == DhcpVersion::v4 ? profile::parameter_id("DHCP_Option_To_Use")
                                    : profile::parameter_id("DHCPv6_Option_To_Use");
}

// R-DHCP-12: a family without IP_Mode knows IPv4 alone.
bool speaks(DhcpVersion version, const profile::ParameterSet& parameters) {
  const auto mode = parameters.get(profile::parameter_id("IP_Mode"));
  return version == DhcpVersion::v4 ? mode != "IPv6 Only"
                                    : mode == "IPv6 Only" || mode == "Dual Mode";
}

// The options of the lease that count, in the order of DHCP_Option_To_Use (R-DHCP-01), and behind
// it of DHCPv6_Option_To_Use (R-DHCP-12).
std::vector<const DhcpOption*> options_in_order(const std::vector<DhcpOption>& lease,
                                                const profile::ParameterSet& parameters) {
  std::vector<const DhcpOption*> options;
  if (lease.empty()) return options;
  for (const auto version : {DhcpVersion::v4, DhcpVersion::v6}) {
    if (!speaks(version, parameters)) continue;
    auto numbers = parameters.get(option_order_of(version));
    while (!numbers.empty()) {
      const int number = take_option_number(numbers);
      const auto option = std::find_if(lease.begin(), lease.end(), [&](const DhcpOption& each) {
        return each.number == number && each.version == version;
      });
      if (option != lease.end()) options.push_back(&*option);
    }
  }
  return options;
}

std::vector<std::string> texts_of(const std::vector<DhcpOption>& lease,
                                  const profile::ParameterSet& parameters) {
  std::vector<std::string> texts;
  for (const auto* option : options_in_order(lease, parameters)) texts.push_back(text_of(*option));
  return texts;
}

// --- candidates

struct Files {
  std::string series;  // /8841-3PCC.xml
  std::string own;     // /Cisco/CP-8841-3PCC/000e08012345.cfg
};

Files files_of(const MacroSource& source) {
  const auto& identity = source.identity;
  return {fmt::format("/{}.xml", product_series_name(identity, source.personality)),
          fmt::format("/Cisco/{}/{}.cfg", identity.model, format_lower(identity.mac))};
}

class Candidates {
 public:
  explicit Candidates(Files files) : files_(std::move(files)) {}

  // R-DHCP-03
  void add(const Entry& entry) {
    const bool names_path = entry.server.path != "/";
    if (!entry.has_scheme && !names_path) {
      for (const auto scheme : {macro::Scheme::tftp, macro::Scheme::http, macro::Scheme::https})
        add_below(with_scheme(entry.server, scheme), "");
      return;
    }
    if (names_path) add_url(entry.server);
    // What has a query is complete as it is.
    if (entry.server.path.find('?') != std::string::npos) return;
    std::string_view folder = entry.server.path;
    while (folder.ends_with('/')) folder.remove_suffix(1);
    add_below(entry.server, folder);
  }

  std::vector<macro::Url> take() && { return std::move(urls_); }

 private:
  // A port that was written stays; another scheme otherwise brings its own.
  static macro::Url with_scheme(macro::Url url, macro::Scheme scheme) {
    if (url.port == default_port(url.scheme)) url.port = default_port(scheme);
    url.scheme = scheme;
    return url;
  }
  void add_below(macro::Url url, std::string_view folder) {
    for (const auto* file : {&files_.series, &files_.own}) {
      url.path = std::string(folder) + *file;
      add_url(url);
    }
  }
  void add_url(const macro::Url& url) {
    if (std::find(urls_.begin(), urls_.end(), url) == urls_.end()) urls_.push_back(url);
  }

  Files files_;
  std::vector<macro::Url> urls_;
};

}  // namespace

std::optional<DhcpOption> parse_option_name(std::string_view text) {
  constexpr std::string_view of_v6 = "v6-";
  const bool is_v6 = text.starts_with(of_v6);
  if (is_v6) text.remove_prefix(of_v6.size());
  const auto number = parse_whole<unsigned>(text, is_v6 ? 65'535 : 254);
  if (number.value_or(0) == 0) return std::nullopt;
  return DhcpOption{static_cast<int>(*number), {}, is_v6 ? DhcpVersion::v6 : DhcpVersion::v4};
}

std::string describe(const Lease& lease) {
  std::string said;
  const auto add = [&](const std::string& text) { said += (said.empty() ? "" : ", ") + text; };
  if (lease.options && lease.options->empty()) add("no options");
  if (lease.options) {
    for (const auto& [number, value, version] : *lease.options)
      add(fmt::format("{}option {} is {}", version == DhcpVersion::v6 ? "v6 " : "", number,
                      without_secrets(ascii::trimmed(value, padding))));
  }
  if (!lease.ip.empty()) add("the address " + lease.ip);
  return said;
}

LeaseTime lease_time_of(const std::vector<DhcpOption>& lease) {
  LeaseTime time;
  for (const auto& option : lease) {
    if (option.version != DhcpVersion::v4) continue;
    if (option.number == ntp_servers_option) time.names_server = true;
    if (option.number == time_offset_option) time.offset = time_offset_in(option.value);
  }
  return time;
}

std::vector<macro::DefaultServer> dhcp_servers(const std::vector<DhcpOption>& lease,
                                               const profile::ParameterSet& parameters) {
  std::vector<macro::DefaultServer> servers;
  for (const auto& text : texts_of(lease, parameters)) {
    for (const auto& [url, has_scheme] : entries_of(text))
      servers.push_back({url.scheme, url.host, url.port});
  }
  return servers;
}

std::vector<std::string> dhcp_name_servers(const std::vector<DhcpOption>& lease) {
  constexpr int name_servers = 6;
  std::vector<std::string> servers;
  for (const auto& option : lease) {
    if (option.number != name_servers || option.version != DhcpVersion::v4) continue;
    const auto list = text_of(option);
    for (std::string_view rest = list; !rest.empty();) {
      const auto server = take_entry(rest, ";");
      if (!server.empty() && !has_control_characters(server)) servers.emplace_back(server);
    }
  }
  return servers;
}

std::optional<macro::DefaultServer> dhcp_server(const std::vector<DhcpOption>& lease,
                                                const profile::ParameterSet& parameters) {
  auto servers = dhcp_servers(lease, parameters);
  if (servers.empty()) return std::nullopt;
  return std::move(servers.front());
}

std::optional<DhcpOption> deciding_option(const std::vector<DhcpOption>& lease,
                                          const profile::ParameterSet& parameters) {
  for (const auto* option : options_in_order(lease, parameters)) {
    if (!entries_of(text_of(*option)).empty()) return *option;
  }
  return std::nullopt;
}

std::string unused_options(const std::vector<DhcpOption>& lease,
                           const profile::ParameterSet& parameters) {
  std::string said;
  for (const auto& option : lease) {
    const auto text = text_of(option);
    const auto order = parameters.get(option_order_of(option.version));
    const bool speaks_it = speaks(option.version, parameters);
    const bool is_looked_at = looks_at(order, option.number);
    if (speaks_it && is_looked_at && !entries_of(text).empty()) continue;
    const bool is_v4 = option.version == DhcpVersion::v4;
    said += fmt::format("{}{} option {} holds `{}`, ", said.empty() ? "" : "; ",
                        is_v4 ? "DHCP" : "DHCPv6", option.number,
                        without_secrets(ascii::trimmed(option.value, padding)));
    if (!speaks_it) {
      said += fmt::format("but IP_Mode is `{}`", parameters.get(profile::parameter_id("IP_Mode")));
    } else if (is_looked_at) {
      said += why_no_server(text);
    } else {
      said += fmt::format("but {} is `{}`",
                          profile::parameter(option_order_of(option.version)).name, order);
    }
  }
  return said;
}

std::vector<macro::Url> provisioning_candidates(const std::vector<DhcpOption>& lease,
                                                const MacroSource& source) {
  Candidates candidates(files_of(source));
  for (const auto& text : texts_of(lease, source.parameters)) {
    for (const auto& entry : entries_of(expand_text(text, source))) candidates.add(entry);
  }
  return std::move(candidates).take();
}

}  // namespace provphone::resync
