# SPDX-License-Identifier: Apache-2.0
# One static library a module, `bulwark_<module>`, from every .cpp file in src/<module> and below. What a module may
# include comes from cmake/modules.txt; the libraries it links are listed here.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(tl-expected REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(YARA REQUIRED IMPORTED_TARGET yara)
find_library(S2_LIBRARY s2 REQUIRED)  # Debian ships neither a .pc file nor a CMake package
find_library(ABSL_LOGGING_LIBRARY absl_raw_logging_internal REQUIRED)  # what S2's headers call where assertions are on
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)

set(BULWARK_LINKS_base fmt::fmt-header-only tl::expected OpenSSL::Crypto PkgConfig::ZSTD PkgConfig::ISAL PkgConfig::ARGON2 Threads::Threads
    yaml-cpp)
set(BULWARK_LINKS_store SQLite::SQLite3)
set(BULWARK_LINKS_net CURL::libcurl OpenSSL::SSL)
set(BULWARK_LINKS_sbom SQLite::SQLite3)
set(BULWARK_LINKS_cli PkgConfig::EDIT)
set(BULWARK_LINKS_kql PkgConfig::RE2 EXPAT::EXPAT ${S2_LIBRARY} ${ABSL_LOGGING_LIBRARY})
set(BULWARK_LINKS_imagecheck PkgConfig::RE2 PkgConfig::YARA)
set(BULWARK_LINKS_advisory simdjson::simdjson EXPAT::EXPAT)

function(bulwark_add_module name dependencies)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  add_library(bulwark_${name} STATIC ${sources})
  target_include_directories(bulwark_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(bulwark_${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${BULWARK_WARNINGS}>)
  list(TRANSFORM dependencies PREPEND bulwark_)
  target_link_libraries(bulwark_${name} PUBLIC ${dependencies} ${BULWARK_LINKS_${name}})
  # Families of functions, and of their SQL, use the same short names each for itself: they are compiled one by one, with a
  # header compiled before.
  file(GLOB_RECURSE families CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/functions/*.cpp ${CMAKE_SOURCE_DIR}/src/${name}/sql/*.cpp)
  if(families)
    set_source_files_properties(${families} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    # Abseil's inline containers, which S2's headers use, look uninitialised to GCC 12.
    set(geography ${families})
    list(FILTER geography INCLUDE REGEX "/functions/geo/")
    set_source_files_properties(${geography} PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
    if(BULWARK_SANITIZE)
      # Abseil lays its trees out differently under the address sanitizer, and Debian's libs2 is built without: an index that
      # both touch never ends.
      set_source_files_properties(${geography} PROPERTIES COMPILE_OPTIONS "-Wno-maybe-uninitialized;-fno-sanitize=address" SKIP_PRECOMPILE_HEADERS ON)
    endif()
    target_precompile_headers(bulwark_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/${name}/functions/function.hpp)
  endif()
endfunction()

function(bulwark_add_modules)
  file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/modules.txt lines REGEX "^[a-z]")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/modules.txt)
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^([a-z]+) *:([^:]*):" _ "${line}")
    set(module ${CMAKE_MATCH_1})
    separate_arguments(dependencies UNIX_COMMAND "${CMAKE_MATCH_2}")
    bulwark_add_module(${module} "${dependencies}")
    list(APPEND modules ${module})
  endforeach()
  bulwark_embed_content(bulwark_content)
  foreach(module cli hub sbom)
    target_compile_definitions(bulwark_${module} PRIVATE BULWARK_VERSION="${PROJECT_VERSION}")
  endforeach()
  set(BULWARK_MODULES ${modules} PARENT_SCOPE)
endfunction()
