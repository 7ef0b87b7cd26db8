# cmake -DSOURCE=FOLDER -DOUTPUT=FILE -P build_facts.cmake
#   Writes OUTPUT, a C++ source with the commit that is built and its day, unless it says so already: it is made at every
#   build, and what depends on it only where another commit is built. Both are empty where there is no repository, as in
#   an unpacked archive; SOURCE_DATE_EPOCH says the day then, and goes before the commit's.
find_program(GIT git)
set(commit)
set(seconds $ENV{SOURCE_DATE_EPOCH})
if(GIT)
  # A repository around an unpacked archive is none of its own.
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --show-prefix OUTPUT_VARIABLE prefix RESULT_VARIABLE status
    ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(status EQUAL 0 AND prefix STREQUAL "")
    # Without tags, which would stand in the place of the commit.
    execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --exclude=* --dirty --abbrev=12 OUTPUT_VARIABLE commit
      ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT seconds)
      execute_process(COMMAND ${GIT} -C ${SOURCE} log -1 --format=%ct OUTPUT_VARIABLE seconds
        ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    endif()
  endif()
endif()
set(day)
if(seconds)
  set(ENV{SOURCE_DATE_EPOCH} ${seconds})
  string(TIMESTAMP day "%Y-%m-%d" UTC)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "client/cli/version.hpp"

namespace provphone::client::cli {
const std::string_view build_commit = "@commit@";
const std::string_view build_day = "@day@";
}  // namespace provphone::client::cli
]])
