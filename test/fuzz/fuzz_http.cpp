#include "client/transport/detail/http_answer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace provphone::client::transport;
using detail::HttpAnswer;

constexpr std::size_t most_octets = 4'000;

void require(bool held) {
  if (!held) std::abort();
}

// What came of it, as text.
std::string read(const Request& request, std::string_view octets, std::size_t portion) {
  HttpAnswer answer;
  answer.begin(request);
  auto state = HttpAnswer::State::going_on;
  while (!octets.empty() && state == HttpAnswer::State::going_on) {
    state = answer.read(octets.substr(0, portion));
    octets.remove_prefix(std::min(portion, octets.size()));
  }
  if (answer.end() == HttpAnswer::State::failed) return answer.failure("server").detail;
  require(state != HttpAnswer::State::failed);
  const auto response = answer.take();
  require(response.body_bytes <= most_octets && response.body.size() <= response.body_bytes);
  require(request.keep == Keep::size || response.body.size() == response.body_bytes);
  return std::to_string(response.status) + response.body + response.location;
}

}  // namespace

// The first octet is how large portions are, and whether the body is kept; then an answer. In
// whatever portions it comes, it is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Request request;
  request.max_body_bytes = most_octets;
  request.keep = data[0] % 2 == 0 ? Keep::body : Keep::size;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(read(request, octets, size) == read(request, octets, data[0] / 2U + 1U));
  return 0;
}
