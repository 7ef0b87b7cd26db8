#include "client/evidence/who.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "resync/model.hpp"

#include <algorithm>

namespace provphone::client::evidence {
namespace {

constexpr std::size_t mac_digits = 12;

bool is_hex(char c) {
  return ascii::hex_value(c) >= 0;
}

// `202611271000`, up to the year 2099.
bool is_date_and_time(std::string_view digits) {
  const auto part = [&](std::size_t at) { return parse_whole<unsigned>(digits.substr(at, 2)); };
  const auto century = part(0), month = part(4), day = part(6), hour = part(8), minute = part(10);
  return century && month && day && hour && minute && *century == 20 && *month >= 1 &&
         *month <= 12 && *day >= 1 && *day <= 31 && *hour < 24 && *minute < 60;
}

std::optional<MacAddress> mac_of_digits(std::string_view digits) {
  if (is_date_and_time(digits)) return std::nullopt;
  const auto mac = parse_mac_address(digits);
  constexpr unsigned first_octet = 40;
  if (!mac || mac->bits == 0 || ((mac->bits >> first_octet) & 1U) != 0) return std::nullopt;
  return *mac;
}

// Six pairs from `at` on, with one and the same sign between them.
std::optional<MacAddress> mac_of_pairs(std::string_view text) {
  constexpr std::size_t length = 17;
  if (text.size() < length || (text[2] != ':' && text[2] != '-')) return std::nullopt;
  for (std::size_t i = 0; i < length; ++i) {
    const bool fits = i % 3 == 2 ? text[i] == text[2] : is_hex(text[i]);
    if (!fits) return std::nullopt;
  }
  if (text.size() > length && ascii::is_alnum(text[length])) return std::nullopt;
  const auto mac = parse_mac_address(text.substr(0, length));
  return mac ? mac_of_digits(format_lower(*mac)) : std::nullopt;
}

// A word of letters and digits that is one, or ends in one behind a few letters.
std::optional<MacAddress> mac_of_word(std::string_view word) {
  constexpr std::size_t most_letters = 8;
  if (word.size() < mac_digits || word.size() > mac_digits + most_letters) return std::nullopt;
  const auto digits = word.substr(word.size() - mac_digits);
  const auto before = word.substr(0, word.size() - mac_digits);
  const bool fits = std::all_of(digits.begin(), digits.end(), is_hex) &&
                    std::all_of(before.begin(), before.end(), ascii::is_alpha);
  return fits ? mac_of_digits(digits) : std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_octet =
        text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (!is_octet) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

constexpr std::string_view makers[] = {"Cisco-", "Cisco/", "Linksys/", "Sipura/"};

// Names that others begin with, in lower case.
constexpr std::string_view others[] = {
    "mozilla/", "curl/",   "wget/",       "python",     "go-http",  "kube-probe", "prometheus",
    "nagios",   "check_",  "apachebench", "java/",      "okhttp",   "libwww",     "nmap",
    "zgrab",    "masscan", "postman",     "elb-health", "uptime",   "monitoring", "zabbix",
    "opera/",   "ansible", "powershell",  "googlebot",  "facebook", "haproxy",    "googlehc"};

// `SPA504G-7.5.5`, `SPA-942-6.1.5(a)`, `ATA191-11-1-0MSR3-9`: the longest name of a model that it
// begins with, and the rest. Without one the first hyphen parts them.
void read_product(std::string_view product, AgentSays& says) {
  for (auto dash = product.rfind('-'); dash != std::string_view::npos && dash > 0;
       dash = product.rfind('-', dash - 1)) {
    const auto* const model = resync::find_model(product.substr(0, dash));
    if (model == nullptr) continue;
    says.model = model->name;
    says.firmware = product.substr(dash + 1);
    return;
  }
  const auto dash = product.find('-');
  says.model = product.substr(0, dash);
  if (dash != std::string_view::npos) says.firmware = product.substr(dash + 1);
}

// Their serial numbers may be twelve hexadecimal digits, and they tell no MAC address.
bool tells_serial_only(std::string_view maker) {
  return maker == "Linksys/" || maker == "Sipura/";
}

// What stands in parentheses behind a blank: `(000E08012345)(CBT00000000)`.
void read_parentheses(std::string_view text, std::string_view maker, AgentSays& says) {
  while (text.starts_with('(')) {
    const auto close = text.find(')');
    if (close == std::string_view::npos) return;
    const auto inside = text.substr(1, close - 1);
    const auto mac = tells_serial_only(maker) ? std::nullopt : mac_of_word(inside);
    if (mac && !says.mac) {
      says.mac = mac;
    } else if (says.serial.empty()) {
      says.serial = inside;
    }
    text = ascii::trimmed(text.substr(close + 1));
  }
}

}  // namespace

std::optional<MacAddress> mac_in(std::string_view text) {
  if (text.find('%') != std::string_view::npos) {
    const auto decoded = percent_decoded(text);
    if (decoded.find('%') == std::string::npos) return mac_in(decoded);
  }
  for (std::size_t at = 0; at < text.size();) {
    if (!ascii::is_alnum(text[at])) {
      ++at;
      continue;
    }
    if (const auto mac = mac_of_pairs(text.substr(at))) return mac;
    const auto length = ascii::run_length(text, at, ascii::is_alnum);
    if (const auto mac = mac_of_word(text.substr(at, length))) return mac;
    at += length;
  }
  return std::nullopt;
}

AgentSays read_agent(std::string_view agent) {
  AgentSays says;
  constexpr std::size_t longest = 200;  // that a phone has
  if (agent.size() > longest) return says;
  const auto* const maker =
      std::find_if(std::begin(makers), std::end(makers),
                   [&](std::string_view each) { return agent.starts_with(each); });
  if (maker == std::end(makers)) {
    const auto low = ascii::lowered(agent.substr(0, 32));
    const bool is_other =
        std::any_of(std::begin(others), std::end(others),
                    [&](std::string_view each) { return low.find(each) != std::string::npos; });
    says.kind = is_other ? AgentSays::Kind::other : AgentSays::Kind::nothing;
    says.mac = mac_in(agent);
    return says;
  }
  says.kind = AgentSays::Kind::phone;
  const auto blank = std::min(agent.find(' '), agent.size());
  const auto product = agent.substr(maker->size(), blank - maker->size());
  const auto slash = product.find('/');
  if (maker->ends_with('-') && slash != std::string_view::npos) {
    says.model = product.substr(0, slash);
    says.firmware = product.substr(slash + 1);
  } else {
    read_product(product, says);
  }
  read_parentheses(ascii::trimmed(agent.substr(blank)), *maker, says);
  return says;
}

std::string serial_in(std::string_view path) {
  const auto query = path.find('?');
  if (query == std::string_view::npos) return {};
  auto rest = path.substr(query + 1);
  while (!rest.empty()) {
    const auto member = rest.substr(0, rest.find('&'));
    const auto equals = member.find('=');
    const auto name = ascii::lowered(member.substr(0, equals));
    const bool names_it = name == "sn" || name == "serial" || name == "serialnumber";
    if (names_it && equals != std::string_view::npos && equals + 1 < member.size())
      return percent_decoded(member.substr(equals + 1));
    rest.remove_prefix(std::min(rest.size(), member.size() + 1));
  }
  return {};
}

}  // namespace provphone::client::evidence
