# provphone_embed(FILE OUTPUT SYMBOL)
#   Writes OUTPUT into the current binary folder: a C++ source that defines `std::string_view SYMBOL` with FILE's text.
function(provphone_embed file output symbol)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," octets "${hex}")
  string(REGEX REPLACE "^(.*)::([^:]+)$" "\\1;\\2" parts "${symbol}")
  list(GET parts 0 namespace)
  list(GET parts 1 variable)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${output} @ONLY CONTENT [[
#include <string_view>

namespace @namespace@ {
namespace {
constexpr char octets_of_@variable@[] = {@octets@ '\0'};
}
extern const std::string_view @variable@;
const std::string_view @variable@{octets_of_@variable@, sizeof octets_of_@variable@ - 1};
}  // namespace @namespace@
]])
endfunction()
