# SPDX-License-Identifier: Apache-2.0
# Embeds content/ (all but content/demo) and, under "web/", the folder BULWARK_WEB_DIST: an assembler file takes the bytes
# in with .incbin, a C++ table sorted by path names them (src/content/embedded.hpp). A changed file is assembled again, a
# new one is found by the glob.
enable_language(ASM)
set(BULWARK_WEB_DIST "" CACHE PATH "Folder of the built web UI, served as web/… by the content module")

# Appends "<served path>TAB<file>" of every file below `folder` to the list `out`; a tab, since it sorts below all that names have.
function(bulwark_content_entries out folder prefix except)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  set(entries ${${out}})
  foreach(file IN LISTS files)
    if(except STREQUAL "" OR NOT file MATCHES "${except}")
      list(APPEND entries "${prefix}${file}\t${folder}/${file}")
    endif()
  endforeach()
  set(${out} ${entries} PARENT_SCOPE)
endfunction()

function(bulwark_embed_content target)
  bulwark_content_entries(entries ${CMAKE_SOURCE_DIR}/content "" "^demo/")
  if(BULWARK_WEB_DIST)
    bulwark_content_entries(entries ${BULWARK_WEB_DIST} "web/" "")
  endif()
  list(SORT entries)
  set(number 0)
  foreach(entry IN LISTS entries)
    string(REGEX MATCH "^([^\t]*)\t(.*)$" _ "${entry}")
    set(path ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    list(APPEND data ${file})
    set(name bulwark_content_${number})
    string(APPEND assembly ".global ${name}_begin\n.global ${name}_end\n.balign 16\n${name}_begin:\n.incbin \"${file}\"\n${name}_end:\n")
    string(APPEND symbols "extern const char ${name}_begin[];\nextern const char ${name}_end[];\n")
    string(APPEND rows "    {\"${path}\", ${name}_begin, ${name}_end},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  set(folder ${CMAKE_BINARY_DIR}/content)
  # A file is written only when it changes; the last row keeps the array from being empty.
  file(CONFIGURE OUTPUT ${folder}/embedded_bytes.S CONTENT
    ".section .rodata.bulwark_content,\"a\",%progbits\n${assembly}.section .note.GNU-stack,\"\",%progbits\n" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/embedded_files.cpp CONTENT
    "#include \"content/embedded.hpp\"\n\nextern \"C\" {\n${symbols}}\n\nnamespace content {\nnamespace {\n
constexpr EmbeddedFile kRows[] = {\n${rows}    {{}, nullptr, nullptr},\n};\n
constexpr bool rows_are_sorted() {\n  for (std::size_t i = 1; i < ${number}; ++i)
    if (!(kRows[i - 1].path < kRows[i].path)) return false;\n  return true;\n}
static_assert(rows_are_sorted());\n\n}  // namespace\n
const EmbeddedFile* const kEmbeddedFiles = kRows;\nconst std::size_t kEmbeddedFileCount = ${number};\n\n}  // namespace content\n" @ONLY)
  set_property(SOURCE ${folder}/embedded_bytes.S PROPERTY OBJECT_DEPENDS ${data})
  target_sources(${target} PRIVATE ${folder}/embedded_bytes.S ${folder}/embedded_files.cpp)
endfunction()
