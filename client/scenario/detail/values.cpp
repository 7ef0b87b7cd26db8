#include "client/scenario/detail/values.hpp"

#include "client/input/duration.hpp"
#include "client/input/pattern.hpp"
#include "client/input/size.hpp"
#include "client/scenario/detail/ipv4.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <charconv>

namespace provphone::client::scenario {
namespace {

// The digits that `text` begins with, taken off it; nothing where it begins with none, or with too
// many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::uint64_t> whole_number(const Node& node, std::uint64_t least,
                                          std::uint64_t most) {
  std::string_view text = node.text;
  const auto number = take_number(text);
  if (!number || !text.empty() || *number < least || *number > most) return std::nullopt;
  return number;
}

bool take_character(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// So many digits, behind `before` where that is a character.
std::optional<unsigned> take_field(std::string_view& text, std::size_t digits, char before) {
  if (before != '\0' && !take_character(text, before)) return std::nullopt;
  if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, ascii::is_digit))
    return std::nullopt;
  // Digits only, and few, so that they are a number.
  auto field = text.substr(0, digits);
  text.remove_prefix(digits);
  return static_cast<unsigned>(*take_number(field));
}

std::optional<std::chrono::local_seconds> parse_civil_time(std::string_view text) {
  const auto year = take_field(text, 4, '\0'), month = take_field(text, 2, '-'),
             day = take_field(text, 2, '-');
  if (!take_character(text, 'T') && !take_character(text, ' ')) return std::nullopt;
  // Fields are taken one after the other even when one is missing; all are looked at below.
  const auto hour = take_field(text, 2, '\0'), minute = take_field(text, 2, ':'),
             second = take_field(text, 2, ':');
  if (!year || !month || !day || !hour || !minute || !second || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::local_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

// `40%` and `0.25%`; a fraction has up to four digits.
std::optional<Share> parse_share(std::string_view text) {
  const auto whole = take_number(text);
  if (!whole || *whole > 100) return std::nullopt;
  std::uint64_t ppm = *whole * 10'000;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    // In millionths: a tenth of a percent, and with each digit a tenth of that. A fifth would be
    // worth nothing and is refused.
    std::uint64_t worth = 1'000;
    if (text.empty() || !ascii::is_digit(text.front())) return std::nullopt;
    for (; !text.empty() && ascii::is_digit(text.front()); text.remove_prefix(1), worth /= 10) {
      if (worth == 0) return std::nullopt;
      ppm += worth * static_cast<std::uint64_t>(text.front() - '0');
    }
  }
  if (text != "%" || ppm > whole_ppm) return std::nullopt;
  return Share{static_cast<std::uint32_t>(ppm)};
}

// `UTC`, `Europe/Paris`, `America/Argentina/Ushuaia`, `Etc/GMT+1`.
bool looks_like_time_zone(std::string_view text) {
  if (text == "UTC") return true;
  bool slash = false, part = false;
  for (const char c : text) {
    const bool letter = ascii::is_alpha(c);
    if (c == '/') {
      if (!part) return false;
      slash = true;
      part = false;
    } else if (letter || (part && (ascii::is_digit(c) || c == '_' || c == '-' || c == '+'))) {
      part = true;
    } else {
      return false;
    }
  }
  return slash && part;
}

// `10.0.0.9`, `fd00::5`, `*.example.net`: no scheme, path, brackets or port.
bool looks_like_host(std::string_view text) {
  const auto in_host = [](char c) {
    return ascii::is_alnum(c) || std::string_view("-._:*").find(c) != std::string_view::npos;
  };
  if (text.empty() || !std::all_of(text.begin(), text.end(), in_host)) return false;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return true;
  // Behind its only colon a host name has a port.
  const auto behind = text.substr(colon + 1);
  return !std::all_of(behind.begin(), behind.end(), ascii::is_digit);
}

using Piece = TemplatePiece::Kind;

// What the columns of a list can fill, and a column whose name means something else.
Result<void> mark_columns(const Node& node, Template& text, const Inventory& inventory) {
  for (auto& piece : text.pieces) {
    const bool is_reserved = piece.kind == Piece::index || piece.kind == Piece::group;
    const auto name = is_reserved ? std::string_view(piece.kind == Piece::index ? "index" : "group")
                                  : std::string_view(piece.text);
    if (piece.kind == Piece::text || !variable_in(inventory, 0, name)) continue;
    if (is_reserved)
      return fail_at(
          node.place,
          fmt::format("{{{}}} means something already, and {} has a column of that name; "
                      "give the column another one",
                      name, inventory.name));
    if (piece.kind == Piece::variable) piece.kind = Piece::column;
  }
  return {};
}

std::string_view unknown_name(const Template& text, const PhoneGroup& group) {
  for (const auto& piece : text.pieces) {
    const bool is_name = piece.kind == Piece::variable || piece.kind == Piece::column;
    if (!is_name || group.variables.contains(piece.text)) continue;
    const bool is_column = piece.kind == Piece::column && group.listed &&
                           variable_in(*group.listed->inventory, 0, piece.text);
    if (!is_column) return piece.text;
  }
  return {};
}

tl::unexpected<Error> no_variable(const Node& node, const PhoneGroup& group,
                                  std::string_view unknown) {
  std::vector<std::string_view> names(std::begin(reserved_names), std::end(reserved_names));
  for (const auto& [name, value] : group.variables) names.emplace_back(name);
  std::string why;
  if (group.listed) {
    for (const auto& column : group.listed->inventory->columns) {
      const auto& name = column.name();
      const bool is_name = is_variable_name(name);
      if (!column.is_known() && is_name) names.emplace_back(name);
      if (column.is_known() && ascii::lowered(name) == ascii::lowered(unknown))
        why = fmt::format("; the column {} says what the phone is", input::quoted(name));
      if (!is_name && name.starts_with(unknown.substr(0, unknown.find('_'))))
        why =
            fmt::format("; the column {} is no name of letters, digits and _", input::quoted(name));
    }
  }
  return fail_at(node.place, fmt::format("group {} has no variable {}{}", input::quoted(group.name),
                                         input::quoted(unknown),
                                         why.empty() ? input::suggestion(unknown, names) : why));
}

}  // namespace

