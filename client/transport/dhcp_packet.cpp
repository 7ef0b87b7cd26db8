#include "client/transport/dhcp_packet.hpp"

#include "client/transport/detail/octets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace provphone::client::transport::dhcp {
namespace {

// RFC 2131 §2: the fixed fields, whose ends are where the options begin.
constexpr std::size_t chaddr_at = 28, sname_at = 44, file_at = 108, cookie_at = 236;
constexpr std::size_t options_at = cookie_at + 4;
constexpr std::uint32_t cookie = 0x63825363;
constexpr std::size_t least_packet = 300;  // RFC 1542 §2.1: relays drop shorter ones
constexpr unsigned boot_request = 1, boot_reply = 2, ethernet = 1;

// RFC 2132.
enum Code : unsigned {
  pad = 0,
  subnet_mask = 1,
  requested_address = 50,
  lease_time = 51,
  overload = 52,
  message_type = 53,
  server_identifier = 54,
  parameter_list = 55,
  most_octets = 57,
  renewal_time = 58,
  rebinding_time = 59,
  vendor_class = 60,
  client_identifier = 61,
  host_name = 12,
  end = 255,
};

enum class Type : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release, inform };

// R-DHCP-13: what a phone asks for, the mask and the routers among it.
constexpr std::array<unsigned char, 16> wanted{1,  3,  6,  15, 2,   42,  43,  66,
                                               67, 51, 54, 58, 125, 150, 159, 160};

// --- writing

void append_option(std::string& packet, unsigned code, std::string_view value) {
  constexpr std::size_t longest = 255;
  const auto cut = value.substr(0, longest);
  if (cut.empty()) return;
  packet.push_back(static_cast<char>(code));
  packet.push_back(static_cast<char>(cut.size()));
  packet.append(cut);
}

Type type_of(Asking asking) {
  switch (asking) {
    case Asking::discover:
      return Type::discover;
    case Asking::inform:
      return Type::inform;
    case Asking::release:
      return Type::release;
    default:
      return Type::request;
  }
}

// The address that the phone says it has (RFC 2131 §4.3.2, table 4).
bool claims_address(const Question& question) {
  if (question.what == Asking::inform || question.what == Asking::release) return true;
  const bool is_held = question.what == Asking::renew || question.what == Asking::rebind;
  return is_held && question.address_at == AddressAt::this_machine;
}

std::string header_of(const Asker& asker, const Question& question) {
  std::string packet;
  append_number(packet, boot_request, 1);
  append_number(packet, ethernet, 1);
  append_number(packet, 6, 1);
  append_number(packet, 0, 1);
  append_number(packet, question.transaction, 4);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(question.elapsed).count();
  append_number(packet, std::min<std::uint64_t>(static_cast<std::uint64_t>(seconds), 0xffff), 2);
  const bool is_answered_to_address = claims_address(question);
  append_number(packet, is_answered_to_address ? 0 : 0x8000, 2);
  packet += is_answered_to_address ? ipv4_octets(question.about.address) : std::string(4, '\0');
  packet.append(12, '\0');
  append_number(packet, asker.mac.bits, 6);
  packet.append(cookie_at - packet.size(), '\0');
  append_number(packet, cookie, 4);
  return packet;
}

void append_addresses(std::string& packet, const Question& question) {
  const auto& about = question.about;
  const bool asks_for_address = question.what == Asking::request ||
                                question.what == Asking::renew || question.what == Asking::rebind;
  if (asks_for_address && !claims_address(question))
    append_option(packet, requested_address, ipv4_octets(about.address));
  // §4.3.2: a server's name in any other request would mean that its offer is taken.
  if (question.what == Asking::request || question.what == Asking::release)
    append_option(packet, server_identifier, ipv4_octets(about.server));
}

// --- reading

using Values = std::map<unsigned, std::string>;

struct Fields {
  std::vector<unsigned> order;  // in which options came first
  Values values;                // RFC 3396: parts of one option put together
};

tl::unexpected<Error> malformed(std::string_view what) {
  return fail(Errc::protocol_error, fmt::format("DHCP: {}", what));
}

Result<void> read_options(std::string_view field, Fields& fields) {
  for (std::size_t at = 0; at < field.size();) {
    const auto code = octet_at(field, at);
    if (code == end) return {};
    if (code == pad) {
      ++at;
      continue;
    }
    const bool has_length = at + 1 < field.size();
    const std::size_t length = has_length ? octet_at(field, at + 1) : 0;
    if (!has_length || at + 2 + length > field.size())
      return malformed(fmt::format("option {} goes beyond its field", code));
    const auto [known, is_new] = fields.values.try_emplace(code);
    if (is_new) fields.order.push_back(code);
    known->second.append(field.substr(at + 2, length));
    at += 2 + length;
  }
  return {};
}

// RFC 2131 §4.1: the fields of the boot file and of the server's name may hold options, in this
// order behind the others.
Result<Fields> fields_of(std::string_view packet) {
  Fields fields;
  TRY(read_options(packet.substr(options_at), fields));
  const auto overloaded = fields.values.find(overload);
  if (overloaded == fields.values.end()) return fields;
  if (overloaded->second.size() != 1) return malformed("option 52 is not one octet");
  const auto which = octet_at(overloaded->second, 0);
  if (which < 1 || which > 3) return malformed("option 52 is none of 1, 2 and 3");
  if ((which & 1U) != 0) {
    TRY(read_options(packet.substr(file_at, cookie_at - file_at), fields));
  }
  if ((which & 2U) != 0) {
    TRY(read_options(packet.substr(sname_at, file_at - sname_at), fields));
  }
  return fields;
}

