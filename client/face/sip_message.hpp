#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// SIP messages as octets (RFC 3261). Foreign input; what is answered is for sip.hpp.
namespace provphone::client::face {

// With header and body; longer ones are none.
inline constexpr std::size_t most_sip_octets = 64 * 1024;

struct SipRequest {
  std::string method;  // NOTIFY
  std::string user;    // of the Request-URI, decoded; empty: none
  std::vector<std::string> vias;
  std::string from, to, call_id, cseq;
  std::string branch;  // of the topmost Via
  bool has_to_tag = false;
  std::string event;          // header Event, parameters included; empty: none
  std::string authorization;  // header Authorization; secret
  std::string digest_uri;     // its `uri`, which proxies leave as it was
  std::string body;
};

// Who sent it, as the socket says.
struct SipSender {
  std::string address;
  std::uint16_t port = 0;
};

// Adds to the topmost Via where it came from (RFC 3581). Nothing where it is malformed, a response,
// or lacks what an answer has to repeat: such a message is not answered.
std::optional<SipRequest> parse_sip_request(std::string_view octets, const SipSender& sender);

struct SipHeader {
  std::string_view name;
  std::string value;
};

// The answer's octets: what the request has that an answer repeats, `more`, and no body.
std::string sip_answer_octets(const SipRequest& request, int status, std::string_view reason,
                              const std::vector<SipHeader>& more);

// Of a stream: how many octets the first message has; 0 while nobody can tell. Nothing where no
// message begins like that, or one of more than most_sip_octets.
std::optional<std::size_t> sip_message_size(std::string_view stream);

}  // namespace provphone::client::face
