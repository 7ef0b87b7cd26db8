#include "client/face/sip_message.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "profile/hash.hpp"

#include <fmt/format.h>
#include <osipparser2/osip_parser.h>

#include <algorithm>
#include <cstdarg>
#include <memory>

namespace provphone::client::face {
namespace {

struct MessageEnd {
  void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using Message = std::unique_ptr<osip_message_t, MessageEnd>;

// The library would write what it thinks of a message to standard output, logins included.
void say_nothing(const char* /*file*/, int /*line*/, osip_trace_level_t /*level*/,
                 const char* /*format*/, va_list /*arguments*/) {}

// The library's tables are made once.
void begin_parser() {
  static const int done = [] {
    osip_trace_initialize_func(TRACE_LEVEL0, say_nothing);
    return parser_init();
  }();
  static_cast<void>(done);
}

std::string string_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

// What a `..._to_str` of the library gives; empty where it does not.
template <class Part>
std::string text_by(int (*to_text)(const Part*, char**), const Part* part) {
  char* text = nullptr;
  if (part == nullptr || to_text(part, &text) != 0 || text == nullptr) return {};
  std::string copy(text);
  osip_free(text);
  return copy;
}

// Nothing of a foreign header may begin a line of an answer.
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::string header_of(const osip_message_t& message, const char* name) {
  osip_header_t* header = nullptr;
  osip_message_header_get_byname(&message, name, 0, &header);
  return header == nullptr ? std::string() : string_of(header->hvalue);
}

// Nothing where there is none, or more than digits stands at its beginning.
std::optional<std::uint32_t> seconds_of(const osip_message_t& message, const char* name) {
  const auto text = header_of(message, name);
  return parse_whole<std::uint32_t>(
      std::string_view(text).substr(0, text.find_first_not_of("0123456789")));
}

// The short form of Event is `o` (RFC 6665).
std::string event_of(const osip_message_t& message) {
  auto event = header_of(message, "event");
  return event.empty() ? header_of(message, "o") : event;
}

std::vector<std::string> vias_of(const osip_message_t& message) {
  std::vector<std::string> vias;
  vias.reserve(static_cast<std::size_t>(osip_list_size(&message.vias)));
  for (int i = 0; i < osip_list_size(&message.vias); ++i) {
    vias.push_back(text_by<osip_via_t>(
        osip_via_to_str, static_cast<const osip_via_t*>(osip_list_get(&message.vias, i))));
  }
  return vias;
}

std::string branch_of(const osip_message_t& message) {
  auto* const via = static_cast<osip_via_t*>(osip_list_get(&message.vias, 0));
  osip_generic_param_t* branch = nullptr;
  if (via != nullptr) osip_via_param_get_byname(via, const_cast<char*>("branch"), &branch);
  return branch == nullptr ? std::string() : string_of(branch->gvalue);
}

void take_authorization(const osip_message_t& message, SipRequest& request) {
  osip_authorization_t* authorization = nullptr;
  osip_message_get_authorization(&message, 0, &authorization);
  if (authorization == nullptr) return;
  request.authorization = text_by<osip_authorization_t>(osip_authorization_to_str, authorization);
  request.digest_uri = string_of(osip_authorization_get_uri(authorization));
  if (request.digest_uri.size() > 1 && request.digest_uri.front() == '"')
    request.digest_uri = request.digest_uri.substr(1, request.digest_uri.size() - 2);
}

// The library has one type for both kinds.
std::vector<std::string> challenges_in(const osip_list_t& headers) {
  std::vector<std::string> challenges;
  challenges.reserve(static_cast<std::size_t>(osip_list_size(&headers)));
  for (int i = 0; i < osip_list_size(&headers); ++i) {
    challenges.push_back(text_by<osip_www_authenticate_t>(
        osip_www_authenticate_to_str,
        static_cast<const osip_www_authenticate_t*>(osip_list_get(&headers, i))));
  }
  return challenges;
}

std::vector<SipResponse::Binding> bindings_of(const osip_message_t& message) {
  std::vector<SipResponse::Binding> bindings;
  for (int i = 0; i < osip_list_size(&message.contacts); ++i) {
    auto* const contact = static_cast<osip_contact_t*>(osip_list_get(&message.contacts, i));
    if (contact->url == nullptr) continue;
    SipResponse::Binding binding;
    binding.user = string_of(contact->url->username);
    binding.host = string_of(contact->url->host);
    binding.port = parse_whole<std::uint16_t>(string_of(contact->url->port)).value_or(0);
    osip_generic_param_t* expires = nullptr;
    osip_contact_param_get_byname(contact, const_cast<char*>("expires"), &expires);
    if (expires != nullptr)
      binding.expires = parse_whole<std::uint32_t>(string_of(expires->gvalue));
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

bool is_whole(const SipRequest& request) {
  const auto is_good = [](const std::string& text) { return !text.empty() && is_one_line(text); };
  return is_good(request.method) && !request.vias.empty() &&
         std::all_of(request.vias.begin(), request.vias.end(), is_good) && is_good(request.from) &&
         is_good(request.to) && is_good(request.call_id) && is_good(request.cseq) &&
         is_one_line(request.event) && is_one_line(request.user);
}

Message message_of(std::string_view octets) {
  begin_parser();
  osip_message_t* made = nullptr;
  if (osip_message_init(&made) != 0) return nullptr;
  Message message(made);
  // Read up to a NUL in places, whatever the length says.
  const std::string text(octets);
  if (osip_message_parse(message.get(), text.c_str(), text.size()) != 0) return nullptr;
  return message;
}

}  // namespace

std::optional<SipRequest> parse_sip_request(std::string_view octets, const SipSender& sender) {
  const auto head = octets.substr(0, octets.find("\r\n\r\n"));
  if (octets.size() > most_sip_octets || head.find('\0') != std::string_view::npos)
    return std::nullopt;
  const auto message = message_of(octets);
  if (!message || MSG_IS_RESPONSE(message.get()) || message->req_uri == nullptr)
    return std::nullopt;
  osip_message_fix_last_via_header(message.get(), sender.address.c_str(), sender.port);
  SipRequest request;
  request.method = string_of(message->sip_method);
  request.user = string_of(message->req_uri->username);
  request.vias = vias_of(*message);
  request.branch = branch_of(*message);
  request.from = text_by<osip_from_t>(osip_from_to_str, message->from);
  request.to = text_by<osip_to_t>(osip_to_to_str, message->to);
  osip_generic_param_t* tag = nullptr;
  if (message->to != nullptr) osip_to_param_get_byname(message->to, const_cast<char*>("tag"), &tag);
  request.has_to_tag = tag != nullptr;
  request.call_id = text_by<osip_call_id_t>(osip_call_id_to_str, message->call_id);
  request.cseq = text_by<osip_cseq_t>(osip_cseq_to_str, message->cseq);
  request.event = event_of(*message);
  take_authorization(*message, request);
  if (const auto* body = static_cast<osip_body_t*>(osip_list_get(&message->bodies, 0)))
    request.body = std::string(body->body == nullptr ? "" : body->body, body->length);
  return is_whole(request) ? std::optional(std::move(request)) : std::nullopt;
}

bool is_sip_response(std::string_view octets) {
  return ascii::starts_with_ignoring_case(octets, "SIP/");
}

std::optional<SipResponse> parse_sip_response(std::string_view octets) {
  constexpr std::size_t longest_reason = 100;
  const auto head = octets.substr(0, octets.find("\r\n\r\n"));
  if (octets.size() > most_sip_octets || head.find('\0') != std::string_view::npos)
    return std::nullopt;
  const auto message = message_of(octets);
  if (!message || !MSG_IS_RESPONSE(message.get()) || message->cseq == nullptr) return std::nullopt;
  SipResponse response;
  response.status = osip_message_get_status_code(message.get());
  response.reason = string_of(osip_message_get_reason_phrase(message.get()));
  if (response.reason.size() > longest_reason) response.reason.resize(longest_reason);
  if (!is_one_line(response.reason)) response.reason.clear();
  response.branch = branch_of(*message);
  response.call_id = text_by<osip_call_id_t>(osip_call_id_to_str, message->call_id);
  const auto sequence = parse_whole<std::uint32_t>(string_of(message->cseq->number));
  response.challenges = challenges_in(message->www_authenticates);
  response.proxy_challenges = challenges_in(message->proxy_authenticates);
  response.bindings = bindings_of(*message);
  response.expires = seconds_of(*message, "expires");
  response.min_expires = seconds_of(*message, "min-expires");
  response.retry_after = seconds_of(*message, "retry-after");
  const bool is_status = response.status >= 100 && response.status < 700;
  if (!sequence || !is_status || response.call_id.empty() || response.branch.empty())
    return std::nullopt;
  response.sequence = *sequence;
  return response;
}

std::string sip_answer_octets(const SipRequest& request, int status, std::string_view reason,
                              const std::vector<SipHeader>& more) {
  auto octets = fmt::format("SIP/2.0 {} {}\r\n", status, reason);
  const auto add = [&](std::string_view name, std::string_view value) {
    octets += fmt::format("{}: {}\r\n", name, value);
  };
  for (const auto& via : request.vias) add("Via", via);
  add("From", request.from);
  // One dialogue, one tag; a repeated request gets the same (RFC 3261, 8.2.6.2).
  const auto tag = profile::hash_hex(profile::Hash::md5, request.call_id).substr(0, 12);
  add("To", request.has_to_tag ? request.to : request.to + ";tag=" + tag);
  add("Call-ID", request.call_id);
  add("CSeq", request.cseq);
  for (const auto& header : more) add(header.name, header.value);
  return octets + "Content-Length: 0\r\n\r\n";
}

std::optional<std::size_t> sip_message_size(std::string_view stream) {
  constexpr std::string_view end_of_head = "\r\n\r\n";
  const auto end = stream.find(end_of_head);
  if (end == std::string_view::npos)
    return stream.size() < most_sip_octets ? std::optional<std::size_t>(0) : std::nullopt;
  auto rest = stream.substr(0, end);
  std::size_t body = 0;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = ascii::lowered(ascii::trimmed(line.substr(0, colon)));
    if (name != "content-length" && name != "l") continue;
    const auto number = parse_whole<std::uint32_t>(ascii::trimmed(line.substr(colon + 1)));
    if (!number) return std::nullopt;
    body = *number;
  }
  const auto size = end + end_of_head.size() + body;
  if (size > most_sip_octets) return std::nullopt;
  return size <= stream.size() ? size : 0;
}

}  // namespace provphone::client::face
