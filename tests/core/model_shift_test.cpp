#include "core/model_activation.hpp"
#include "core/model_shift.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

constexpr timestamp noon = from_ms(1'767'571'200'000);
constexpr model_shift over{3, 5, noon};

detector_state state_of(std::uint16_t model, std::initializer_list<int> bytes) {
  detector_state out{model, noon, {}};
  for (const int each : bytes)
    out.bytes.push_back(static_cast<std::byte>(each));
  return out;
}

detect_answer answer_of(float score, const detector_state& state, std::size_t verdicts) {
  verdict said;
  said.score = score;
  said.state = score_state::scored;
  return {state, std::vector(verdicts, said)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_shifts)

BOOST_AUTO_TEST_CASE(each_version_gets_its_own_memory_back) {
  const auto before = state_of(3, {1, 2, 3});
  const auto after = state_of(5, {7, 8});
  const auto both = joined(over, before, after);
  BOOST_TEST(holds_two(both));
  BOOST_TEST(both.model == 5);
  BOOST_TEST((part_of(both, 3).bytes == before.bytes));
  BOOST_TEST((part_of(both, 5).bytes == after.bytes));
  BOOST_TEST((part_of(both, 9).bytes == after.bytes)); // a version it does not know goes on from the newest
}

BOOST_AUTO_TEST_CASE(a_state_of_one_is_taken_as_it_is) {
  for (const auto& state : {state_of(3, {}), state_of(3, {1, 2, 3}),
                            state_of(3, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})}) {
    BOOST_TEST(!holds_two(state));
    BOOST_TEST((part_of(state, 5) == state));
  }
  auto cut = joined(over, state_of(3, {1, 2, 3}), state_of(5, {7}));
  cut.bytes.resize(17);
  BOOST_TEST(!holds_two(cut));
}

BOOST_AUTO_TEST_CASE(empty_memories_stay_empty) {
  const auto both = joined(over, state_of(3, {}), state_of(5, {}));
  BOOST_TEST(part_of(both, 3).bytes.empty());
  BOOST_TEST(part_of(both, 5).bytes.empty());
}

BOOST_AUTO_TEST_CASE(the_event_time_decides_who_judges) {
  detect_request asked;
  asked.samples = {{noon - millis{1}, 0}, {noon, 0}, {noon + millis{1}, 0}};
  const auto said = merged(over, asked, answer_of(1, state_of(3, {1}), 3), answer_of(2, state_of(5, {2}), 3));
  BOOST_TEST(said.verdicts[0].score == 1);
  BOOST_TEST(said.verdicts[0].model == 3);
  BOOST_TEST(said.verdicts[1].score == 2);
  BOOST_TEST(said.verdicts[1].model == 5);
  BOOST_TEST(said.verdicts[2].model == 5);
}

BOOST_AUTO_TEST_CASE(who_judges_is_the_newest_version_whose_time_has_come) {
  const auto made = [](std::uint16_t number, int at, int from) {
    return model_activation{number, {}, noon + std::chrono::minutes{from}, noon + std::chrono::minutes{at}, {}};
  };
  const auto judging = [](const std::vector<model_activation>& newest_first, int at) {
    const auto* found = judging_at(newest_first, noon + std::chrono::minutes{at});
    return found ? found->number : 0;
  };
  BOOST_TEST(judging({}, 0) == 0);
  BOOST_TEST(judging({made(2, 0, 10)}, 9) == 0);
  BOOST_TEST(judging({made(2, 0, 10)}, 10) == 2);
  BOOST_TEST(judging({made(3, 20, 30), made(2, 0, 10)}, 29) == 2);
  // 2 was still warming up when 3 was made: it never judges.
  BOOST_TEST(judging({made(3, 5, 15), made(2, 0, 10)}, 12) == 0);
  BOOST_TEST(judging({made(3, 5, 15), made(2, 0, 10), made(1, -50, -40)}, 12) == 1);
  BOOST_TEST(judging({made(3, 5, 15), made(2, 0, 10)}, 15) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
