#include "client/transport/dhcp6_packet.hpp"

#include "client/transport/detail/octets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::client::transport::dhcp6 {
namespace {

using namespace dhcp;

constexpr std::uint32_t enterprise = 9;  // Cisco's number
constexpr std::uint32_t for_ever = 0xffffffff;

// RFC 8415 §7.3.
enum class Kind : std::uint8_t {
  solicit = 1,
  advertise,
  request,
  confirm,
  renew,
  rebind,
  reply,
  release,
  decline,
  reconfigure,
  information_request
};

// RFC 8415 §21, RFC 3646, RFC 4704, RFC 5908.
enum Option : unsigned {
  client_id = 1,
  server_id = 2,
  addresses = 3,
  address = 5,
  option_request = 6,
  elapsed_time = 8,
  status_code = 13,
  vendor_class_option = 16,
  vendor_options = 17,
  name_servers = 23,
  refresh_time = 32,
  client_name = 39,
};

constexpr std::array<unsigned, 6> wanted_options{17, 23, 24, 56, 159, 160};

Kind kind_of(Asking asking) {
  switch (asking) {
    case Asking::discover:
      return Kind::solicit;
    case Asking::request:
      return Kind::request;
    case Asking::renew:
      return Kind::renew;
    case Asking::rebind:
      return Kind::rebind;
    case Asking::inform:
      return Kind::information_request;
    case Asking::release:
      return Kind::release;
  }
  return Kind::solicit;
}

// --- writing

void put_option(std::string& packet, unsigned code, std::string_view value) {
  append_number(packet, code, 2);
  append_number(packet, value.size(), 2);
  packet += value;
}

// DUID-LL, §11.4.
std::string identifier_of(MacAddress mac) {
  std::string identifier;
  append_number(identifier, 3, 2);
  append_number(identifier, 1, 2);
  append_number(identifier, mac.bits, 6);
  return identifier;
}

// Of the server, whose digits Terms have.
std::string octets_of_digits(std::string_view digits) {
  const auto value_of_digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  std::string octets;
  for (std::size_t at = 2; at + 1 < digits.size(); at += 2)
    append_number(octets, value_of_digit(digits[at]) << 4U | value_of_digit(digits[at + 1]), 1);
  return octets;
}

// IA_NA, named by the end of the MAC address. The times are for the server to choose.
std::string addresses_of(const Asker& asker, const Question& question) {
  std::string value;
  append_number(value, asker.mac.bits & 0xffffffffU, 4);
  append_number(value, 0, 8);
  if (question.about.address.empty()) return value;
  auto held = ipv6_octets(question.about.address);
  append_number(held, 0, 8);
  put_option(value, address, held);
  return value;
}

std::string vendor_class_of(const Asker& asker) {
  std::string value;
  append_number(value, enterprise, 4);
  append_number(value, asker.vendor_class.size(), 2);
  return value + asker.vendor_class;
}

// RFC 4704: flags, and one label that ends without a dot, since it is no full name.
std::string client_name_of(const Asker& asker) {
  constexpr std::size_t longest_label = 63;
  const auto label = asker.host_name.substr(0, longest_label);
  std::string value;
  append_number(value, 0, 1);
  append_number(value, label.size(), 1);
  return value + label;
}

// --- reading

tl::unexpected<Error> not_read(std::string_view what) {
  return fail(Errc::protocol_error, fmt::format("DHCPv6: {}", what));
}

// Calls `take(code, value)` for each option; `take` returns a Result<void>.
template <class Take>
Result<void> each_option(std::string_view field, Take take) {
  constexpr std::size_t header = 4;
  while (!field.empty()) {
    if (field.size() < header) return not_read("an option without room for its length");
    const auto code = static_cast<unsigned>(number_in(field, 2));
    const auto length = static_cast<std::size_t>(number_in(field.substr(2), 2));
    if (field.size() - header < length)
      return not_read(fmt::format("option {} goes beyond its field", code));
    TRY(take(code, field.substr(header, length)));
    field.remove_prefix(header + length);
  }
  return {};
}

Result<void> read_status(std::string_view value, Answer& answer) {
  if (value.size() < 2) return not_read("option 13 is shorter than a status");
  if (number_in(value, 2) != 0) answer.what = Answering::nak;
  return {};
}

// The address, with how long it is good for; one of 0 seconds is taken away.
Result<void> read_address(std::string_view value, Answer& answer) {
  constexpr std::size_t fields = 24;
  if (value.size() < fields) return not_read("option 5 is shorter than an address and its times");
  const auto valid = number_in(value.substr(20), 4);
  if (valid == 0 && answer.what == Answering::ack) answer.what = Answering::nak;
  if (valid == 0 || !answer.terms.address.empty()) return {};
  answer.terms.address = ipv6_text(value.substr(0, 16));
  if (valid != for_ever) answer.terms.length = std::chrono::seconds(valid);
  return each_option(value.substr(fields), [&](unsigned code, std::string_view inner) {
    return code == status_code ? read_status(inner, answer) : Result<void>{};
  });
}

// §14.2: 0 leaves the times to the client, who has the shares of RFC 2131.
void settle_times(std::uint64_t renew, std::uint64_t rebind, Terms& terms) {
  const auto whole = static_cast<std::uint64_t>(terms.length.count());
  if (whole == 0) return;
  const auto last = rebind > 0 && rebind < whole ? rebind : whole * 7 / 8;
  terms.rebind_after = std::chrono::seconds(last);
  terms.renew_after =
      std::chrono::seconds(std::min(renew > 0 && renew < last ? renew : whole / 2, last));
}

Result<void> read_addresses(std::string_view value, Answer& answer) {
  constexpr std::size_t fields = 12;
  if (value.size() < fields) return not_read("option 3 is shorter than its number and times");
  TRY(each_option(value.substr(fields), [&](unsigned code, std::string_view inner) -> Result<void> {
    if (code == address) return read_address(inner, answer);
    return code == status_code ? read_status(inner, answer) : Result<void>{};
  }));
  settle_times(number_in(value.substr(4), 4), number_in(value.substr(8), 4), answer.terms);
  return {};
}

std::string option_text(unsigned code, std::string_view value) {
  constexpr std::size_t address_size = 16;
  if (code == name_servers && !value.empty() && value.size() % address_size == 0)
    return ipv6_list(value);
  const bool is_text = code != vendor_options && is_readable(value);
  return is_text ? std::string(without_nuls(value)) : hexadecimal(value);
}

Result<void> read_option(unsigned code, std::string_view value, Answer& answer) {
  switch (code) {
    case client_id:
      if (value.size() == 10 && number_in(value, 4) == 0x00030001U)
        answer.mac.bits = number_in(value.substr(4), 6);
      return {};
    case server_id:
      answer.terms.server = hexadecimal(value);
      return {};
    case addresses:
      return read_addresses(value, answer);
    case status_code:
      return read_status(value, answer);
    case vendor_class_option:
    case refresh_time:
    case client_name:
      return {};
    default:
      answer.terms.options.push_back(
          {static_cast<int>(code), option_text(code, value), resync::DhcpVersion::v6});
      return {};
  }
}

}  // namespace

