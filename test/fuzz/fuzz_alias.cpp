#include "profile/alias_map.hpp"
#include "profile/xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The input up to the first zero octet is an alias map, the rest a file that it reads.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provphone::profile;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto map = text.substr(0, text.find('\0'));
  const auto file = text.substr(map.size() < text.size() ? map.size() + 1 : text.size());
  if (parse_alias_map(map).entries.size() > max_alias_entries) std::abort();
  DecodeOptions options;
  options.alias_map = map;
  (void)parse_xml(file, options);
  options.self_closed = SelfClosed::keeps_value;
  (void)parse_xml("<a><b>1</b><flat-profile><GPP_A>2</GPP_A></flat-profile></a>", options);
  return 0;
}
