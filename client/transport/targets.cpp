#include "client/transport/targets.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace provphone::client::transport {
namespace {

namespace ip = boost::asio::ip;

using Octets = std::vector<unsigned char>;

// An IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) counts as the IPv4 address that it maps.
Octets octets_of(const ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  const bool mapped = address.to_v6().is_v4_mapped();
  return {bytes.begin() + (mapped ? 12 : 0), bytes.end()};
}

std::optional<Octets> parse_address(std::string_view text) {
  boost::system::error_code failed;
  const auto address = ip::make_address(std::string(text), failed);
  if (failed) return std::nullopt;
  return octets_of(address);
}

// The rest of an octet behind the whole ones is compared under a mask. Families never match.
bool same_prefix(const Octets& left, const Octets& right, unsigned bits) {
  if (left.size() != right.size()) return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(whole), right.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8 - rest) & 0xFFU;
  return (left[whole] & mask) == (right[whole] & mask);
}

// Host names are compared without case and without the dot that may end them.
std::string canonical_name(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return ascii::lowered(name);
}

bool is_name_character(char c) {
  return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_';
}

// Digits and dots alone are a mistyped address rather than a name.
bool is_host_name(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.find("..") != std::string_view::npos)
    return false;
  if (!std::all_of(text.begin(), text.end(), is_name_character)) return false;
  return text.find_first_not_of("0123456789.") != std::string_view::npos;
}

std::optional<unsigned> parse_bits(std::string_view text, std::size_t octets) {
  return parse_whole(text, static_cast<unsigned>(octets * 8));
}

}  // namespace

Targets::Targets() : prefixes_{{{127, 0, 0, 0}, 8}, {Octets(15, 0), 128}} {
  prefixes_.back().octets.push_back(1);
}

Result<void> Targets::add(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (const auto octets = parse_address(text.substr(0, slash))) {
    const auto whole = static_cast<unsigned>(octets->size() * 8);
    const auto bits = slash == std::string_view::npos
                          ? std::optional(whole)
                          : parse_bits(text.substr(slash + 1), octets->size());
    if (!bits) {
      return fail(
          Errc::bad_argument,
          fmt::format("target \"{}\": a prefix length from 0 to {} belongs behind the slash", text,
                      whole));
    }
    prefixes_.push_back({*octets, *bits});
    return {};
  }
  if (!is_host_name(text)) {
    return fail(Errc::bad_argument,
                fmt::format("target \"{}\" is no address, prefix (10.0.0.0/8) or host name", text));
  }
  names_.push_back(canonical_name(text));
  return {};
}

bool Targets::allows_address(std::string_view address) const {
  const auto octets = parse_address(address);
  return octets && std::any_of(prefixes_.begin(), prefixes_.end(), [&](const Prefix& prefix) {
           return same_prefix(prefix.octets, *octets, prefix.bits);
         });
}

bool Targets::allows_name(std::string_view host) const {
  if (names_.empty()) return false;
  return std::find(names_.begin(), names_.end(), canonical_name(host)) != names_.end();
}

}  // namespace provphone::client::transport
