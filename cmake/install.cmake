# What `cmake --install` puts where: GNUInstallDirs says, or whoever calls CMake. What the program prints of itself, man
# pages and completions, is printed when it is installed.
include(GNUInstallDirs)

# Only what was built is installed, so that a package needs the program alone and no test.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(provphone_docs ${CMAKE_INSTALL_DATADIR}/doc/provphone)

install(TARGETS provphone)
install(FILES docs/schema/scenario.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/provphone)
install(FILES README.md CHANGELOG.md DESTINATION ${provphone_docs})
install(FILES cmake/package/copyright DESTINATION ${provphone_docs})
install(DIRECTORY docs DESTINATION ${provphone_docs})
# Examples name files as they lie in the repository: in the folder `examples` they work as they stand.
install(DIRECTORY fixtures/ci fixtures/cluster fixtures/demo fixtures/field-bug fixtures/grafana fixtures/inventories fixtures/scenarios
  DESTINATION ${provphone_docs}/examples/fixtures
  PATTERN invalid EXCLUDE
  PATTERN server.sh PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# Links of the documents lead there.
install(CODE "file(CREATE_LINK examples/fixtures
  \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${provphone_docs}/fixtures SYMBOLIC)")

set(provphone_printed ${PROJECT_BINARY_DIR}/printed)
install(CODE "
  execute_process(COMMAND \${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:provphone> -DOUTPUT=${provphone_printed}
    -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -P ${PROJECT_SOURCE_DIR}/cmake/print.cmake
    COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${provphone_printed}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${provphone_printed}/changelog.gz DESTINATION ${provphone_docs})
install(FILES ${provphone_printed}/provphone.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME provphone)
install(FILES ${provphone_printed}/provphone.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
  RENAME _provphone)
install(FILES ${provphone_printed}/provphone.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
