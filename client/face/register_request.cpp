#include "client/face/register_request.hpp"

#include "macro/ascii.hpp"
#include "profile/hash.hpp"
#include "resync/challenge.hpp"
#include "resync/request_target.hpp"

#include <fmt/format.h>

namespace provphone::client::face {
namespace {

// The parts of a request that are made up.
std::string made_up(const Registration& registration, std::string_view what, std::uint32_t count) {
  const auto text = fmt::format("{}:{}:{}", registration.seed, what, count);
  return profile::hash_hex(profile::Hash::md5, text);
}

// What may stand before the `@` of a SIP URI (RFC 3261, 25.1).
std::string escaped_user(std::string_view user) {
  std::string text;
  for (const char c : user) {
    const bool is_plain = ascii::is_alnum(c) ||
                          std::string_view("-_.!~*'()&=+$,;?/").find(c) != std::string_view::npos;
    if (is_plain)
      text += c;
    else
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string quoted_name(std::string_view name) {
  if (name.empty()) return {};
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\" ";
}

std::string login_lines(const Registration& registration, const std::string& uri) {
  std::string lines;
  const resync::Login login{registration.terms.account, registration.terms.password};
  const auto add = [&](std::string_view header, const resync::LoginTalk& talk) {
    if (!talk.challenge) return;
    const resync::Once once{talk.uses, made_up(registration, header, registration.sequence)};
    lines += fmt::format("{}: {}\r\n", header,
                         resync::authorization(*talk.challenge, login, {"REGISTER", uri}, once));
  };
  add("Authorization", registration.server);
  add("Proxy-Authorization", registration.proxy);
  return lines;
}

}  // namespace

std::string branch_of(const Registration& registration) {
  return "z9hG4bK" + made_up(registration, "branch", registration.sequence);
}

std::string call_id_of(const Registration& registration) {
  return made_up(registration, "call", 0);
}

std::string register_octets(const Registration& registration, const SipPlace& at) {
  const auto& terms = registration.terms;
  const bool is_tcp = terms.transport == SipTransport::tcp;
  const auto uri = "sip:" + terms.registrar;
  const auto here = resync::authority(at.address, at.port);
  const auto user = escaped_user(terms.user);
  auto octets = fmt::format("REGISTER {} SIP/2.0\r\n", uri);
  octets += fmt::format("Via: SIP/2.0/{} {};branch={};rport\r\nMax-Forwards: 70\r\n",
                        is_tcp ? "TCP" : "UDP", here, branch_of(registration));
  octets += fmt::format("From: {}<sip:{}@{}>;tag={}\r\n", quoted_name(terms.display_name), user,
                        terms.registrar, made_up(registration, "tag", 0).substr(0, 16));
  octets +=
      fmt::format("To: {}<sip:{}@{}>\r\n", quoted_name(terms.display_name), user, terms.registrar);
  octets += fmt::format("Call-ID: {}\r\nCSeq: {} REGISTER\r\n", call_id_of(registration),
                        registration.sequence);
  octets += fmt::format("Contact: <sip:{}@{}{}>\r\nExpires: {}\r\n", user, here,
                        is_tcp ? ";transport=tcp" : "", registration.wanted.count());
  if (!terms.user_agent.empty()) octets += fmt::format("User-Agent: {}\r\n", terms.user_agent);
  return octets + login_lines(registration, uri) + "Content-Length: 0\r\n\r\n";
}

}  // namespace provphone::client::face