// Nothing where the option is not there.
Result<std::optional<std::uint32_t>> number_of(const Values& values, unsigned code) {
  const auto it = values.find(code);
  if (it == values.end()) return std::optional<std::uint32_t>{};
  if (it->second.size() != 4) return malformed(fmt::format("option {} is not four octets", code));
  return std::optional(static_cast<std::uint32_t>(number_in(it->second, 4)));
}

Result<Answering> answering_of(const Values& values) {
  const auto it = values.find(message_type);
  if (it == values.end() || it->second.size() != 1)
    return malformed("option 53, the kind of message, is missing or not one octet");
  switch (static_cast<Type>(octet_at(it->second, 0))) {
    case Type::offer:
      return Answering::offer;
    case Type::ack:
      return Answering::ack;
    case Type::nak:
      return Answering::nak;
    default:
      return malformed("a message that no server sends");
  }
}

// RFC 2131 §4.4.5: where the server says nothing of it, half of the lease and seven eighths.
Result<void> read_times(const Values& values, Terms& terms) {
  constexpr std::uint32_t for_ever = 0xffffffff;
  TRY(const auto length, number_of(values, lease_time));
  TRY(const auto renew, number_of(values, renewal_time));
  TRY(const auto rebind, number_of(values, rebinding_time));
  if (!length || *length == for_ever) return {};
  const std::uint64_t whole = *length;
  terms.length = std::chrono::seconds(whole);
  terms.rebind_after = std::chrono::seconds(rebind && *rebind < whole ? *rebind : whole * 7 / 8);
  const auto latest = static_cast<std::uint64_t>(terms.rebind_after.count());
  terms.renew_after = std::chrono::seconds(renew && *renew < latest ? *renew : whole / 2);
  terms.renew_after = std::min(terms.renew_after, terms.rebind_after);
  return {};
}

// About the lease and the packet, and nothing that a phone looks up in it.
bool is_about_lease(unsigned code) {
  constexpr std::array<unsigned, 6> about{lease_time,        overload,     message_type,
                                          server_identifier, renewal_time, rebinding_time};
  return std::find(about.begin(), about.end(), code) != about.end();
}

bool is_address_list(int option) {
  constexpr std::array lists{1, 3, 4, 5, 6, 28, 42, 44, 54, 150};
  return std::find(lists.begin(), lists.end(), option) != lists.end();
}

}  // namespace

std::string format_packet(const Asker& asker, const Question& question) {
  auto packet = header_of(asker, question);
  append_option(packet, message_type, std::string(1, static_cast<char>(type_of(question.what))));
  std::string identifier(1, static_cast<char>(ethernet));
  append_number(identifier, asker.mac.bits, 6);
  append_option(packet, client_identifier, identifier);
  append_addresses(packet, question);
  if (question.what != Asking::release) {
    std::string most;
    append_number(most, 1500, 2);
    append_option(packet, most_octets, most);
    append_option(packet, host_name, asker.host_name);
    append_option(packet, vendor_class, asker.vendor_class);
    append_option(packet, parameter_list,
                  {reinterpret_cast<const char*>(wanted.data()), wanted.size()});
  }
  packet.push_back(static_cast<char>(end));
  if (packet.size() < least_packet) packet.append(least_packet - packet.size(), '\0');
  return packet;
}

std::string value_of(int option, std::string_view octets) {
  constexpr int time_offset = resync::time_offset_option, vendor_information = 125;
  if (option == time_offset && octets.size() == 4) {
    const auto bits = static_cast<std::uint32_t>(number_in(octets, 4));
    return std::to_string(static_cast<std::int32_t>(bits));
  }
  if (is_address_list(option) && !octets.empty() && octets.size() % 4 == 0)
    return ipv4_list(octets);
  const bool is_text = option != vendor_information && is_readable(octets);
  return is_text ? std::string(without_nuls(octets)) : hexadecimal(octets);
}

Result<Answer> parse_packet(std::string_view packet) {
  if (packet.size() < options_at) return malformed("a packet without room for options");
  const bool is_reply = octet_at(packet, 0) == boot_reply && octet_at(packet, 1) == ethernet &&
                        octet_at(packet, 2) == 6;
  if (!is_reply) return malformed("a packet that is no answer to an Ethernet client");
  if (number_in(packet.substr(cookie_at), 4) != cookie) return malformed("a packet of BOOTP alone");
  TRY(const auto fields, fields_of(packet));
  Answer answer;
  TRY(answer.what, answering_of(fields.values));
  answer.transaction = static_cast<std::uint32_t>(number_in(packet.substr(4), 4));
  answer.mac.bits = number_in(packet.substr(chaddr_at), 6);
  const auto address = packet.substr(16, 4);
  if (number_in(address, 4) != 0) answer.terms.address = ipv4_text(address);
  TRY(const auto server, number_of(fields.values, server_identifier));
  if (server) answer.terms.server = ipv4_text(fields.values.at(server_identifier));
  TRY(read_times(fields.values, answer.terms));
  for (const auto code : fields.order) {
    if (is_about_lease(code)) continue;
    const auto option = static_cast<int>(code);
    answer.terms.options.push_back({option, value_of(option, fields.values.at(code))});
  }
  return answer;
}

}  // namespace provphone::client::transport::dhcp