tl::unexpected<Error> unexpected_value(const Node& node, std::string_view expected) {
  return fail_at(node.place, fmt::format("expected {}, found {}", expected, describe(node)));
}

Result<std::string> as_text(const Node& node) {
  if (node.kind == Node::Kind::scalar) return node.text;
  return unexpected_value(
      node, node.kind == Node::Kind::nothing ? "a text (\"\" is an empty one)" : "a text");
}

Result<std::string> as_filled_text(const Node& node) {
  if (node.kind == Node::Kind::scalar && !node.text.empty()) return node.text;
  return unexpected_value(node, "a text that is not empty");
}

Result<std::uint64_t> as_number(const Node& node) {
  if (const auto number = whole_number(node, 0, std::numeric_limits<std::uint64_t>::max()))
    return *number;
  return unexpected_value(node, "a whole number from 0");
}

Result<std::uint32_t> as_count(const Node& node) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  if (const auto number = whole_number(node, 1, most)) return static_cast<std::uint32_t>(*number);
  return unexpected_value(node, "a whole number from 1");
}

Result<std::uint32_t> as_queue(const Node& node) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  if (const auto number = whole_number(node, 0, most)) return static_cast<std::uint32_t>(*number);
  return unexpected_value(node, "a whole number from 0");
}

Result<Duration> as_duration(const Node& node) {
  // What is longer is no duration, and would be quoted at full length.
  constexpr std::size_t longest = 40;
  if (node.kind != Node::Kind::scalar || node.text.size() > longest)
    return unexpected_value(node, "a duration such as 500ms, 30s, 5m or 2h");
  const auto duration = input::parse_duration(node.text);
  if (!duration) return fail_at(node.place, duration.error().detail);
  return *duration;
}

Result<Duration> as_positive_duration(const Node& node) {
  auto duration = as_duration(node);
  if (duration && *duration == Duration::zero())
    return unexpected_value(node, "a duration above 0");
  return duration;
}

Result<Share> as_share(const Node& node) {
  if (const auto share = parse_share(node.text)) return *share;
  return unexpected_value(node, "a percentage from 0% to 100%, such as 40% or 0.25%");
}

Result<std::uint64_t> as_bytes(const Node& node) {
  if (const auto bytes = input::parse_size(node.text, profile::max_file_bytes)) return *bytes;
  return unexpected_value(node, "a size of at most 8MiB, such as 512, 40KB or 2MiB");
}

// Phones take no load that is larger.
Result<std::uint64_t> as_load_bytes(const Node& node) {
  constexpr std::uint64_t most = std::uint64_t{4} << 30U;
  if (const auto bytes = input::parse_size(node.text, most)) return *bytes;
  return unexpected_value(node, "a size of at most 4096MiB, such as 512, 40KB or 80MB");
}

namespace {

// All addresses of a prefix but the first and the last, which are the network's own, where it has
// up to 30 bits. What stands behind the prefix is of no account.
AddressRange addresses_below(std::uint32_t address, unsigned bits) {
  constexpr unsigned most_bits_with_own = 30;
  // There are 8 bits at least, so that the shift stays within 32.
  const auto network = address & (~std::uint32_t{0} << (32U - bits));
  const auto all = std::uint64_t{1} << (32U - bits);
  if (bits > most_bits_with_own) return {network, static_cast<std::uint32_t>(all)};
  return {network + 1, static_cast<std::uint32_t>(all - 2)};
}

// None is passed over: 10.0.1.0 comes behind 10.0.0.255. From loopback they do not lead out of it,
// and the last one, there or of all, is no machine's.
AddressRange addresses_from(std::uint32_t first) {
  constexpr std::uint32_t loopback = 127, last = 0xffffffff, last_of_loopback = 0x7fffffff;
  return {first, (first >> 24U == loopback ? last_of_loopback : last) - first};
}

}  // namespace

