# cmake -DPROGRAM=FILE -DOUTPUT=FOLDER -DSOURCE=FOLDER -DVERSION=X.Y.Z -P print.cmake
#   Has PROGRAM print its man pages and completions into OUTPUT, and puts the changelog beside them. What is packed is
#   the same for the same program.
find_program(GZIP gzip REQUIRED)
file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/man1)

function(print file)
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${OUTPUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
function(pack file)
  execute_process(COMMAND ${GZIP} -9nf ${OUTPUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(shell bash zsh fish)
  print(provphone.${shell} completion ${shell})
endforeach()
# The commands are what the shell would be told.
execute_process(COMMAND ${PROGRAM} completion words -- "" OUTPUT_VARIABLE words COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n[a-z]+\t" commands "${words}")
print(man1/provphone.1 man)
pack(man1/provphone.1)
foreach(command IN LISTS commands)
  string(STRIP ${command} command)
  print(man1/provphone-${command}.1 man ${command})
  pack(man1/provphone-${command}.1)
endforeach()

# The packages' changelog has an entry for each version in Debian's form, which says where the text is. Its time is that
# of the commit that is built.
execute_process(COMMAND git -C ${SOURCE} log -1 --format=%ct OUTPUT_VARIABLE seconds ERROR_QUIET
  OUTPUT_STRIP_TRAILING_WHITESPACE)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(seconds $ENV{SOURCE_DATE_EPOCH})
elseif(NOT seconds)
  set(seconds 0)
endif()
set(ENV{SOURCE_DATE_EPOCH} ${seconds})
string(TIMESTAMP time "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${OUTPUT}/changelog
"provphone (${VERSION}) unstable; urgency=medium

  * See CHANGELOG.md in this folder.

 -- provphone maintainers <maintainers@example.net>  ${time}
")
pack(changelog)
