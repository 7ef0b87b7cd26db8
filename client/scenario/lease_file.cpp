#include "client/scenario/lease_file.hpp"

#include "client/input/file.hpp"
#include "client/scenario/detail/ipv4.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace provphone::client::scenario {
namespace {

constexpr std::size_t most_octets = std::size_t{256} << 20U;

std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> fields;
  while (true) {
    const auto end = line.find(separator);
    fields.emplace_back(ascii::trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

// What one lease of the file says.
struct LeaseEntry {
  std::string mac, ip, host_name, vendor_class;
  bool has_ended = false;
};

class PhonesOfFile {
 public:
  explicit PhonesOfFile(std::string_view name) : name_(name) {}

  tl::unexpected<Error> fail_at(std::size_t line, std::string_view what) const {
    return fail(Errc::bad_argument, fmt::format("{}:{}: {}", name_, line, what));
  }

  // Servers append: what comes later is what counts.
  Result<void> add(const LeaseEntry& entry, std::size_t line) {
    const auto mac = parse_mac_address(entry.mac);
    if (!mac) return fail_at(line, fmt::format("'{}' is no hardware address", entry.mac));
    if (!parse_ipv4(entry.ip))
      return fail_at(line, fmt::format("'{}' is no IPv4 address", entry.ip));
    const auto [known, is_new] = places_.try_emplace(mac->bits, phones_.size());
    if (is_new) phones_.emplace_back();
    auto& place = phones_[known->second];
    place.reset();
    if (entry.has_ended) return {};
    const bool is_other =
        !entry.vendor_class.empty() && entry.vendor_class.find("Cisco") == std::string::npos;
    if (is_other) {
      ++file_.left_out;
    } else {
      place = LeasedPhone{*mac, entry.ip, entry.host_name};
    }
    return {};
  }

  Result<LeaseFile> take(LeaseFormat format) {
    file_.format = format;
    for (auto& phone : phones_) {
      if (phone) file_.phones.push_back(*std::move(phone));
    }
    if (file_.phones.empty())
      return fail(Errc::bad_argument, fmt::format("{}: no phone has a lease", name_));
    return std::move(file_);
  }

 private:
  std::string_view name_;
  std::map<std::uint64_t, std::size_t> places_;  // in phones_, by hardware address
  std::vector<std::optional<LeasedPhone>> phones_;
  LeaseFile file_;
};

// Lines with their numbers, from 1; those without content are left out.
struct Line {
  std::size_t number;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = ascii::trimmed(text.substr(0, end));
    if (!line.empty()) lines.push_back({number, line});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// `EXPIRY MAC IP HOST CLIENT-ID`; behind `duid ...` come the leases of DHCPv6.
Result<void> read_dnsmasq(const std::vector<Line>& lines, PhonesOfFile& phones) {
  for (const auto& [number, text] : lines) {
    if (text.starts_with("duid ")) return {};
    const auto fields = fields_of(text, ' ');
    const bool is_lease = fields.size() >= 4 && !fields[0].empty() &&
                          std::all_of(fields[0].begin(), fields[0].end(), ascii::is_digit);
    if (!is_lease)
      return phones.fail_at(number, "expected EXPIRY MAC ADDRESS NAME, as dnsmasq writes them");
    // Another kind of hardware stands in front: 06-00:11:...
    if (fields[1].size() > 2 && fields[1][2] == '-') continue;
    TRY(phones.add({fields[1], fields[2], fields[3] == "*" ? "" : fields[3], {}, false}, number));
  }
  return {};
}

// The first line names the columns.
Result<void> read_kea(const std::vector<Line>& lines, PhonesOfFile& phones) {
  const auto names = fields_of(lines.front().text, ',');
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const auto address = place("address"), mac = place("hwaddr"), host = place("hostname"),
             state = place("state"), valid = place("valid_lifetime");
  if (std::max(address, mac) >= names.size())
    return phones.fail_at(lines.front().number, "expected the columns address and hwaddr");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = fields_of(lines[i].text, ',');
    if (fields.size() < names.size())
      return phones.fail_at(lines[i].number, fmt::format("expected {} columns, found {}",
                                                         names.size(), fields.size()));
    if (fields[mac].empty()) continue;
    // A lease of 0 seconds is how memfile takes one back; other states are declined and expired.
    const bool has_ended = (state < fields.size() && fields[state] != "0") ||
                           (valid < fields.size() && fields[valid] == "0");
    TRY(phones.add(
        {fields[mac], fields[address], host < fields.size() ? fields[host] : "", {}, has_ended},
        lines[i].number));
  }
  return {};
}

std::string unquoted(std::string_view text) {
  text = ascii::trimmed(text);
  if (text.ends_with(';')) text.remove_suffix(1);
  text = ascii::trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return std::string(text);
}

// What stands behind `word` in a statement; nothing where it is another one.
std::optional<std::string> behind(std::string_view statement, std::string_view word) {
  if (!statement.starts_with(word)) return std::nullopt;
  return unquoted(statement.substr(word.size()));
}

void read_statement(std::string_view text, LeaseEntry& entry) {
  if (const auto mac = behind(text, "hardware ethernet ")) entry.mac = *mac;
  if (const auto host = behind(text, "client-hostname ")) entry.host_name = *host;
  if (const auto vendor = behind(text, "set vendor-class-identifier = "))
    entry.vendor_class = *vendor;
  if (const auto state = behind(text, "binding state ")) entry.has_ended = *state != "active";
}

// `lease ADDRESS {`, statements, `}`. What else stands in the file is passed over.
Result<void> read_isc(const std::vector<Line>& lines, PhonesOfFile& phones) {
  std::optional<LeaseEntry> entry;
  std::size_t begun = 0;
  for (const auto& [number, text] : lines) {
    if (!entry) {
      auto address = behind(text, "lease ");
      if (!address) continue;
      if (!address->ends_with('{')) return phones.fail_at(number, "expected lease ADDRESS {");
      entry.emplace();
      entry->ip =
          std::string(ascii::trimmed(std::string_view(*address).substr(0, address->size() - 1)));
      begun = number;
    } else if (text == "}") {
      if (!entry->mac.empty()) {
        TRY(phones.add(*entry, begun));
      }
      entry.reset();
    } else if (text.starts_with("lease ")) {
      return phones.fail_at(begun, "this lease has no end");
    } else {
      read_statement(text, *entry);
    }
  }
  if (entry) return phones.fail_at(begun, "this lease has no end");
  return {};
}

LeaseFormat format_of(const std::vector<Line>& lines) {
  const auto first = lines.front().text;
  if (first.starts_with("address,")) return LeaseFormat::kea;
  const bool is_isc = std::any_of(lines.begin(), lines.end(), [](const Line& line) {
    return line.text.starts_with("lease ") && line.text.ends_with('{');
  });
  return is_isc || first.starts_with('#') ? LeaseFormat::isc : LeaseFormat::dnsmasq;
}

}  // namespace

Result<LeaseFile> parse_lease_file(std::string_view text, std::string_view name) {
  PhonesOfFile phones(name);
  const auto lines = lines_of(text);
  if (lines.empty()) return phones.take(LeaseFormat::dnsmasq);
  const auto format = format_of(lines);
  switch (format) {
    case LeaseFormat::dnsmasq:
      TRY(read_dnsmasq(lines, phones));
      break;
    case LeaseFormat::kea:
      TRY(read_kea(lines, phones));
      break;
    case LeaseFormat::isc:
      TRY(read_isc(lines, phones));
      break;
  }
  return phones.take(format);
}

Result<LeaseFile> read_lease_file(const std::string& file) {
  TRY(const auto text, input::read_file(file, most_octets));
  return parse_lease_file(text, file);
}

}  // namespace provphone::client::scenario
