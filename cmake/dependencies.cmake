# Third-party libraries, all from the distribution; docs/architecture.md says what each is for.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(date REQUIRED)
find_package(tinyxml2 REQUIRED)
find_package(Boost 1.74 REQUIRED)
# libdeflate comes without a package file for CMake on Debian 12.
find_library(DEFLATE_LIBRARY deflate REQUIRED)
find_path(DEFLATE_INCLUDE_DIR libdeflate.h REQUIRED)
add_library(libdeflate::libdeflate UNKNOWN IMPORTED)
set_target_properties(libdeflate::libdeflate PROPERTIES
  IMPORTED_LOCATION ${DEFLATE_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${DEFLATE_INCLUDE_DIR})
# c-ares comes without a package file for CMake.
find_library(CARES_LIBRARY cares REQUIRED)
find_path(CARES_INCLUDE_DIR ares.h REQUIRED)
add_library(cares::cares UNKNOWN IMPORTED)
set_target_properties(cares::cares PROPERTIES
  IMPORTED_LOCATION ${CARES_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${CARES_INCLUDE_DIR})
# pacparser neither.
find_library(PACPARSER_LIBRARY pacparser REQUIRED)
find_path(PACPARSER_INCLUDE_DIR pacparser.h REQUIRED)
add_library(pacparser::pacparser UNKNOWN IMPORTED)
set_target_properties(pacparser::pacparser PROPERTIES
  IMPORTED_LOCATION ${PACPARSER_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${PACPARSER_INCLUDE_DIR})
# libosip2's parser neither, as far as CMake looks.
find_library(OSIP_PARSER_LIBRARY osipparser2 REQUIRED)
find_path(OSIP_INCLUDE_DIR osipparser2/osip_parser.h REQUIRED)
add_library(osip::parser UNKNOWN IMPORTED)
set_target_properties(osip::parser PROPERTIES
  IMPORTED_LOCATION ${OSIP_PARSER_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${OSIP_INCLUDE_DIR})
# RE2 neither, on Debian 12.
find_library(RE2_LIBRARY re2 REQUIRED)
find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
add_library(re2::re2 UNKNOWN IMPORTED)
set_target_properties(re2::re2 PROPERTIES
  IMPORTED_LOCATION ${RE2_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${RE2_INCLUDE_DIR}
  INTERFACE_LINK_LIBRARIES Threads::Threads)
# Charts of the HTML report; embedded, so that it is needed for the build only.
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH
  DOC "Chart.js 3, in one file")
if(NOT CHART_JS)
  message(FATAL_ERROR "chart.min.js was not found: install the Debian package libjs-chart.js, or name the file with "
    "-DCHART_JS=FILE.")
endif()
if(PROVPHONE_TESTS)
  find_package(Catch2 REQUIRED)
endif()
