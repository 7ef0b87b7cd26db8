#include "client/face/action_url.hpp"
#include "client/face/execute.hpp"
#include "client/face/form.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What anybody may send to a phone's web server.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provphone::client;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = face::parse_action_url(text))
    face::rule_of(url->argument, "127.0.0.1", "/$PSN.xml");
  face::fields_of(text);
  if (const auto items = face::execute_items(text)) {
    if (items->empty() || items->size() > face::most_execute_items) __builtin_trap();
    for (const auto& item : *items) face::execute_response({{item, 0}});
  }
  return 0;
}
