# cmake -DDIST=... -DOUT=... -DGZIP=... [-DBROTLI=...] -P embed_assets.cmake
# Writes OUT/assets.S, which takes every file of DIST in, plain and compressed, and OUT/assets.cpp, a table sorted by
# path. A compressed form that is not smaller is left out.
file(REMOVE_RECURSE "${OUT}")
file(MAKE_DIRECTORY "${OUT}")
file(GLOB_RECURSE files RELATIVE "${DIST}" "${DIST}/*")
list(SORT files)

set(mime_html "text/html; charset=utf-8")
set(mime_js "text/javascript; charset=utf-8")
set(mime_css "text/css; charset=utf-8")
set(mime_svg "image/svg+xml")
set(mime_png "image/png")
set(mime_ico "image/x-icon")
set(mime_json "application/json")
set(mime_txt "text/plain; charset=utf-8")
set(mime_woff2 "font/woff2")
set(mime_webmanifest "application/manifest+json")

set(assembly "    .section .rodata\n")
set(externs "")
set(rows "")
set(index 0)

# Adds FILE under the label NAME and leaves the C++ expression of its bytes in RESULT.
macro(take_in name file result)
  string(APPEND assembly
    "    .global ${name}_begin\n    .global ${name}_end\n    .balign 16\n${name}_begin:\n    .incbin \"${file}\"\n${name}_end:\n")
  string(APPEND externs "extern const std::byte ${name}_begin[];\nextern const std::byte ${name}_end[];\n")
  set(${result} "std::span<const std::byte>(${name}_begin, ${name}_end)")
endmacro()

macro(take_compressed name original compressed result)
  file(SIZE "${original}" plain_size)
  file(SIZE "${compressed}" small_size)
  if(small_size LESS plain_size)
    take_in(${name} "${compressed}" ${result})
  else()
    set(${result} "std::span<const std::byte>()")
  endif()
endmacro()

foreach(name IN LISTS files)
  set(original "${DIST}/${name}")
  file(SHA256 "${original}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  string(REGEX REPLACE "^.*\\." "" ending "${name}")
  set(mime "application/octet-stream")
  if(DEFINED mime_${ending})
    set(mime "${mime_${ending}}")
  endif()
  # Vite puts the content's hash into the names under assets/.
  set(immutable false)
  if(name MATCHES "^assets/.*-[A-Za-z0-9_-]+\\.[a-z0-9]+$")
    set(immutable true)
  endif()
  take_in(asset_${index}_raw "${original}" raw)
  set(gzip "std::span<const std::byte>()")
  set(brotli "std::span<const std::byte>()")
  execute_process(COMMAND "${GZIP}" -9 -n -c "${original}" OUTPUT_FILE "${OUT}/${index}.gz" COMMAND_ERROR_IS_FATAL ANY)
  take_compressed(asset_${index}_gz "${original}" "${OUT}/${index}.gz" gzip)
  if(BROTLI)
    execute_process(COMMAND "${BROTLI}" -q 11 -c "${original}" OUTPUT_FILE "${OUT}/${index}.br" COMMAND_ERROR_IS_FATAL ANY)
    take_compressed(asset_${index}_br "${original}" "${OUT}/${index}.br" brotli)
  endif()
  string(APPEND rows "      {\"/${name}\", \"${mime}\", \"${hash}\", ${immutable},\n       ${raw},\n       ${gzip},\n       ${brotli}},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE "${OUT}/assets.S" "${assembly}    .section .note.GNU-stack,\"\",@progbits\n")
file(WRITE "${OUT}/assets.cpp" "// Made by web/embed_assets.cmake.
#include \"web/assets.hpp\"

#include <algorithm>
#include <array>

extern \"C\" {
${externs}}

namespace coldvigil {

const asset* find_asset(std::string_view path) {
  static const std::array<asset, ${index}> table{{
${rows}  }};
  const auto found = std::lower_bound(table.begin(), table.end(), path,
                                      [](const asset& a, std::string_view wanted) { return a.path < wanted; });
  return found != table.end() && found->path == path ? &*found : nullptr;
}

} // namespace coldvigil
")
