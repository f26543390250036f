// Another version warms up beside the present one and takes over at the committed event time.
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

constexpr millis ten_minutes = std::chrono::minutes{10};

/// Score = how many readings it has seen of the unit: it shows whether it was warmed up.
class counting_detector final : public detector {
 public:
  [[nodiscard]] const model_info& info() const override { return info_; }
  std::vector<detect_answer> step(std::span<detect_request> requests) override {
    std::vector<detect_answer> out;
    for (const detect_request& request : requests) {
      detect_answer answer{request.state, {}};
      auto& bytes = answer.state.bytes;
      for (std::size_t i = 0; i < request.samples.size(); ++i) {
        bytes.push_back(std::byte{1});
        verdict said;
        said.score = 0.001F * static_cast<float>(bytes.size());
        said.state = score_state::scored;
        answer.verdicts.push_back(said);
      }
      out.push_back(std::move(answer));
    }
    return out;
  }
  result<reconstruction> reconstruct(const detector_state&) override { return failure{}; }
  result<prediction> predict(std::span<const double>, double, double, std::size_t, const detector_state*) override {
    return failure{};
  }

  explicit counting_detector(char made = 'b') : info_{"counting", std::string(64, made), 1, 1, "nothing"} {}

 private:
  model_info info_;
};

struct takeover {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::optional<result<actors::model_candidate>> offered{};
  std::vector<model_activation> taken{};
  std::vector<std::string> refused{};
  std::unique_ptr<running> run;

  takeover() { start(); }
  void start(std::shared_ptr<detector> scorer = {}, std::shared_ptr<detector> next = {}) {
    run.reset();
    run = std::make_unique<running>(storage, actors::engine_limits{}, 1000, [&](actors::engine_parts& parts) {
      auto desk = std::make_shared<actors::model_desk>();
      desk->next = [this](store_reader&, std::uint16_t, timestamp) -> actors::model_desk::answer {
        const auto now = std::exchange(offered, std::nullopt);
        if (!now) return std::optional<actors::model_candidate>{};
        if (!now->ok()) return now->error();
        return std::optional(**now);
      };
      desk->taken = [this](const model_activation& what) { taken.push_back(what); };
      desk->refused = [this](const failure& why) { refused.push_back(why.what); };
      parts.models = std::move(desk);
      parts.version = "first";
      if (scorer) parts.scorer = scorer;
      parts.next = next;
    });
    run->register_unit("u1");
  }
  void offer() {
    const char made = static_cast<char>('b' + taken.size());
    offered =
        actors::model_candidate{std::make_shared<counting_detector>(made), "second", "anna", "a test", ten_minutes};
    run->advance(std::chrono::seconds{5});
    run->finish();
  }
  const judged_reading& reading(timestamp at) { return storage->readings[1].at(at); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_takeovers, takeover)

BOOST_AUTO_TEST_CASE(the_version_at_the_start_is_committed_once) {
  BOOST_REQUIRE(storage->activations.size() == 1U);
  BOOST_TEST(storage->activations[0].version == "first");
  start();
  BOOST_TEST(storage->activations.size() == 1U);
}

BOOST_AUTO_TEST_CASE(another_version_takes_over_warm_at_the_committed_time) {
  offer();
  BOOST_REQUIRE(taken.size() == 1U);
  BOOST_TEST((storage->activations.back() == taken[0]));
  BOOST_TEST(taken[0].number == 2);
  BOOST_TEST(taken[0].who == "anna");
  const timestamp from = taken[0].from;
  BOOST_TEST((from - taken[0].at == ten_minutes));
  run->post("u1", {{from - 3 * ten_minutes, -20'000}, {from - millis{1}, -20'000}, {from, -20'000}});
  BOOST_TEST(reading(from - millis{1}).model == 1);
  BOOST_TEST(reading(from - millis{1}).score == 0);
  BOOST_TEST(reading(from).model == 2);
  BOOST_TEST(reading(from).score == 0.003F);        // it has seen all three
  run->post("u1", {{from - ten_minutes, -20'000}}); // late: the old version judges it, the new one has seen it
  BOOST_TEST(reading(from - ten_minutes).model == 1);
  BOOST_TEST(reading(from).score == 0.004F);
}

BOOST_AUTO_TEST_CASE(the_old_version_goes_after_a_day_and_nothing_is_forgotten) {
  offer();
  const timestamp from = taken[0].from;
  run->post("u1", {{from - millis{1}, -20'000}, {from, -20'000}});
  run->advance(std::chrono::days{2});
  run->post("u1", {{from + millis{1}, -20'000}});
  BOOST_TEST(reading(from + millis{1}).model == 2);
  BOOST_TEST(reading(from + millis{1}).score == 0.003F);
}

BOOST_AUTO_TEST_CASE(a_version_that_judges_already_goes_on_while_the_next_one_warms_up) {
  offer();
  const timestamp first = taken[0].from;
  run->advance(2 * ten_minutes);
  run->post("u1", {{first + millis{1}, -20'000}});
  offer();
  BOOST_REQUIRE(taken.size() == 2U);
  BOOST_TEST(taken[1].number != taken[0].number);
  const timestamp second = taken[1].from;
  run->post("u1", {{second - millis{1}, -20'000}, {second, -20'000}});
  BOOST_TEST(reading(first + millis{1}).model == taken[0].number);
  BOOST_TEST(reading(second - millis{1}).model == taken[0].number);
  BOOST_TEST(reading(second).model == taken[1].number);
}

BOOST_AUTO_TEST_CASE(a_restart_meanwhile_keeps_the_committed_time) {
  offer();
  const timestamp from = taken[0].from;
  run->post("u1", {{from - 2 * ten_minutes, -20'000}});
  start({}, std::make_shared<counting_detector>());
  BOOST_TEST(storage->activations.size() == 2U);
  run->post("u1", {{from - millis{1}, -20'000}, {from, -20'000}});
  BOOST_TEST(reading(from - millis{1}).model == 1);
  BOOST_TEST(reading(from).model == 2);
  BOOST_TEST(reading(from).score == 0.003F);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_told_and_the_present_one_stays) {
  offered = failure{error_code::corrupt, "its check sum is wrong"};
  run->advance(std::chrono::seconds{5});
  run->finish();
  BOOST_TEST((refused == std::vector<std::string>{"its check sum is wrong"}));
  BOOST_TEST(storage->activations.size() == 1U);
  offer(); // it goes on looking
  BOOST_TEST(taken.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
