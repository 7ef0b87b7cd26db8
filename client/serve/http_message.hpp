#pragma once

#include "client/serve/content.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What clients say over HTTP, and what they are told.
namespace provphone::client::serve {

// What a client asks. Its texts are the session's, and good until the call that it came with has
// returned.
struct Request {
  std::string_view method;  // as sent; empty where the request was beyond reading
  std::string_view target;  // likewise
  std::string_view host;    // this header and the next two: empty without one
  std::string_view authorization;
  std::string_view user_agent;
  std::string_view body;
  std::chrono::steady_clock::time_point arrived;  // its head did
  std::string_view client_address;
  std::string_view client_subject;  // of the verified client certificate, RFC 2253; or empty
};

// The body of an answer, which may end before the content does.
struct Body {
  Content content;
  // Octets to send at most, whatever Content-Length says.
  std::uint64_t end = UINT64_MAX;
  std::uint64_t sent = 0;  // handed to the socket so far

  std::uint64_t size() const { return std::min(content.size(), end); }
};

enum class Persistence : std::uint8_t { as_asked, last };  // `last`: the answer says that it is

// A status, header fields and a body. Content-Length is a field like others: an answer without it,
// or with a wrong one, goes out as it is.
struct Answer {
  struct Field {
    std::string_view name;  // of a lifetime without end
    std::string value;
  };

  int status = 200;
  std::vector<Field> fields;  // in the order in which they are sent; the session adds Connection
  Body body;
  Persistence persistence = Persistence::as_asked;

  // In place of an earlier value, and behind the other fields.
  void set(std::string_view name, std::string value) {
    std::erase_if(fields, [&](const Field& field) { return field.name == name; });
    fields.push_back({name, std::move(value)});
  }
};

// What follows the last octet of an answer. After `honest` the connection may go on; `stalled`
// leaves the client waiting for ten minutes.
enum class Ending : std::uint8_t { honest, closed, reset, stalled };

struct Reply {
  std::optional<Answer> answer;  // nothing: only the ending comes
  Ending ending = Ending::honest;
};

// What became of an answer.
struct Outcome {
  int status = 0;           // 0: there was none
  std::uint64_t bytes = 0;  // of the body
};

// `Not Found` of 404; `<unknown-status>` where HTTP has no name for it. Defined with
// the session, because Beast knows it.
std::string_view reason_of(int status);

}  // namespace provphone::client::serve
