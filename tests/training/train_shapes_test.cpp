// The program behind scripts/train-shapes: from a fleet of files to the file of weights that the program is built with.
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace coldvigil {
namespace {

constexpr int patience_ms = 280'000;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct trainer {
  test::temp_dir folder;

  int run(const std::vector<std::string>& command) {
    test::child_process child(command, folder.path("errors"));
    return child.wait(patience_ms).value_or(-1);
  }
  std::string fleet() {
    const std::string path = folder.path("fleet");
    BOOST_REQUIRE(run({COLDVIGIL_BINARY, "simulate", "--export", path, "--units", "4", "--days", "13", "--faults",
                       "door_ajar,sensor_noise", "--faults-per-unit", "2"}) == 0);
    return path;
  }
  /// The file of weights without its first line.
  std::string trained(const std::string& fleet, const std::string& seed) {
    const std::string out = folder.path("weights" + seed + ".inc");
    BOOST_REQUIRE(run({TRAIN_SHAPES, "--out", out, "--rounds", "2", "--seed", seed, fleet + "*2"}) == 0);
    return content(out);
  }
  [[nodiscard]] bool said(const std::string& what) const {
    return content(folder.path("errors")).find(what) != std::string::npos;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(train_shapes, trainer)

BOOST_AUTO_TEST_CASE(a_fleet_becomes_weights_and_the_same_seed_the_same) {
  const std::string from = fleet(), weights = trained(from, "1");
  constexpr auto numbers =
      (20 + 16 + 1) * 4 * 16 + 16 + 1; // inputs, memory, bias for the gates; the output and its bias
  BOOST_TEST(std::count(weights.begin(), weights.end(), 'F') == numbers);
  BOOST_TEST(weights.find("nan") == std::string::npos);
  BOOST_TEST((trained(from, "1") == weights));
  BOOST_TEST((trained(from, "2") != weights));
}

BOOST_AUTO_TEST_CASE(what_is_labelled_as_a_fault_is_what_is_learnt_and_other_kinds_are_not) {
  const std::string from = fleet(), labelled = trained(from, "1"), labels = content(from + "/labels.csv");
  std::ofstream{from + "/labels.csv"} << "unit_id,start,end,kind\n";
  BOOST_TEST((trained(from, "1") != labelled));
  // Doors alone are shown: noise under another name that is not shown teaches the same.
  std::string renamed = labels;
  for (auto at = renamed.find("sensor_noise"); at != std::string::npos; at = renamed.find("sensor_noise"))
    renamed.replace(at, 12, "sensor_drift");
  std::ofstream{from + "/labels.csv"} << renamed;
  BOOST_TEST((trained(from, "1") == labelled));
  std::string moved = labels;
  for (auto at = moved.find("sensor_noise"); at != std::string::npos; at = moved.find("sensor_noise"))
    moved.replace(at, 12, "short_cycling");
  std::ofstream{from + "/labels.csv"} << moved << "u1,tomorrow,never,door_ajar\n";
  BOOST_TEST((trained(from, "1") != labelled));
  BOOST_TEST(said("1 rows cannot be used"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_and_no_file_of_weights_is_written) {
  const std::string out = folder.path("weights.inc");
  BOOST_TEST(run({TRAIN_SHAPES, "--out", out, folder.path("nowhere")}) == 2);
  BOOST_TEST(said("nowhere"));
  BOOST_TEST(run({TRAIN_SHAPES, "--out", out, fleet() + "*0"}) == 2);
  BOOST_TEST(said("no share above 0"));
  BOOST_TEST(run({TRAIN_SHAPES, "--out", out, "--rounds", "0", folder.path("fleet")}) != 0);
  BOOST_TEST(content(out).empty());
  // Before the work, not after it.
  BOOST_TEST(run({TRAIN_SHAPES, "--out", folder.path("no/such/place.inc"), folder.path("nowhere")}) == 2);
  BOOST_TEST(said("no/such/place.inc"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
