// The unit's own course with the autoencoder beside it: each is what it is alone.
#include "core/score_calibration.hpp"
#include "model/course_detector.hpp"
#include "model/default_model.hpp"
#include "model/model_file.hpp"
#include "model/paired_detector.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

std::unique_ptr<detector> shipped() {
  auto made = load_detector_bytes(default_model(), "shipped");
  return std::move(made).value();
}

std::unique_ptr<detector> pair() {
  return pair_detectors(make_course_detector(), shipped());
}

std::vector<detect_sample> samples_of(std::size_t count) {
  std::vector<detect_sample> out;
  for (const auto& one : healthy_unit{}.readings(long_ago, count, 300))
    out.push_back({one.at, one.value, true});
  return out;
}

detect_answer run(detector& on, const detector_state& state, std::vector<detect_sample> samples) {
  std::vector<detect_request> requests{{state, std::move(samples), {}, {}}};
  return std::move(on.step(requests).front());
}

bool alike(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

constexpr std::size_t two_days = 2 * 288;

} // namespace

BOOST_AUTO_TEST_SUITE(paired_detectors)

BOOST_AUTO_TEST_CASE(the_score_is_the_courses_and_in_the_first_day_the_autoencoders) {
  const auto samples = samples_of(two_days);
  const auto course = run(*make_course_detector(), {}, samples);
  const auto errors = run(*shipped(), {}, samples);
  const auto both = run(*pair(), {}, samples);
  std::size_t first_day = 0, later = 0, warming = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const verdict& said = both.verdicts[i];
    const bool known = course.verdicts[i].state == score_state::scored;
    const bool full = errors.verdicts[i].state == score_state::scored;
    BOOST_TEST((said.state == (known || full ? score_state::scored : score_state::warming)));
    if (known) BOOST_TEST(alike(said.score, course.verdicts[i].score));
    if (!known && full) BOOST_TEST(alike(said.score, errors.verdicts[i].score / 2));
    BOOST_TEST(alike(said.error, full ? errors.verdicts[i].score : std::numeric_limits<float>::quiet_NaN()));
    (known ? later : full ? first_day : warming) += 1;
  }
  BOOST_TEST(first_day > 200U);
  BOOST_TEST(later > 200U);
  BOOST_TEST(warming > 0U);
}

BOOST_AUTO_TEST_CASE(carried_on_it_is_the_same_as_at_one_go) {
  const auto samples = samples_of(two_days);
  const auto whole = run(*pair(), {}, samples);
  const auto on = pair();
  detector_state state;
  for (std::size_t from = 0; from < samples.size(); from += 37) {
    const auto first = samples.begin() + static_cast<std::ptrdiff_t>(from);
    const auto length = static_cast<std::ptrdiff_t>(std::min<std::size_t>(37, samples.size() - from));
    const auto part = run(*on, state, {first, first + length});
    for (std::size_t i = 0; i < part.verdicts.size(); ++i)
      BOOST_TEST(alike(part.verdicts[i].score, whole.verdicts[from + i].score));
    state = part.state;
  }
  BOOST_TEST((state == whole.state));
}

BOOST_AUTO_TEST_CASE(without_errors_the_score_is_the_same_and_the_window_goes_on) {
  const auto samples = samples_of(two_days);
  const auto middle = samples.begin() + 400;
  const auto whole = run(*pair(), {}, samples);
  const auto on = pair();
  on->give_errors(false);
  const auto spare = run(*on, {}, {samples.begin(), middle});
  for (std::size_t i = 0; i < spare.verdicts.size(); ++i) {
    BOOST_TEST(std::isnan(spare.verdicts[i].error));
    if (i > 300) BOOST_TEST(alike(spare.verdicts[i].score, whole.verdicts[i].score));
  }
  on->give_errors(true);
  const auto rest = run(*on, spare.state, {middle, samples.end()});
  for (std::size_t i = 0; i < rest.verdicts.size(); ++i)
    BOOST_TEST(alike(rest.verdicts[i].error, whole.verdicts[400 + i].error));
}

BOOST_AUTO_TEST_CASE(the_picture_and_the_prediction_are_the_autoencoders) {
  const auto samples = samples_of(two_days);
  const auto on = pair();
  const auto seen = run(*on, {}, samples);
  const auto alone = run(*shipped(), {}, samples);
  const auto picture = on->reconstruct(seen.state);
  BOOST_REQUIRE(picture.ok());
  BOOST_TEST((picture->reconstructed == shipped()->reconstruct(alone.state)->reconstructed));
  const std::vector<double> values{-20, -20};
  const auto said = on->predict(values, -25, -18, 3, &seen.state);
  const auto expected = shipped()->predict(values, -25, -18, 3, &alone.state);
  BOOST_TEST(said->reconstruction_error == expected->reconstruction_error);
}

BOOST_AUTO_TEST_CASE(a_state_moves_on_in_its_own_memory) {
  const auto samples = samples_of(101);
  const auto on = pair();
  std::vector<detect_request> requests{{run(*on, {}, {samples.begin(), samples.end() - 1}).state, {samples.back()}}};
  const auto& before = requests[0].state.bytes;
  const std::byte* memory = before.data();
  const std::size_t size = before.size();
  BOOST_TEST(before.capacity() == size);
  const auto answers = on->step(requests);
  BOOST_TEST(answers[0].state.bytes.data() == memory);
  BOOST_TEST(answers[0].state.bytes.capacity() == size);
  BOOST_TEST((answers[0].state == run(*pair(), {}, samples).state));
  BOOST_TEST(requests[0].samples.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_foreign_state_starts_anew) {
  const auto samples = samples_of(40);
  const auto on = pair();
  const auto fresh = run(*on, {}, samples);
  for (const std::size_t size : {1U, 3U, 4U, 100U, 3000U}) {
    detector_state foreign;
    foreign.as_of = long_ago - std::chrono::hours{1};
    foreign.bytes.assign(size, std::byte{0xAB});
    const auto said = run(*on, foreign, samples);
    BOOST_TEST((said.state.bytes == fresh.state.bytes), size);
  }
}

BOOST_AUTO_TEST_CASE(a_file_stands_for_the_pair_with_the_threshold_of_its_calibration) {
  const auto made = load_pair(default_model(), "shipped", usual_budget);
  BOOST_REQUIRE(made.ok());
  BOOST_TEST(run(**made, {}, samples_of(two_days)).verdicts.back().usual < 0);
  auto file = read_model(default_model(), "shipped").value();
  file.tail = usual_course_tail();
  file.tail->level *= 2;
  file.tail->scale *= 2;
  file.tail->blocks = 1'000'000; // so many that the usual tail counts for little
  const auto bytes = write_model(file).value();
  const auto twice = load_pair(bytes, "calibrated", usual_budget);
  BOOST_REQUIRE(twice.ok());
  const auto samples = samples_of(two_days);
  const float score = run(**made, {}, samples).verdicts.back().score;
  BOOST_TEST(std::abs(run(**twice, {}, samples).verdicts.back().score * 2 / score - 1) < 0.02F);
  BOOST_TEST((*made)->info().sha256_hex != (*twice)->info().sha256_hex);
  const auto strict = load_pair(bytes, "calibrated", 0.1);
  BOOST_TEST(run(**strict, {}, samples).verdicts.back().score < score / 2);
  BOOST_TEST(!load_pair({}, "nothing", usual_budget).ok());
}

BOOST_AUTO_TEST_SUITE_END()
