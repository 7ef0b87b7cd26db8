#include "client/transport/detail/http_request.hpp"

#include "client/transport/names.hpp"
#include "resync/request_target.hpp"

#include <string_view>

namespace provphone::client::transport::detail {
namespace {

constexpr std::uint16_t usual_http_port = 80;

// An address of IPv4 in four numbers, however the URL writes it.
std::string host_header_of(const macro::Url& url) {
  const auto address = address_in(url.host);
  const auto host = address && address->is_v4() ? address->to_string() : url.host;
  return url.port == usual_http_port ? resync::host_in_url(host)
                                     : resync::authority(host, url.port);
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string http_request_text(const Request& request) {
  const auto target = resync::request_target(request.url);
  std::string text;
  constexpr std::size_t all_else = 256;
  text.reserve(target.size() + all_else);
  text.append("GET ").append(target).append(" HTTP/1.1\r\n");
  if (request.host_header == HostHeader::sent)
    append_header(text, "Host", host_header_of(request.url));
  append_header(text, "User-Agent", request.user_agent);
  append_header(text, "Accept", "*/*");
  append_header(text, "Authorization", request.authorization);
  append_header(text, "X-Forwarded-For", request.forwarded_for);
  return text.append("\r\n");
}

}  // namespace provphone::client::transport::detail