std::string format_packet(const Asker& asker, const Question& question) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(kind_of(question.what)), 1);
  append_number(packet, question.transaction, 3);
  put_option(packet, client_id, identifier_of(asker.mac));
  const bool is_for_one = question.what == Asking::request || question.what == Asking::renew ||
                          question.what == Asking::release;
  if (is_for_one) put_option(packet, server_id, octets_of_digits(question.about.server));
  if (question.what != Asking::inform) put_option(packet, addresses, addresses_of(asker, question));
  std::string elapsed;
  const auto hundredths = static_cast<std::uint64_t>(question.elapsed.count()) / 10;
  append_number(elapsed, std::min<std::uint64_t>(hundredths, 0xffff), 2);
  put_option(packet, elapsed_time, elapsed);
  if (question.what == Asking::release) return packet;
  std::string wanted;
  for (const auto code : wanted_options) append_number(wanted, code, 2);
  put_option(packet, option_request, wanted);
  if (!asker.vendor_class.empty()) put_option(packet, vendor_class_option, vendor_class_of(asker));
  if (question.what != Asking::inform && !asker.host_name.empty())
    put_option(packet, client_name, client_name_of(asker));
  return packet;
}

Result<Answer> parse_packet(std::string_view packet) {
  constexpr std::size_t header = 4;
  if (packet.size() < header) return not_read("a packet without a transaction");
  Answer answer;
  const auto kind = static_cast<Kind>(octet_at(packet, 0));
  if (kind != Kind::advertise && kind != Kind::reply)
    return not_read("a message that no server sends to a client");
  answer.what = kind == Kind::advertise ? Answering::offer : Answering::ack;
  answer.transaction = static_cast<std::uint32_t>(number_in(packet.substr(1), 3));
  TRY(each_option(packet.substr(header), [&](unsigned code, std::string_view value) {
    return read_option(code, value, answer);
  }));
  if (answer.terms.server.empty()) return not_read("an answer without its server's identifier");
  return answer;
}

}  // namespace provphone::client::transport::dhcp6
