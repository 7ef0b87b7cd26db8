#include "client/serve/record.hpp"

#include "macro/hide.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::serve {
namespace {

// `http://user:password@host/...`, as clients say it to proxies.
std::string_view without_login(std::string_view path) {
  const auto scheme_end = path.find("://");
  if (path.starts_with('/') || scheme_end == std::string_view::npos) return path;
  const auto host = path.substr(scheme_end + 3);
  const auto at = host.substr(0, host.find('/')).rfind('@');
  return at == std::string_view::npos ? path : host.substr(at + 1);
}

}  // namespace

std::string shown_path(std::string_view path) {
  return macro::hide_query_secrets(without_login(path));
}

std::string format_record(const Served& served) {
  nlohmann::ordered_json line;
  line["t"] = static_cast<double>(served.at.count()) / 1000;
  line["protocol"] = served.protocol;
  const auto add = [&](const char* member, const std::string& text) {
    if (!text.empty()) line[member] = text;
  };
  add("method", served.method);
  line["path"] = shown_path(served.path);
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
