# provphone_parameter_ids(CATALOGUE OUTPUT)
#   Writes OUTPUT: a C++ header with the place of every parameter of CATALOGUE that is no member of a numbered family.
function(provphone_parameter_ids catalogue output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${catalogue})
  file(READ ${catalogue} text)
  string(REGEX MATCHALL "\n[^#\t\n][^\t\n]*\t[^\t\n]*" rows "${text}")
  set(place 0)
  set(entries)
  foreach(row IN LISTS rows)
    string(REGEX MATCH "\n([^\t]*)\t(.*)" row "${row}")
    set(name ${CMAKE_MATCH_1})
    string(REGEX MATCHALL "[0-9]+\\.\\.[0-9]+(\\.\\.[0-9]+)?" ranges "${CMAKE_MATCH_2}")
    set(members 1)
    foreach(range IN LISTS ranges)
      string(REGEX MATCH "^([0-9]+)\\.\\.([0-9]+\\.\\.)?([0-9]+)$" range ${range})
      math(EXPR members "${members} * (${CMAKE_MATCH_3} - ${CMAKE_MATCH_1} + 1)")
    endforeach()
    if(NOT ranges)
      string(APPEND entries "    {\"${name}\", ${place}},\n")
    endif()
    math(EXPR place "${place} + ${members}")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [[
#pragma once

#include <cstdint>
#include <string_view>

namespace provphone::profile::detail {

struct PlacedName {
  std::string_view name;
  std::uint16_t place;
};

inline constexpr PlacedName placed_names[] = {
@entries@};

}  // namespace provphone::profile::detail
]])
endfunction()
