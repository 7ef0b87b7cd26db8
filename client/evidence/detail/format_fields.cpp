#include "client/evidence/detail/format_fields.hpp"

#include "macro/ascii.hpp"

#include <algorithm>
#include <string>

namespace provphone::client::evidence::detail {
namespace {

struct FieldName {
  std::string_view name;
  AccessField field;
};

constexpr FieldName nginx_names[] = {
    {"remote_addr", AccessField::address},
    {"http_x_forwarded_for", AccessField::forwarded},
    {"proxy_protocol_addr", AccessField::forwarded},
    {"http_x_real_ip", AccessField::forwarded},
    {"time_local", AccessField::access_time},
    {"time_iso8601", AccessField::iso_time},
    {"msec", AccessField::unix_time},
    {"request", AccessField::request},
    {"request_method", AccessField::method},
    {"request_uri", AccessField::path},
    {"uri", AccessField::path},
    {"status", AccessField::status},
    {"body_bytes_sent", AccessField::bytes},
    {"bytes_sent", AccessField::bytes},
    {"http_user_agent", AccessField::agent},
    {"request_time", AccessField::took_s},
    {"host", AccessField::host},
    {"http_host", AccessField::host},
    {"server_name", AccessField::host},
    {"scheme", AccessField::scheme},
    {"ssl_client_s_dn", AccessField::subject},
    {"ssl_client_s_dn_legacy", AccessField::subject},
};

// What stands between the braces is in lower case here.
constexpr FieldName apache_names[] = {
    {"h", AccessField::address},
    {"a", AccessField::address},
    {"{x-forwarded-for}i", AccessField::forwarded},
    {"{x-real-ip}i", AccessField::forwarded},
    {"t", AccessField::access_time},
    {"{sec}t", AccessField::unix_time},
    {"r", AccessField::request},
    {"m", AccessField::method},
    {"U", AccessField::path},
    {"q", AccessField::query},
    {"s", AccessField::status},
    {"b", AccessField::bytes},
    {"B", AccessField::bytes},
    {"O", AccessField::bytes},
    {"{user-agent}i", AccessField::agent},
    {"D", AccessField::took_us},
    {"T", AccessField::took_s},
    {"{s}T", AccessField::took_s},
    {"{ms}T", AccessField::took_ms},
    {"{us}T", AccessField::took_us},
    {"v", AccessField::host},
    {"V", AccessField::host},
    {"{host}i", AccessField::host},
    {"{ssl_client_s_dn}x", AccessField::subject},
    {"{ssl_client_s_dn}e", AccessField::subject},
};

template <std::size_t size>
AccessField field_named(const FieldName (&names)[size], std::string_view name) {
  const auto* const found = std::find_if(std::begin(names), std::end(names),
                                         [&](const FieldName& each) { return each.name == name; });
  return found == std::end(names) ? AccessField::other : found->field;
}

bool is_name(char c) {
  return ascii::is_alnum(c) || c == '_';
}

}  // namespace

std::optional<FieldText> nginx_field(std::string_view text) {
  const bool has_braces = text.size() > 1 && text[1] == '{';
  const std::size_t from = has_braces ? 2 : 1;
  const auto length = ascii::run_length(text, from, is_name);
  const auto end = from + length;
  if (length == 0 || (has_braces && (end >= text.size() || text[end] != '}'))) return std::nullopt;
  return FieldText{
      end + (has_braces ? 1 : 0), field_named(nginx_names, text.substr(from, length)), {}, {}};
}

std::optional<FieldText> apache_field(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && (ascii::is_digit(text[at]) || text[at] == ',' || text[at] == '!' ||
                              text[at] == '<' || text[at] == '>'))
    ++at;
  std::string braces;
  if (at < text.size() && text[at] == '{') {
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) return std::nullopt;
    braces = ascii::lowered(text.substr(at, close + 1 - at));
    at = close + 1;
  }
  if (at >= text.size() || !ascii::is_alpha(text[at])) return std::nullopt;
  FieldText made{at + 1, field_named(apache_names, braces + text[at]), {}, {}};
  // Alone it comes in brackets.
  if (made.field == AccessField::access_time) {
    made.before = "[";
    made.behind = "]";
  }
  return made;
}

}  // namespace provphone::client::evidence::detail
