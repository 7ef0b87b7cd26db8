#include "client/evidence/access_lines.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

namespace provphone::client::evidence {
namespace {

using F = AccessField;

std::string_view field_of(const AccessFields& fields, AccessField field) {
  return fields[static_cast<std::size_t>(field)];
}

// Decimal seconds, `0.004`; several behind one another, of several upstreams, count once.
std::int32_t ms_of_seconds(std::string_view text) {
  const auto instant = parse_unix_time(text.substr(0, text.find_first_of(", :")));
  return instant ? static_cast<std::int32_t>(instant->time_since_epoch().count()) : -1;
}

std::int32_t took_ms(const AccessFields& fields) {
  if (const auto s = field_of(fields, F::took_s); !s.empty()) return ms_of_seconds(s);
  if (const auto ms = parse_whole<std::uint32_t>(field_of(fields, F::took_ms)))
    return static_cast<std::int32_t>(*ms);
  constexpr std::uint64_t us_per_ms = 1000;
  const auto us = parse_whole<std::uint64_t>(field_of(fields, F::took_us));
  return us ? static_cast<std::int32_t>(*us / us_per_ms) : -1;
}

// Octets that logs print as \xHH, and what stands behind a backslash.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    const bool is_octet = text[i] == 'x' && i + 2 < text.size() &&
                          ascii::hex_value(text[i + 1]) >= 0 && ascii::hex_value(text[i + 2]) >= 0;
    if (!is_octet) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

void part_url(std::string_view url, Sighting& sighting) {
  const auto scheme = url.find("://");
  if (url.starts_with('/') || scheme == std::string_view::npos) {
    sighting.path = url;
    return;
  }
  const auto host = url.substr(scheme + 3);
  const auto slash = std::min(host.find('/'), host.size());
  sighting.scheme = url.substr(0, scheme);
  sighting.host = host.substr(0, slash);
  sighting.path = slash == host.size() ? std::string_view("/") : host.substr(slash);
}

}  // namespace

void read_request_line(std::string_view request, Sighting& sighting) {
  const auto blank = request.find(' ');
  const auto word = request.substr(0, blank);
  const bool is_method = blank != std::string_view::npos && !word.empty() &&
                         ascii::run_length(word, 0, ascii::is_upper) == word.size();
  if (!is_method) {
    sighting.path = request;
    return;
  }
  sighting.method = word;
  auto rest = request.substr(blank + 1);
  const auto version = rest.rfind(" HTTP/");
  if (version != std::string_view::npos) rest = rest.substr(0, version);
  part_url(rest, sighting);
}

Instant begun(Instant ended, std::int32_t took_ms) {
  return took_ms > 0 ? ended - std::chrono::milliseconds(took_ms) : ended;
}

std::string_view AccessLines::plain(std::string_view field, std::string& room) {
  if (field.find('\\') == std::string_view::npos) return field;
  room = without_escapes(field);
  return room;
}

std::optional<Instant> AccessLines::time_of(const AccessFields& fields) {
  if (const auto seconds = field_of(fields, F::unix_time); !seconds.empty())
    return parse_unix_time(seconds);
  const auto access = field_of(fields, F::access_time);
  const auto text = access.empty() ? field_of(fields, F::iso_time) : access;
  if (text.empty()) return std::nullopt;
  if (text == last_time_) return last_instant_;
  const auto stamp = access.empty() ? parse_iso_stamp(text) : parse_access_stamp(text);
  if (!stamp || stamp->length != text.size()) return std::nullopt;
  last_time_ = text;
  last_instant_ = clock_.instant_of(*stamp);
  return last_instant_;
}

LineSays AccessLines::read(std::string_view line, const TakeSighting& take) {
  if (line.starts_with('#')) return LineSays::nothing;
  AccessFields fields;
  bad_field_.clear();
  if (!split_access_line(format_, line, fields, misfit_)) return LineSays::misfit;
  const auto time = time_of(fields);
  const auto status = parse_whole<std::uint16_t>(field_of(fields, F::status), 999);
  const bool has_bad_status = !status && !field_of(fields, F::status).empty();
  if (!time || has_bad_status) {
    bad_field_ = time ? "three digits as the status" : "a time as the format has it";
    return LineSays::misfit;
  }
  Sighting seen;
  seen.took_ms = took_ms(fields);
  seen.at = format_.language == AccessLanguage::nginx ? begun(*time, seen.took_ms) : *time;
  seen.status = static_cast<std::int16_t>(status.value_or(0));
  if (const auto bytes = parse_whole<std::uint64_t>(field_of(fields, F::bytes)))
    seen.bytes = static_cast<std::int64_t>(*bytes);
  seen.address = field_of(fields, F::address);
  if (const auto forwarded = field_of(fields, F::forwarded); !forwarded.empty())
    seen.address = ascii::trimmed(forwarded.substr(0, forwarded.find(',')));
  seen.agent = plain(field_of(fields, F::agent), agent_room_);
  seen.subject = plain(field_of(fields, F::subject), subject_room_);
  const auto request = plain(field_of(fields, F::request), request_room_);
  if (!request.empty()) {
    read_request_line(request, seen);
  } else {
    seen.method = field_of(fields, F::method);
    seen.path = field_of(fields, F::path);
    if (const auto query = field_of(fields, F::query); !query.empty()) {
      path_room_ = fmt::format("{}{}", seen.path, query);
      seen.path = path_room_;
    }
  }
  if (const auto host = field_of(fields, F::host); !host.empty()) seen.host = host;
  if (const auto scheme = field_of(fields, F::scheme); !scheme.empty()) seen.scheme = scheme;
  if (!seen.subject.empty()) seen.scheme = "https";
  take(seen);
  return LineSays::sighting;
}

std::string AccessLines::expected() const {
  if (!bad_field_.empty()) return bad_field_;
  const auto& pieces = format_.pieces;
  const auto where = misfit_ < pieces.size()
                         ? fmt::format("{} is not where it belongs", pieces[misfit_].name)
                         : std::string("there is more behind it");
  return fmt::format("a line of the format {}; {}", format_.shown, where);
}

}  // namespace provphone::client::evidence
