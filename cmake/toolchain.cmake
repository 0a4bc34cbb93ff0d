# SPDX-License-Identifier: Apache-2.0
# Compiler, linker and cache settings that hold for every target.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -fno-omit-frame-pointer)
add_compile_definitions(_GLIBCXX_ASSERTIONS)

set(BULWARK_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND BULWARK_WARNINGS -Wduplicated-cond -Wlogical-op)
  if(CMAKE_UNITY_BUILD)
    # In a unity build every source counts as a header, and its anonymous namespaces as exposed.
    list(APPEND BULWARK_WARNINGS -Wno-subobject-linkage)
  endif()
endif()
if(BULWARK_WERROR)
  list(APPEND BULWARK_WARNINGS -Werror)
endif()

if(CMAKE_BUILD_TYPE STREQUAL Release)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
  add_compile_definitions(_FORTIFY_SOURCE=3)
  add_compile_options(-Wformat -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -Werror=format-security)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs)
endif()

if(BULWARK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage of the libraries, which libFuzzer is led by
endif()
if(BULWARK_SANITIZE)
  add_compile_options(-fsanitize=${BULWARK_SANITIZE} -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${BULWARK_SANITIZE})
endif()
