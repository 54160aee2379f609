# What is installed where, and the Debian packages made of it.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tutti)

# The library, and what is needed to build against it.
install(TARGETS tutti EXPORT tutti
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
        NAMELINK_COMPONENT development)
install(TARGETS tutti-testing EXPORT tutti
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT tutti NAMESPACE tutti:: FILE tutti-targets.cmake DESTINATION ${package_dir}
        COMPONENT development)
configure_package_config_file(cmake/tutti-config.cmake.in ${PROJECT_BINARY_DIR}/tutti-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tutti-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tutti-config.cmake
        ${PROJECT_BINARY_DIR}/tutti-config-version.cmake cmake/FindCAF.cmake
        DESTINATION ${package_dir} COMPONENT development)
foreach(name tutti tutti-testing)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/tutti.pc ${PROJECT_BINARY_DIR}/tutti-testing.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)
install(DIRECTORY include/tutti DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/generated/tutti/version.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tutti COMPONENT development)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DATADIR}/tutti COMPONENT development
        REGEX "examples/CMakeLists.txt$" EXCLUDE PATTERN "run.py" EXCLUDE)

# The programs, with their manual pages and completion.
install(TARGETS tutti-command tutti-pod DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
install(FILES plugins/metrics/dashboard.json RENAME grafana-dashboard.json
        DESTINATION ${CMAKE_INSTALL_DATADIR}/tutti COMPONENT programs)
# The service manager looks in one place only.
install(FILES cmake/tutti@.service DESTINATION lib/systemd/system COMPONENT programs)
install(FILES cmake/hardened.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/tutti/systemd
        COMPONENT programs)
install(FILES config/tutti.yaml config/tutti.schema.json config/demo.yaml config/demo-pod.yaml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/tutti COMPONENT programs)
add_custom_command(OUTPUT tutti.bash COMMAND tutti-command completion bash > tutti.bash
                   DEPENDS tutti-command VERBATIM)
set(made_from_programs ${CMAKE_CURRENT_BINARY_DIR}/tutti.bash)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tutti.bash RENAME tutti OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT programs)
find_program(HELP2MAN help2man)
if(HELP2MAN)
  set(tutti_verbs "im open" run doctor plugins keys config completion)
  set(tutti-pod_verbs keys)
  foreach(program tutti-command tutti-pod)
    string(REPLACE "-command" "" name ${program})
    add_custom_command(OUTPUT ${name}.1
                       COMMAND ${PROJECT_SOURCE_DIR}/cmake/manual.sh $<TARGET_FILE:${program}> ${name}
                               ${PROJECT_SOURCE_DIR}/cmake/${name}.man ${name}.1 ${${name}_verbs}
                       DEPENDS ${program} cmake/${name}.man cmake/manual.sh VERBATIM)
    list(APPEND made_from_programs ${CMAKE_CURRENT_BINARY_DIR}/${name}.1)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL
            COMPONENT programs)
  endforeach()
else()
  message(STATUS "no help2man: manual pages are left out (./dev package installs it)")
endif()
add_custom_target(tutti-manuals ALL DEPENDS ${made_from_programs})

foreach(package "library;libtutti0" "development;libtutti-dev" "programs;tutti")
  list(GET package 0 component)
  list(GET package 1 name)
  install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
          COMPONENT ${component})
endforeach()

# -- Debian packages ------------------------------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The developers of Tutti <tutti@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Symphony bots as CAF actors")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library development programs)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(exactly "(= ${PROJECT_VERSION})")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libtutti0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "Symphony bots as CAF actors: the shared library")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libtutti-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libtutti0 ${exactly}, libcaf-dev, libboost1.81-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Symphony bots as CAF actors: headers and examples")

set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME tutti)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "libtutti0 ${exactly}")
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION
    "Symphony bots as CAF actors: the command line and a pod on your desk")
include(CPack)
