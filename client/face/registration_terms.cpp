#include "client/face/registration_terms.hpp"

#include "client/face/line.hpp"
#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "profile/parameter_id.hpp"
#include "resync/macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provphone::client::face {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t longest_span = 2'000'000;  // seconds, what Register_Expires_n_ may be

seconds seconds_in(std::string_view text, std::uint32_t fallback) {
  return seconds(parse_whole<std::uint32_t>(ascii::trimmed(text), longest_span).value_or(fallback));
}

// SIP_T1 is `.5`, of seconds.
milliseconds fraction_in(std::string_view text, milliseconds fallback) {
  constexpr double most = 64;
  text = ascii::trimmed(text);
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && stop == text.data() + text.size();
  if (!is_number || !(number > 0 && number <= most)) return fallback;
  return milliseconds(static_cast<std::int64_t>(number * 1000));
}

// What may stand in a request line: a name or an address, and a port.
bool is_host(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return ascii::is_alnum(c) || std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
}

std::string without_controls(std::string_view text) {
  std::string kept(text);
  std::erase_if(kept, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  return kept;
}

// Use_Outbound_Proxy_n_ is a choice or a text, as the family has it.
std::string_view next_hop_of(int line, const resync::Device& device) {
  const auto outbound = ascii::trimmed(line_value("Outbound_Proxy", line, device));
  const bool is_used = line_value("Use_Outbound_Proxy", line, device) == "Yes" && !outbound.empty();
  return is_used ? outbound : ascii::trimmed(line_value("Proxy", line, device));
}

// With the macros that User-Agent has over HTTP.
std::string user_agent_of(const resync::Device& device) {
  const auto own = device.parameters.get(profile::parameter_id("SIP_Reg_User_Agent_Name"));
  const auto any = device.parameters.get(profile::parameter_id("SIP_User_Agent_Name"));
  return without_controls(resync::expand_user_agent(own.empty() ? any : own, device.macros()));
}

void add_timers(RegistrationTerms& terms, const resync::Device& device) {
  const auto value = [&](profile::ParameterId id) { return device.parameters.get(id); };
  terms.shortest = seconds_in(value(profile::parameter_id("Reg_Min_Expires")), 1);
  terms.longest = seconds_in(value(profile::parameter_id("Reg_Max_Expires")), 7200);
  terms.t1 = fraction_in(value(profile::parameter_id("SIP_T1")), terms.t1);
  terms.t2 = fraction_in(value(profile::parameter_id("SIP_T2")), terms.t2);
  terms.patience = fraction_in(value(profile::parameter_id("SIP_Timer_F")), terms.patience);
  terms.retry = seconds_in(value(profile::parameter_id("Reg_Retry_Intvl")), 30);
  terms.retry_cap = seconds_in(value(profile::parameter_id("Reg_Retry_Intvl_Cap")), 0);
  terms.retry_spread = seconds_in(value(profile::parameter_id("Reg_Retry_Random_Delay")), 0);
  terms.long_retry = seconds_in(value(profile::parameter_id("Reg_Retry_Long_Intvl")), 1200);
  terms.long_retry_spread =
      seconds_in(value(profile::parameter_id("Reg_Retry_Long_Random_Delay")), 0);
  terms.retried_statuses = value(profile::parameter_id("Retry_Reg_RSC"));
}

bool fits(std::string_view pattern, std::string_view status) {
  return std::equal(pattern.begin(), pattern.end(), status.begin(), status.end(),
                    [](char wanted, char digit) { return wanted == '?' || wanted == digit; });
}

}  // namespace

bool names_status(std::string_view statuses, int status) {
  constexpr std::string_view separators = ", ;";
  const auto digits = std::to_string(status);
  while (!statuses.empty()) {
    const auto end = std::min(statuses.find_first_of(separators), statuses.size());
    if (fits(statuses.substr(0, end), digits)) return true;
    statuses.remove_prefix(std::min(end + 1, statuses.size()));
  }
  return false;
}

// R-SIP-08
Result<std::optional<RegistrationTerms>> registration_terms(int line,
                                                            const resync::Device& device) {
  const auto value = [&](std::string_view name) {
    return ascii::trimmed(line_value(name, line, device));
  };
  const auto registrar = value("Proxy");
  const auto user = value("User_ID");
  if (registrar.empty() || user.empty() || value("Line_Enable") == "No" ||
      value("Register") == "No")
    return std::optional<RegistrationTerms>{};
  RegistrationTerms terms;
  terms.registrar = registrar;
  terms.next_hop = next_hop_of(line, device);
  if (!is_host(terms.registrar) || !is_host(terms.next_hop))
    return fail(Errc::url_syntax,
                fmt::format("Proxy_{}_ or Outbound_Proxy_{}_ is no host[:port]", line, line));
  const auto transport = value("SIP_Transport");
  if (transport == "TLS") return fail(Errc::unsupported_scheme, "SIP over TLS is not there");
  terms.transport = transport == "TCP" ? SipTransport::tcp : SipTransport::udp;
  terms.user = without_controls(user.substr(0, user.find('@')));
  terms.display_name = without_controls(value("Display_Name"));
  terms.user_agent = user_agent_of(device);
  terms.account = account_of_line(line, device);
  terms.password = line_value("Password", line, device);
  terms.algorithms = device.personality.digest_algorithms;
  terms.expires = seconds_in(value("Register_Expires"), 3600);
  add_timers(terms, device);
  return std::optional(std::move(terms));
}

}  // namespace provphone::client::face
