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
inline constexpr std::size_t most_sip_octets = std::size_t{64} * 1024;

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

// An answer to a request of a phone's own. Texts have one line each.
struct SipResponse {
  int status = 0;      // 100 to 699
  std::string reason;  // as it stands behind the status, of at most 100 octets; may be empty
  std::string branch;  // of the topmost Via
  std::string call_id;
  std::uint32_t sequence = 0;                             // of CSeq
  std::vector<std::string> challenges, proxy_challenges;  // WWW- and Proxy-Authenticate
  struct Binding {
    std::string user, host;
    std::uint16_t port = 0;                // 0: none is named
    std::optional<std::uint32_t> expires;  // seconds, as all that follow
  };
  std::vector<Binding> bindings;  // Contact
  std::optional<std::uint32_t> expires, min_expires, retry_after;
};

// Who sent it, as the socket says.
struct SipSender {
  std::string address;
  std::uint16_t port = 0;
};

// Adds to the topmost Via where it came from (RFC 3581). Nothing where it is malformed, a response,
// or lacks what an answer has to repeat: such a message is not answered.
std::optional<SipRequest> parse_sip_request(std::string_view octets, const SipSender& sender);

// Whether that is no request, if it is a message at all.
bool is_sip_response(std::string_view octets);
// Nothing where it is malformed, a request, or lacks Via, Call-ID or CSeq.
std::optional<SipResponse> parse_sip_response(std::string_view octets);

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
