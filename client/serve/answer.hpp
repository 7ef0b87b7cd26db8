#pragma once

#include "client/serve/content.hpp"
#include "client/serve/state.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What a request over HTTP is answered with, honestly or not.
namespace provphone::client::serve {

// The body of an answer, which may end before the content does.
struct Body {
  Content content;
  std::uint64_t end = UINT64_MAX;  // octets to send at most
  std::uint64_t sent = 0;          // handed to the socket so far
};

// The body type that Beast's serializer works on.
struct ContentBody {
  using value_type = Body;

  static std::uint64_t size(const Body& body) { return std::min(body.content.size(), body.end); }

  class writer {  // NOLINT(readability-identifier-naming): Beast looks for this name
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(const boost::beast::http::header<is_request, Fields>&, Body& body) : body_(body) {}

    void init(boost::beast::error_code& error) { error = {}; }
    // The next piece, and whether there is another one behind it.
    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code& error);

   private:
    Body& body_;
    std::vector<char> chunk_;
  };
};

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Answer = boost::beast::http::response<ContentBody>;

// What follows the last octet of an answer.
enum class Ending : std::uint8_t { honest, closed, reset, stalled };

struct Reply {
  std::optional<Answer> answer;  // nothing: only the ending comes
  Ending ending = Ending::honest;
};

inline std::string text_of(boost::beast::string_view view) {
  return {view.data(), view.size()};
}

// Errors get a line for whoever looks with a browser; a status of success has no body at all.
Answer status_answer(int status);

struct Asked {
  Protocol protocol;
  const Request& request;
  const std::optional<std::string>& path;  // nothing where the target is malformed
  const std::optional<Met>& met;
};

Reply reply_to(State& state, const Asked& asked);

}  // namespace provphone::client::serve
