# SPDX-License-Identifier: Apache-2.0
# Debian packages by role, each complete in one file: `packaging/build`, or `cpack -G DEB` in a release tree that is built.
# Hub and agent may be installed together: each has its own copy of the executable, and update-alternatives makes the newer one
# the command `bulwark`.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # what is packaged is the executable: no test needs to be built for it

foreach(role agent hub)
  install(TARGETS bulwark RUNTIME DESTINATION usr/lib/bulwark-${role} COMPONENT ${role})
  install(FILES packaging/${role}/default DESTINATION etc/default RENAME bulwark-${role} COMPONENT ${role})
  install(CODE "execute_process(COMMAND sh ${CMAKE_SOURCE_DIR}/packaging/documents $<TARGET_FILE:bulwark> ${CMAKE_SOURCE_DIR}
    ${PROJECT_VERSION} bulwark-${role} \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX} COMMAND_ERROR_IS_FATAL ANY)" COMPONENT ${role})
endforeach()
install(FILES packaging/systemd/bulwark-host-reader.socket packaging/systemd/bulwark-host-reader.service
  packaging/systemd/bulwark-agent.service DESTINATION lib/systemd/system COMPONENT agent)
install(FILES packaging/systemd/bulwark-hub.service DESTINATION lib/systemd/system COMPONENT hub)
install(FILES ${BULWARK_ENGINE_LIBRARY} DESTINATION usr/lib/bulwark-hub COMPONENT hub)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bulwark)
set(CPACK_PACKAGE_VENDOR Bulwark)
set(CPACK_PACKAGE_CONTACT "Bulwark maintainers <maintainers@bulwark.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL agent hub)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)  # the hub's library is 560 MB: xz takes minutes
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(role AGENT HUB)
  string(TOLOWER ${role} folder)
  set(CPACK_DEBIAN_${role}_PACKAGE_NAME bulwark-${folder})
  set(CPACK_DEBIAN_${role}_PACKAGE_DEPENDS "adduser, ca-certificates, init-system-helpers (>= 1.54)")
  set(control_files postinst prerm postrm conffiles)
  list(TRANSFORM control_files PREPEND ${CMAKE_SOURCE_DIR}/packaging/${folder}/)
  set(CPACK_DEBIAN_${role}_PACKAGE_CONTROL_EXTRA ${control_files})
endforeach()
set(CPACK_DEBIAN_AGENT_PACKAGE_SUGGESTS docker.io)
set(CPACK_DEBIAN_AGENT_DESCRIPTION "agent of a container security center
Compares this container host with the CIS Docker Benchmark without pause and
tells its hub. The agent runs as a user of its own; what only root may read it
gets from a helper that gives out a fixed list and nothing else.")
set(CPACK_DEBIAN_HUB_DESCRIPTION "hub of a container security center
Scans the images of registries, gathers what agents on container hosts report,
and serves the findings with a web page, Azure's interfaces and KQL.")
include(CPack)
