// Files that are read and replaced whole: what is no plain file, who may not write, and two who write at once.
#include "core/draft_file.hpp"
#include "core/plain_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <future>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace coldvigil {
namespace {

constexpr uid_t nobody = 65534;

/// Rights count for everybody but root: as root, as somebody else.
template <class Work> auto without_roots_rights(const Work& work) {
  const bool root = ::geteuid() == 0;
  if (root) BOOST_REQUIRE(::seteuid(nobody) == 0);
  auto out = work();
  if (root) BOOST_REQUIRE(::seteuid(0) == 0);
  return out;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span{text});
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::ptrdiff_t files_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_files)

BOOST_AUTO_TEST_CASE(what_is_no_plain_file_is_neither_read_nor_replaced) {
  const test::temp_dir folder;
  const std::string pipe = folder.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {pipe, folder.path(), std::string("/dev/null")}) {
    BOOST_TEST(read_plain_file(path, 100).error().text().find("no plain file") != std::string::npos);
    BOOST_TEST(!replace_file(path, bytes_of("x")).ok());
  }
  BOOST_TEST(std::filesystem::is_fifo(pipe));
  BOOST_TEST((read_plain_file(folder.path("none"), 100).error().code == error_code::not_found));
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_written_is_not_replaced) {
  const test::temp_dir folder;
  BOOST_REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  const std::string path = folder.path("kept");
  std::ofstream(path) << "mine";
  BOOST_REQUIRE(::chmod(path.c_str(), 0444) == 0);
  const auto refused = without_roots_rights([&] { return replace_file(path, bytes_of("theirs")); });
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().text().find("Permission denied") != std::string::npos, refused.error().text());
  BOOST_TEST(without_roots_rights([&] { return replace_file(folder.path("new"), bytes_of("theirs")); }).ok());
  BOOST_TEST(without_roots_rights([&] { return can_be_written(path).ok(); }) == false);
  BOOST_TEST(can_be_written(folder.path("newer")).ok());
  BOOST_TEST(!can_be_written(folder.path("no/folder")).ok());
  BOOST_TEST(content(path) == "mine");
  BOOST_TEST(files_in(folder.path()) == 2);
}

BOOST_AUTO_TEST_CASE(of_two_who_write_at_once_each_is_whole) {
  const test::temp_dir folder;
  const std::string path = folder.path("file");
  std::vector<std::future<bool>> all;
  for (char c = 'a'; c <= 'h'; ++c)
    all.push_back(std::async(std::launch::async, [&path, text = std::string(100'000, c)] {
      return replace_file(path, bytes_of(text)).ok();
    }));
  for (auto& each : all)
    BOOST_TEST(each.get());
  const std::string left = content(path);
  BOOST_TEST((left == std::string(100'000, left.at(0))));
  BOOST_TEST(files_in(folder.path()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
