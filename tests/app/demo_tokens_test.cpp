// The demo's tokens in their file: nobody else's file is touched on the way.
#include "app/demo_tokens.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace coldvigil::test {
namespace {

struct demo {
  temp_dir folder;
  memory_store durable{std::make_shared<disk>()};
  status write(const std::string& name) { return ensure_demo_tokens(durable, {}, folder.path(name), from_ms(0)); }
};

std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tokens_of_the_demo, demo)

BOOST_AUTO_TEST_CASE(they_are_written_whole_and_for_their_owner_only) {
  std::ofstream(folder.path("tokens.json.new")) << "somebody's notes";
  BOOST_REQUIRE(write("tokens.json").ok());
  BOOST_TEST(content(folder.path("tokens.json")).find("\"admin\"") != std::string::npos);
  struct stat what {};
  BOOST_REQUIRE(::stat(folder.path("tokens.json").c_str(), &what) == 0);
  BOOST_TEST((what.st_mode & 0777U) == 0600U);
  BOOST_TEST(content(folder.path("tokens.json.new")) == "somebody's notes");
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_no_file_is_said_and_stays) {
  std::filesystem::create_directory(folder.path("here"));
  const auto refused = write("here");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().text().find("demo.tokens_file") != std::string::npos);
  BOOST_TEST(std::filesystem::is_directory(folder.path("here")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
