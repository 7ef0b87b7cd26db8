# A package for Debian, by CPack: `./dev package`. Debian's tools say what it depends on, and the commit when it was made.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME provphone)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "provphone maintainers <maintainers@example.net>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "virtual Cisco desk phones, as a provisioning server sees them")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Phones power on, expand the macros of their profile rules, fetch over TFTP,
HTTP or HTTPS with client certificates of their own, decrypt, unpack and apply
what they got, and come back on their schedule: one phone for a question, a
few hundred for continuous integration, very many for load.
.
A provisioning server, an auditor of provisioning servers and a linter of
profiles come with them. Traffic goes to loopback only unless it is told
otherwise.")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, libengine-pkcs11-openssl")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
