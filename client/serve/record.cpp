#include "client/serve/record.hpp"

#include "macro/ascii.hpp"
#include "macro/hide.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace provphone::client::serve {
namespace {

// Anywhere in a field's name: too much is hidden rather than too little.
constexpr std::array<std::string_view, 9> secret_words{"pass", "pwd",  "secret", "token", "key",
                                                       "auth", "cred", "pin",    "login"};

bool is_secret(std::string_view field) {
  const auto name = ascii::lowered(field);
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// `http://user:password@host/...`, as clients say it to proxies.
std::string_view without_login(std::string_view path) {
  const auto scheme_end = path.find("://");
  if (path.starts_with('/') || scheme_end == std::string_view::npos) return path;
  const auto host = path.substr(scheme_end + 3);
  const auto at = host.substr(0, host.find('/')).rfind('@');
  return at == std::string_view::npos ? path : host.substr(at + 1);
}

}  // namespace

std::string without_query_secrets(std::string_view path) {
  path = without_login(path);
  const auto question = std::min(path.find('?'), path.size());
  std::string shown(path.substr(0, question));
  auto query = path.substr(question);
  while (!query.empty()) {  // each round takes a separator and the field behind it
    const auto end = std::min(query.find_first_of("&;", 1), query.size());
    const auto field = query.substr(0, end);
    const auto equals = field.find('=');
    const bool hidden = equals != std::string_view::npos && is_secret(field.substr(0, equals));
    shown += hidden ? field.substr(0, equals + 1) : field;
    if (hidden) shown += macro::hidden_value;
    query.remove_prefix(end);
  }
  return shown;
}

std::string format_record(const Served& served) {
  nlohmann::ordered_json line;
  line["t"] = static_cast<double>(served.at.count()) / 1000;
  line["protocol"] = served.protocol;
  const auto add = [&](const char* member, const std::string& text) {
    if (!text.empty()) line[member] = text;
  };
  add("method", served.method);
  line["path"] = without_query_secrets(served.path);
  line["phone"] = served.client_address;
  add("user_agent", served.user_agent);
  add("subject", served.client_subject);
  line["status"] = served.status;
  line["bytes"] = served.bytes;
  if (served.received > 0) line["received"] = served.received;
  add("fault", served.fault);
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace provphone::client::serve
