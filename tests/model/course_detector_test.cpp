// The course detector behind the port: states, batches, foreign bytes.
#include "model/course_detector.hpp"
#include "model/course_state.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

std::vector<detect_sample> samples_of(std::uint64_t seed, std::size_t count) {
  healthy_unit unit;
  unit.seed = seed;
  std::vector<detect_sample> out;
  for (const auto& one : unit.readings(long_ago, count, 300))
    out.push_back({one.at, one.value, true});
  return out;
}

detect_answer run(detector& on, const detector_state& state, std::vector<detect_sample> samples) {
  std::vector<detect_request> requests{{state, std::move(samples)}};
  return std::move(on.step(requests).front());
}

bool same(const verdict& a, const verdict& b) {
  return a.state == b.state && std::memcmp(&a.score, &b.score, sizeof a.score) == 0 && a.why == b.why;
}

constexpr std::size_t four_days = 4 * 288;

} // namespace

BOOST_AUTO_TEST_SUITE(course_detector)

BOOST_AUTO_TEST_CASE(any_cut_and_any_company_give_the_same_scores_and_states) {
  const auto with = make_course_detector();
  constexpr std::size_t units = 5;
  std::vector<std::vector<detect_sample>> samples;
  std::vector<detect_answer> whole;
  for (std::size_t u = 0; u < units; ++u) {
    samples.push_back(samples_of(u + 1, four_days));
    whole.push_back(run(*with, {}, samples.back()));
  }
  std::mt19937 random{3};
  std::vector<detector_state> states(units);
  std::vector<std::size_t> done(units, 0);
  std::vector<std::vector<verdict>> verdicts(units);
  while (std::any_of(done.begin(), done.end(), [](std::size_t each) { return each < four_days; })) {
    std::vector<detect_request> requests;
    std::vector<std::size_t> whose;
    for (std::size_t i = 0; i < units; ++i) {
      const std::size_t u = (i + random()) % units;
      if (std::find(whose.begin(), whose.end(), u) != whose.end() || done[u] >= four_days) continue;
      const std::size_t length = std::min<std::size_t>(random() % 40, four_days - done[u]);
      const auto first = samples[u].begin() + static_cast<std::ptrdiff_t>(done[u]);
      requests.push_back({states[u], {first, first + static_cast<std::ptrdiff_t>(length)}});
      whose.push_back(u);
    }
    const auto answers = with->step(requests);
    for (std::size_t i = 0; i < whose.size(); ++i) {
      states[whose[i]] = answers[i].state;
      done[whose[i]] += requests[i].samples.size();
      verdicts[whose[i]].insert(verdicts[whose[i]].end(), answers[i].verdicts.begin(), answers[i].verdicts.end());
    }
  }
  for (std::size_t u = 0; u < units; ++u) {
    BOOST_TEST((states[u] == whole[u].state));
    BOOST_REQUIRE(verdicts[u].size() == whole[u].verdicts.size());
    for (std::size_t i = 0; i < verdicts[u].size(); ++i)
      BOOST_REQUIRE(same(verdicts[u][i], whole[u].verdicts[i]));
  }
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_wanted_move_the_state_alike) {
  const auto with = make_course_detector();
  auto samples = samples_of(1, four_days);
  const auto wanted = run(*with, {}, samples);
  for (auto& each : samples)
    each.wanted = false;
  const auto silent = run(*with, {}, samples);
  BOOST_TEST((silent.state == wanted.state));
  BOOST_TEST(silent.verdicts.size() == samples.size());
}

BOOST_AUTO_TEST_CASE(the_state_carries_its_newest_reading_and_the_callers_number) {
  const auto with = make_course_detector();
  const auto samples = samples_of(1, 30);
  detector_state before;
  before.model = 7;
  const auto after = run(*with, before, samples).state;
  BOOST_TEST(after.model == 7);
  BOOST_TEST((after.as_of == samples.back().at));
  BOOST_TEST(after.bytes.size() == course_state_bytes);
  BOOST_TEST(course_state_bytes <= 2048U);
  BOOST_TEST((run(*with, after, {}).state == after));
}

