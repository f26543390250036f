# Every third-party package in one place. All are Debian 12 packages; scripts/setup installs them.
find_package(Threads REQUIRED)
find_package(CAF 0.17.6 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
if(COLDVIGIL_TESTS)
  find_package(Boost 1.81 REQUIRED COMPONENTS json unit_test_framework)
endif()
find_package(OpenSSL REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Torch REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)

# Howard Hinnant's date and tz: g++ 12's chrono knows no time zones.
find_package(date REQUIRED)

find_path(RAPIDCHECK_INCLUDE_DIR rapidcheck.h)
find_library(RAPIDCHECK_LIBRARY rapidcheck)
if(RAPIDCHECK_LIBRARY AND NOT TARGET rapidcheck)
  add_library(rapidcheck UNKNOWN IMPORTED)
  set_target_properties(rapidcheck PROPERTIES IMPORTED_LOCATION "${RAPIDCHECK_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${RAPIDCHECK_INCLUDE_DIR}")
endif()

# libcsv ships no CMake or pkg-config file.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(libcsv UNKNOWN IMPORTED)
set_target_properties(libcsv PROPERTIES IMPORTED_LOCATION "${CSV_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${CSV_INCLUDE_DIR}")

# Asio and Beast are headers only: compiled once here, they are not compiled into every object that includes them.
add_library(coldvigil_asio STATIC "${CMAKE_SOURCE_DIR}/cmake/asio.cpp")
target_compile_definitions(coldvigil_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(coldvigil_asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
