#include "model/default_model.hpp"
#include "model/detector.hpp"
#include "model/model_file.hpp"
#include "tests/model/slow_autoencoder.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

model_file sample() {
  model_file model;
  model.name = "lstm-ae-test";
  model.trained_on = "nothing: random numbers";
  model.made_with = "0.1.0";
  model.seed = 7;
  model.threshold = 0.75;
  model.quantile = 0.999;
  model.held_out_loss = 0.05;
  model.held_out_error = 0.2;
  model.training_windows = 10;
  model.held_out_windows = 3;
  model.weights = random_weights(32, 4, 1);
  model.tail = tail_fit{.level = 0.5, .over = 0.125, .shape = 0.25, .scale = 0.0625, .blocks = 700};
  model.calibrated_on = "fleet";
  model.customers = {"A", "B"};
  return model;
}

std::vector<std::byte> sample_bytes() {
  return write_model(sample()).value();
}

/// Makes the check sum fit what was changed: what a file from elsewhere would look like.
void seal(std::vector<std::byte>& bytes) {
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size() - 32, reinterpret_cast<unsigned char*>(bytes.data() + bytes.size() - 32),
             &length, EVP_sha256(), nullptr);
}

std::vector<std::byte> with_header_text(const std::string& from, const std::string& to) {
  auto bytes = sample_bytes();
  const std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_REQUIRE(from.size() == to.size());
  std::memcpy(bytes.data() + at, to.data(), to.size());
  seal(bytes);
  return bytes;
}

struct scratch_folder {
  std::filesystem::path path;
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "coldvigil-model-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_model_file)

BOOST_AUTO_TEST_CASE(reads_what_it_wrote) {
  const auto back = read_model(sample_bytes(), "memory");
  BOOST_REQUIRE(back.ok());
  BOOST_TEST((*back == sample()));
}

BOOST_AUTO_TEST_CASE(is_refused_when_any_byte_is_damaged) {
  const auto good = sample_bytes();
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      auto bad = good;
      bad[at] ^= static_cast<std::byte>(flip);
      const auto read = read_model(bad, "memory");
      BOOST_REQUIRE(!read.ok());
      BOOST_REQUIRE(read.error().code == error_code::corrupt);
      BOOST_REQUIRE(!read.error().what.empty());
    }
}

BOOST_AUTO_TEST_CASE(is_refused_when_truncated_anywhere_or_longer) {
  auto bytes = sample_bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_REQUIRE(!read_model({bytes.data(), length}, "memory").ok());
  bytes.push_back(std::byte{0});
  BOOST_TEST(!read_model(bytes, "memory").ok());
  BOOST_TEST(!read_model(std::vector<std::byte>(largest_model_file + 1), "memory").ok());
}

BOOST_AUTO_TEST_CASE(is_refused_when_it_is_sealed_but_wrong) {
  BOOST_TEST(!read_model(with_header_text("\"hidden\":4", "\"hidden\":5"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"hidden\":4", "\"hidden\":0"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"window\":32", "\"window\":33"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("lstm-autoencoder", "lstm-forecasters"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":-.5E-1"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":-7.5E1"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":9E9999"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":1.E300"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":7.E-99"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"threshold\"", "\"nothreshd\""), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"quantile\":9.99E-1", "\"quantile\":-.99E-1"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"quantile\":9.99E-1", "\"quantile\":9.99E+1"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"shape\":2.5E-1", "\"shape\":-5.0E0"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"scale\":6.25E-2", "\"scale\":-.25E-2"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"level\":5E-1", "\"level\":5E99"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"over\":1.25E-1", "\"over\":1.25E+1"), "memory").ok());
  BOOST_TEST(!read_model(with_header_text("\"blocks\":700", "\"blocks\":-70"), "memory").ok());

  BOOST_TEST(!read_model(with_header_text("lstm-ae-test", "lst\\u001btst"), "memory").ok());
  const auto text =
      read_model(with_header_text("\"threshold\":7.5E-1", "\"threshold\":\"7.50\""), "memory").error().what;
  BOOST_TEST(text.find("not a number") != std::string::npos, text);
  BOOST_TEST(text.find("boost") == std::string::npos, text);

  auto endless = sample_bytes();
  const std::uint32_t huge = 0xffffffff;
  std::memcpy(endless.data() + 12, &huge, sizeof huge);
  seal(endless);
  BOOST_TEST(!read_model(endless, "memory").ok());
}

BOOST_AUTO_TEST_CASE(is_refused_when_weights_are_not_finite_or_absurd) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -3e38F}) {
    auto bytes = sample_bytes();
    std::memcpy(bytes.data() + bytes.size() - 32 - sizeof bad, &bad, sizeof bad);
    seal(bytes);
    const auto read = read_model(bytes, "memory");
    BOOST_REQUIRE(!read.ok());
    BOOST_TEST(read.error().what.find("finite") != std::string::npos);
    auto model = sample();
    model.weights.output[0] = bad;
    BOOST_TEST(!write_model(model).ok());
  }
}

BOOST_AUTO_TEST_CASE(is_refused_when_its_held_out_error_is_none) {
  for (const double bad : {-1e-9, 1e7, std::numeric_limits<double>::infinity()})
    for (double model_file::*const error : {&model_file::held_out_error, &model_file::held_out_loss}) {
      auto model = sample();
      model.*error = bad;
      const auto written = write_model(model);
      BOOST_REQUIRE(!written.ok());
      BOOST_TEST(written.error().what.find("held-out") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(is_saved_whole_and_replaces_an_older_one) {
  const scratch_folder folder;
  const std::string path = (folder.path / "m.cvm").string();
  BOOST_REQUIRE(save_model(sample(), path).ok());
  auto newer = sample();
  newer.seed = 8;
  BOOST_REQUIRE(save_model(newer, path).ok());
  const auto detector = load_detector(path);
  BOOST_REQUIRE(detector.ok());
  BOOST_TEST((*detector)->info().sha256_hex == sha256_hex(write_model(newer).value()));
  BOOST_TEST(std::distance(std::filesystem::directory_iterator{folder.path}, {}) == 1);
  BOOST_TEST(!save_model(newer, (folder.path / "missing" / "m.cvm").string()).ok());
}

BOOST_AUTO_TEST_CASE(failures_name_the_file) {
  const scratch_folder folder;
  const std::string path = (folder.path / "foreign.cvm").string();
  BOOST_TEST(load_detector(path).error().text().find(path) != std::string::npos);
  std::ofstream{path} << "PK\3\4 an archive";
  const auto refused = load_detector(path);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().text().find(path) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_shipped_one_loads_and_is_small) {
  BOOST_TEST(default_model().size() < (1U << 20));
  const auto shipped = load_detector_bytes(default_model(), "shipped");
  BOOST_REQUIRE(shipped.ok());
  BOOST_TEST((*shipped)->info().window == 32U);
  BOOST_TEST((*shipped)->info().threshold > 0);
  BOOST_TEST(!(*shipped)->info().trained_on.empty());
}

BOOST_AUTO_TEST_SUITE_END()
