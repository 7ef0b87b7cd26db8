# What every target of the project is compiled with, and the one way to declare a module.

add_library(provphone_options INTERFACE)
target_compile_options(provphone_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  $<$<BOOL:${PROVPHONE_WERROR}>:-Werror>)
if(PROVPHONE_UNITY)
  # A local name may be that of something in another source, which is no fault. Where it hides something of its own
  # source the other builds say so.
  target_compile_options(provphone_options INTERFACE -Wno-shadow)
endif()
if(PROVPHONE_SANITIZE)
  target_compile_options(provphone_options INTERFACE
    -fsanitize=${PROVPHONE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # GCC 12 sees uninitialised members in std::regex once it is instrumented.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(provphone_options INTERFACE -fsanitize=${PROVPHONE_SANITIZE})
endif()
if(PROVPHONE_COVERAGE)
  target_compile_options(provphone_options INTERFACE --coverage)
  target_link_options(provphone_options INTERFACE --coverage)
endif()

# Headers that nearly every source reads, precompiled once: without it each of 200 sources reads them anew. Builds with
# clang (fuzz, tidy) go without, so that a source which counts on them is found out.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
file(WRITE ${PROJECT_BINARY_DIR}/generated/precompiled.cpp "")
add_library(provphone_precompiled OBJECT ${PROJECT_BINARY_DIR}/generated/precompiled.cpp)
target_link_libraries(provphone_precompiled PRIVATE provphone_options fmt::fmt)
target_precompile_headers(provphone_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES ccache AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(provphone_options INTERFACE -fpch-preprocess)
endif()

# provphone_unite(TARGET): with PROVPHONE_UNITY several of its sources are compiled as one, so that headers are read and
# templates made once for all of them. Twelve at a time: fewer save less, more leave a core idle at the end.
function(provphone_unite target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${PROVPHONE_UNITY} UNITY_BUILD_BATCH_SIZE 12)
endfunction()

# provphone_module(NAME SOURCES ... DEPENDS ... THIRD_PARTY ...)
#   DEPENDS are what the module's headers need; THIRD_PARTY stays private to its sources.
function(provphone_module name)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;THIRD_PARTY" ${ARGN})
  add_library(provphone_${name} STATIC ${M_SOURCES})
  add_library(provphone::${name} ALIAS provphone_${name})
  target_include_directories(provphone_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(provphone_${name}
    PUBLIC ${M_DEPENDS}
    PRIVATE ${M_THIRD_PARTY} fmt::fmt provphone_options)
  target_precompile_headers(provphone_${name} REUSE_FROM provphone_precompiled)
  provphone_unite(provphone_${name})
endfunction()