BOOST_AUTO_TEST_CASE(foreign_and_damaged_states_start_anew) {
  const auto with = make_course_detector();
  const auto samples = samples_of(1, four_days);
  const auto good = run(*with, {}, samples).state;
  std::vector<detector_state> bad(4, good);
  bad[0].bytes.resize(192);
  bad[1].bytes[0] ^= std::byte{1};
  bad[2].bytes[course_state_bytes / 2] ^= std::byte{16};
  bad[3].bytes.back() ^= std::byte{128};
  const std::vector<detect_sample> more{{samples.back().at + std::chrono::minutes{5}, -20'000, true}};
  BOOST_TEST((run(*with, good, more).verdicts[0].state == score_state::scored));
  for (const auto& each : bad)
    BOOST_TEST((run(*with, each, more).verdicts[0].state == score_state::warming));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_refused_whatever_their_sum) {
  unit_course whole_numbers{}; // every bit of them may be set
  whole_numbers.last_ms = whole_numbers.breach.last_ms = -1;
  whole_numbers.slot = whole_numbers.folded = -1;
  whole_numbers.slot_count = ~0U;
  whole_numbers.profile_seen.fill(0xFF);
  whole_numbers.rest.seen.fill(0xFF);
  whole_numbers.shape.cell.fill(-1);
  whole_numbers.shape.hidden.fill(-1);
  whole_numbers.block = whole_numbers.sensor.last = whole_numbers.sensor.before = -1;
  whole_numbers.sensor.mixed = whole_numbers.sensor.steps = whole_numbers.driver = whole_numbers.other_steps = 0xFFFF;
  detector_state state;
  save_course(whole_numbers, state);
  BOOST_TEST(load_course(state).has_value());

  using words = std::array<std::uint32_t, sizeof(unit_course) / 4>;
  const auto floats = std::bit_cast<words>(whole_numbers); // where these are 0
  for (std::size_t i = 0; i < floats.size(); ++i) {
    if (floats[i] != 0) continue;
    for (const std::uint32_t none : {0x7fc0'0000U, 0xff80'0000U}) { // NaN, -infinity
      words course{};
      course[i] = none;
      save_course(std::bit_cast<unit_course>(course), state);
      BOOST_REQUIRE_MESSAGE(!load_course(state).has_value(), "word " << i);
    }
  }
}

/// What is stored must stay readable: another sum would start every unit anew.
BOOST_AUTO_TEST_CASE(the_check_sum_is_that_of_stored_states) {
  unit_course course{};
  course.last_ms = 1;
  course.level.location = -20;
  course.score = 0.5F;
  course.other_steps = 3;
  detector_state state;
  save_course(course, state);
  std::uint64_t sum = 0;
  std::memcpy(&sum, state.bytes.data() + state.bytes.size() - sizeof sum, sizeof sum);
  BOOST_TEST(sum == 0x2df1'4dd5'd444'24b4);
}

BOOST_AUTO_TEST_CASE(a_state_moves_on_in_its_own_memory_and_leaves_the_request) {
  const auto with = make_course_detector();
  auto samples = samples_of(1, 31);
  const detect_sample last = samples.back();
  samples.pop_back();
  std::vector<detect_request> requests{{run(*with, {}, samples).state, {last}}};
  const std::byte* memory = requests[0].state.bytes.data();
  const auto answers = with->step(requests);
  BOOST_TEST(answers[0].state.bytes.data() == memory);
  BOOST_TEST((answers[0].state.as_of == last.at));
  BOOST_TEST(requests[0].state.bytes.empty());
  BOOST_REQUIRE(requests[0].samples.size() == 1U);
  BOOST_TEST((requests[0].samples[0].at == last.at));
}

BOOST_AUTO_TEST_CASE(a_score_of_one_is_the_threshold) {
  const auto samples = samples_of(2, four_days);
  const auto once = run(*make_course_detector(1), {}, samples);
  const auto half = run(*make_course_detector(2), {}, samples);
  for (std::size_t i = 400; i < samples.size(); ++i)
    BOOST_REQUIRE(std::abs(once.verdicts[i].score - 2 * half.verdicts[i].score) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(limits_give_a_time_to_their_breach) {
  const auto with = make_course_detector();
  auto samples = samples_of(1, four_days);
  for (std::size_t i = four_days - 12; i < four_days; ++i)
    samples[i].value += static_cast<milli_celsius>((i - (four_days - 13)) * 600);
  std::vector<detect_request> requests(2);
  requests[0].samples = requests[1].samples = samples;
  requests[0].low = -30'000;
  requests[0].high = -10'000;
  const auto answers = with->step(requests);
  const breach_forecast seen = answers[0].verdicts.back().why.breach;
  BOOST_TEST((seen.within == breach_horizon::minutes));
  BOOST_TEST(seen.high);
  BOOST_TEST((seen.earliest <= seen.minutes && seen.minutes <= seen.latest));
  BOOST_TEST((answers[1].verdicts.back().why.breach.within == breach_horizon::none));
  BOOST_TEST((answers[0].state == answers[1].state));
}

BOOST_AUTO_TEST_CASE(it_keeps_no_window) {
  const auto with = make_course_detector();
  BOOST_TEST(!with->reconstruct({}).ok());
  BOOST_TEST(!with->predict({}, 0, 1, 1, nullptr).ok());
}

BOOST_AUTO_TEST_SUITE_END()
