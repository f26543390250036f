# What every target of ours is built with. Third parties come in as system headers, so -Werror holds for our code only.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE) # one clone's objects serve another; what it must overlook to keep objects of precompiled headers
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(coldvigil_options INTERFACE)
target_include_directories(coldvigil_options INTERFACE "${CMAKE_SOURCE_DIR}")
# -Wrestrict: g++ 12 reports overlapping copies inside its own std::string operator+ (GCC bug 105651).
target_compile_options(coldvigil_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Wno-restrict)
if(COLDVIGIL_SANITIZE)
  # null and vptr report on the packaged, uninstrumented CAF headers. The other three cost a quarter of the time to
  # compile, and the address sanitizer sees what matters of them.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,vptr,alignment,object-size,pointer-overflow -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
  # g++ 12 sees false maybe-uninitialized reads in instrumented standard containers.
  target_compile_options(coldvigil_options INTERFACE -Wno-maybe-uninitialized)
endif()

# What costs most of a source's compile time is parsing what others wrote: that is done once for many targets. Headers of
# ours are not among them, so a change of one compiles what includes it and no more.
set(usual_headers <algorithm> <array> <chrono> <cmath> <functional> <map> <memory> <optional> <set> <span> <string>
    <unordered_map> <variant> <vector>)

# coldvigil_precompile(TARGET HEADER ... | LIKE OTHER): its own precompiled headers, or those of a target that is compiled
# with the same options.
function(coldvigil_precompile target)
  cmake_parse_arguments(arg "" "LIKE" "" ${ARGN})
  if(arg_LIKE)
    target_precompile_headers(${target} REUSE_FROM ${arg_LIKE})
  else()
    target_precompile_headers(${target} PRIVATE ${arg_UNPARSED_ARGUMENTS} ${usual_headers})
  endif()
endfunction()

# coldvigil_library(NAME SOURCES ... LINKS ... PRIVATE_LINKS ... PRECOMPILE ...): one folder, one static library.
function(coldvigil_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS;PRECOMPILE" ${ARGN})
  add_library(coldvigil_${name} STATIC ${arg_SOURCES})
  target_link_libraries(coldvigil_${name} PUBLIC coldvigil_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
  if(arg_PRECOMPILE)
    coldvigil_precompile(coldvigil_${name} ${arg_PRECOMPILE})
  endif()
endfunction()

# scripts/test without --full builds every test once: under the sanitizers the logic, the stores and what reads foreign
# bytes; as it is delivered what runs the program (integration) and what needs LibTorch, the API or the actors or simulates
# for long (delivered). An hour on two cores must be enough.
add_custom_target(sanitized_tests)
add_custom_target(release_tests)

# coldvigil_test(NAME SOURCES ... LINKS ... [LABELS ...] [TIMEOUT s] [PRECOMPILE ...]): one Boost.Test program, one CTest
# entry.
function(coldvigil_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS;PRECOMPILE" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_compile_definitions(test_${name} PRIVATE COLDVIGIL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE coldvigil_options coldvigil_test_main ${arg_LINKS})
  if(NOT arg_PRECOMPILE)
    set(arg_PRECOMPILE LIKE coldvigil_test_main)
  endif()
  coldvigil_precompile(test_${name} ${arg_PRECOMPILE})
  # What went wrong is printed; where it is, in a file: it names the case that hung (scripts/test prints its end).
  add_test(NAME ${name} COMMAND test_${name} --report_level=short --color_output=no
                                --logger=HRF,error,stdout:HRF,test_suite,cases.log
           WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/cases/${name})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/cases/${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 900) # against a hang; a busy machine is none
  endif()
  if("integration" IN_LIST arg_LABELS OR "delivered" IN_LIST arg_LABELS)
    add_dependencies(release_tests test_${name})
  else()
    add_dependencies(sanitized_tests test_${name})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
endfunction()