Result<AddressRange> as_address_range(const Node& node) {
  constexpr const char* expected = "an IPv4 prefix such as 127.1.0.0/16, or a first address";
  const auto slash = std::min(node.text.find('/'), node.text.size());
  const auto address = parse_ipv4(std::string_view(node.text).substr(0, slash));
  if (!address) return unexpected_value(node, expected);
  if (slash == node.text.size()) return addresses_from(*address);
  auto text = std::string_view(node.text).substr(slash + 1);
  const auto bits = take_number(text);
  if (!bits || *bits < 8 || *bits > 32 || !text.empty())
    return unexpected_value(node, "an IPv4 prefix of 8 to 32 bits, such as 127.1.0.0/16");
  return addresses_below(*address, static_cast<unsigned>(*bits));
}

Result<MacAddress> as_mac(const Node& node) {
  if (const auto mac = parse_mac_address(node.text)) return *mac;
  return unexpected_value(node, "a hardware address such as 000e08012345");
}

Result<std::chrono::local_seconds> as_civil_time(const Node& node) {
  if (const auto time = parse_civil_time(node.text)) return *time;
  return unexpected_value(node, "a date and time such as 2026-03-01T06:00:00");
}

Result<std::string> as_time_zone(const Node& node) {
  if (looks_like_time_zone(node.text)) return node.text;
  return unexpected_value(node, "a time zone such as Europe/Paris, or UTC");
}

Result<std::string> as_pattern(const Node& node) {
  constexpr std::size_t longest = 200;
  if (node.kind != Node::Kind::scalar || node.text.empty() || node.text.size() > longest)
    return unexpected_value(node, "a regular expression of at most 200 characters");
  const auto parsed = input::parse_pattern(node.text);
  if (parsed) return node.text;
  const auto& why = parsed.error().detail;
  return fail_at(node.place, fmt::format("expected a regular expression, found {}{}{}",
                                         describe(node), why.empty() ? "" : ": ", why));
}

Result<profile::ParameterId> as_parameter(const Node& node) {
  if (node.kind != Node::Kind::scalar) return unexpected_value(node, "the name of a parameter");
  if (const auto id = profile::find_parameter(node.text)) return *id;
  // A long text would be measured against each name of the catalogue.
  const auto nearest =
      node.text.size() > 100 ? std::string_view{} : profile::nearest_parameter(node.text);
  return fail_at(node.place,
                 fmt::format("there is no parameter {}{}", input::quoted(node.text),
                             nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
}

Result<Template> as_template(const Node& node) {
  TRY(const auto text, as_text(node));
  auto parsed = parse_template(text);
  if (!parsed) return fail_at(node.place, parsed.error().detail);
  return parsed;
}

Result<Template> as_template_for(const Node& node, std::span<const PhoneGroup* const> groups) {
  auto parsed = as_template(node);
  if (!parsed) return parsed;
  for (const auto* group : groups) {
    if (group->listed) {
      TRY(mark_columns(node, *parsed, *group->listed->inventory));
    }
  }
  for (const auto* group : groups) {
    const auto unknown = unknown_name(*parsed, *group);
    if (!unknown.empty()) return no_variable(node, *group, unknown);
  }
  return parsed;
}

Result<void> as_true(const Node& node) {
  if (node.kind == Node::Kind::scalar && node.text == "true") return {};
  return unexpected_value(node, "true");
}

Result<Failure> as_failure(const Node& node) {
  using Kind = Failure::Kind;
  constexpr std::array<Choice<Kind>, 3> kinds{
      {{"refused", Kind::refused}, {"timeout", Kind::timeout}, {"corrupt", Kind::corrupt}}};
  for (const auto& [name, kind] : kinds) {
    if (node.text == name) return Failure{kind, 0};
  }
  const auto status = as_count(node);
  if (status && *status >= 400 && *status <= 599)
    return Failure{Kind::status, static_cast<int>(*status)};
  return unexpected_value(node, "refused, timeout, corrupt or a status from 400 to 599");
}

Result<std::string> as_host(const Node& node) {
  if (looks_like_host(node.text) && node.text.find('*') == std::string::npos) return node.text;
  return unexpected_value(node, "the name or address of a host, without its port");
}

Result<std::string> as_host_pattern(const Node& node) {
  if (looks_like_host(node.text)) return node.text;
  return unexpected_value(node, "the name or address of a host, without scheme, port and path");
}

Result<std::string> as_path_pattern(const Node& node) {
  if (node.text.starts_with('/') || node.text.starts_with('*')) return node.text;
  return unexpected_value(node, "a path such as /8841-3PCC/*.xml");
}

tl::unexpected<Error> no_choice(const Node& node, const std::vector<std::string_view>& names) {
  std::string expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) expected.append(i + 1 == names.size() ? " or " : ", ");
    expected.append(names[i]);
  }
  return unexpected_value(node, expected);
}

}  // namespace provphone::client::scenario
