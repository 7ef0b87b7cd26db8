#include "client/transport/detail/answer_headers.hpp"

#include "macro/ascii.hpp"

#include <string>
#include <vector>

namespace provphone::client::transport::detail {
namespace {

struct NotedHeader {
  std::string_view name;
  std::string Response::*value;
};

constexpr NotedHeader noted_headers[] = {
    {"location", &Response::location},
    {"content-encoding", &Response::content_encoding},
    {"content-type", &Response::content_type},
    {"content-length", &Response::content_length},
    {"transfer-encoding", &Response::transfer_encoding},
    {"cache-control", &Response::cache_control},
};

struct NotedList {
  std::string_view name;
  std::vector<std::string> Response::*values;
};

constexpr NotedList noted_lists[] = {
    {"www-authenticate", &Response::authenticate},
    {"proxy-authenticate", &Response::proxy_authenticate},
};

// Far more than any server sends; the length of each is bounded, too (R-HTTP-14).
constexpr std::size_t most_listed = 16;

}  // namespace

bool is_header(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         ascii::starts_with_ignoring_case(line, name);
}

std::string_view value_of_header(std::string_view line) {
  return ascii::trimmed(line.substr(line.find(':') + 1));
}

void note_header(Response& response, std::string_view line) {
  const bool begins = line.starts_with("HTTP/");
  for (const auto& [header, value] : noted_headers) {
    if (begins) (response.*value).clear();
    if (is_header(line, header)) response.*value = value_of_header(line);
  }
  for (const auto& [header, values] : noted_lists) {
    auto& list = response.*values;
    if (begins) list.clear();
    if (is_header(line, header) && list.size() < most_listed)
      list.emplace_back(value_of_header(line));
  }
}

bool contradicts(const Response& response, std::string_view line) {
  return is_header(line, "content-length") && !response.content_length.empty() &&
         value_of_header(line) != response.content_length;
}

bool may_be_followed(int status) {
  constexpr int first_redirect = 300, first_refusal = 400, challenge = 401, proxy_challenge = 407;
  const bool redirects = status >= first_redirect && status < first_refusal;
  return redirects || status == challenge || status == proxy_challenge;
}

}  // namespace provphone::client::transport::detail
