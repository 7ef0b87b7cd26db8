#include "client/trace/read.hpp"
#include "macro/hide.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client::trace;

// What was understood of a line can be written, and is then understood in the same way, but for
// secrets, which are not written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = parse_trace_line(input);
  if (!line) {
    if (line.error().code != Errc::bad_argument) std::abort();
    if (!line.error().detail.starts_with("expected ")) std::abort();
    return 0;
  }
  if (!line->event) return 0;
  auto shown = *line->event;
  shown.url = macro::hide_query_secrets(shown.url);
  shown.text = macro::hide_query_secrets(shown.text);
  const auto again = parse_trace_line(format_json(*line->event));
  if (!again || again->event != shown) std::abort();
  return 0;
}
