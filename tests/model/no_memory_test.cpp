// What the course detector does when there is no memory for a state. Replaces the program's operator new.
#include "model/course_detector.hpp"
#include "model/course_state.hpp"
#include "tests/model/healthy_unit.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <new>

namespace {

thread_local bool no_room_for_states = false;

} // namespace

void* operator new(std::size_t size) {
  if (no_room_for_states && size >= coldvigil::course_state_bytes) throw std::bad_alloc{};
  if (void* made = std::malloc(size > 0 ? size : 1)) return made;
  throw std::bad_alloc{};
}
void operator delete(void* gone) noexcept {
  std::free(gone);
}
void operator delete(void* gone, std::size_t) noexcept {
  std::free(gone);
}

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

std::vector<detect_answer> step_without_room(detector& with, std::span<detect_request> requests) {
  no_room_for_states = true;
  auto out = with.step(requests);
  no_room_for_states = false;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(no_memory)

BOOST_AUTO_TEST_CASE(a_known_unit_goes_on_and_a_new_one_is_answered_without_a_score) {
  std::vector<detect_sample> samples;
  for (const auto& one : healthy_unit{}.readings(long_ago, 10, 300))
    samples.push_back({one.at, one.value, true});
  const auto with = make_course_detector();
  detect_request to_now{{}, samples};
  const detector_state known = with->step({&to_now, 1}).front().state;
  const detect_sample next{samples.back().at + std::chrono::minutes{5}, -20'000, true};

  std::vector<detect_request> requests{{{}, samples}, {known, {next}}};
  const auto answers = step_without_room(*with, requests);
  BOOST_TEST(answers[0].state.bytes.empty());
  BOOST_REQUIRE(answers[0].verdicts.size() == samples.size());
  for (const verdict& said : answers[0].verdicts)
    BOOST_TEST((said.state == score_state::no_model));

  detect_request with_room{known, {next}};
  BOOST_TEST((answers[1].state == with->step({&with_room, 1}).front().state));
  BOOST_TEST((answers[1].verdicts.front().state == score_state::warming));
}

BOOST_AUTO_TEST_SUITE_END()
