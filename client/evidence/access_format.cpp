#include "client/evidence/access_format.hpp"

#include "client/evidence/detail/format_fields.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace provphone::client::evidence {
namespace {

bool has_any(const AccessFormat& format, std::initializer_list<AccessField> fields) {
  return std::any_of(format.pieces.begin(), format.pieces.end(), [&](const auto& piece) {
    return std::find(fields.begin(), fields.end(), piece.field) != fields.end();
  });
}

Result<void> check_format(const AccessFormat& format) {
  for (std::size_t i = 1; i < format.pieces.size(); ++i) {
    if (format.pieces[i].before.empty())
      return fail(Errc::bad_argument,
                  fmt::format("expected something between {} and {}, by which a line is parted",
                              format.pieces[i - 1].name, format.pieces[i].name));
  }
  using F = AccessField;
  if (!has_any(format, {F::access_time, F::iso_time, F::unix_time}))
    return fail(Errc::bad_argument,
                "expected a time in it: $time_local, $time_iso8601 or $msec of nginx; %t or "
                "%{sec}t of Apache");
  if (!has_any(format, {F::request, F::path}))
    return fail(Errc::bad_argument,
                "expected a request in it: $request or $request_uri of nginx; %r or %U of Apache");
  return {};
}

struct NamedFormat {
  std::string_view name, text;
};

// In the order in which a file is tried with them: what is stricter first.
constexpr NamedFormat named_formats[] = {
    {"combined",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent")"},
    {"common", R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent)"},
    {"main",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for")"},
    {"vhost_combined",
     R"($host:$port $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent")"},
};

// Where the field that begins at `at` ends: at `stop`, or at the line's end where that is empty.
// In quotes one behind a backslash is part of the field.
std::size_t end_of_field(std::string_view line, std::size_t at, std::string_view stop,
                         bool is_quoted) {
  if (stop.empty()) return line.size();
  auto end = line.find(stop, at);
  while (is_quoted && end != std::string_view::npos) {
    std::size_t backslashes = 0;
    while (end - backslashes > at && line[end - backslashes - 1] == '\\') ++backslashes;
    if (backslashes % 2 == 0) break;
    end = line.find(stop, end + 1);
  }
  return end;
}

bool may_have_blanks(AccessField field) {
  using F = AccessField;
  return field == F::other || field == F::request || field == F::agent || field == F::subject;
}

}  // namespace

Result<AccessFormat> parse_access_format(std::string_view text) {
  for (const auto& named : named_formats)
    if (named.name == text) {
      TRY(auto format, parse_access_format(named.text));
      format.shown = fmt::format("{} ({})", named.name, named.text);
      return format;
    }
  AccessFormat format;
  format.shown = text;
  const auto first = text.find_first_of("$%");
  if (first == std::string_view::npos)
    return fail(Errc::bad_argument,
                fmt::format("'{}': expected common, combined, main, vhost_combined, or the format "
                            "itself with its $ (nginx) or % (Apache)",
                            text));
  const char mark = text[first];
  format.language = mark == '$' ? AccessLanguage::nginx : AccessLanguage::apache;
  std::string literal;
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (rest.starts_with("%%") && mark == '%') {
      literal += '%';
      at += 2;
    } else if (rest.starts_with("\\\"")) {  // as configuration files of both write a quote
      literal += '"';
      at += 2;
    } else if (rest.front() != mark) {
      literal += rest.front();
      ++at;
    } else {
      const auto field = mark == '$' ? detail::nginx_field(rest) : detail::apache_field(rest);
      if (!field)
        return fail(Errc::bad_argument,
                    fmt::format("expected a field at character {}, behind the {}", at + 1, mark));
      format.pieces.push_back({literal + std::string(field->before), field->field,
                               std::string(rest.substr(0, field->length))});
      literal = field->behind;
      at += field->length;
    }
  }
  format.behind = literal;
  TRY(check_format(format));
  return format;
}

const std::vector<AccessFormat>& known_access_formats() {
  static const auto formats = [] {
    std::vector<AccessFormat> made;
    for (const auto& named : named_formats) made.push_back(*parse_access_format(named.name));
    auto more = *parse_access_format(fmt::format("{} $more", named_formats[0].text));
    more.shown = "combined, with more behind it";
    made.push_back(std::move(more));
    return made;
  }();
  return formats;
}

bool split_access_line(const AccessFormat& format, std::string_view line, AccessFields& fields,
                       std::size_t& misfit) {
  fields.fill({});
  std::size_t at = 0;
  const auto& pieces = format.pieces;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    misfit = i;
    if (line.substr(at, pieces[i].before.size()) != pieces[i].before) return false;
    at += pieces[i].before.size();
    const bool is_last = i + 1 == pieces.size();
    const std::string_view stop = is_last ? format.behind : pieces[i + 1].before;
    const bool is_quoted = pieces[i].before.ends_with('"') && stop.starts_with('"');
    const auto end = end_of_field(line, at, stop, is_quoted);
    if (end == std::string_view::npos) return false;
    const auto value = line.substr(at, end - at);
    // Else a shorter format would take the rest of a longer line for its last field.
    const bool is_too_much =
        stop.empty() && !may_have_blanks(pieces[i].field) && value.find(' ') != value.npos;
    if (is_too_much) return false;
    // What else says so too (`$host` besides `$server_name`) gives way to what stands first.
    auto& field = fields[static_cast<std::size_t>(pieces[i].field)];
    if (field.empty() && value != "-") field = value;
    at = end;
  }
  misfit = pieces.size();
  return line.substr(at) == format.behind;
}

}  // namespace provphone::client::evidence
