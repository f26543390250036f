#include "model/default_model.hpp"
#include "model/detector.hpp"
#include "model/model_file.hpp"
#include "tests/model/healthy_unit.hpp"
#include "tests/model/slow_autoencoder.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <cmath>
#include <cstring>
#include <optional>

using namespace coldvigil;
using namespace coldvigil::testing;

namespace {

std::unique_ptr<detector> shipped() {
  auto made = load_detector_bytes(default_model(), "shipped");
  return std::move(made).value();
}

std::vector<detect_sample> samples_of(const std::vector<training_reading>& readings) {
  std::vector<detect_sample> out;
  for (const auto& one : readings)
    out.push_back({one.at, one.value, true});
  return out;
}

detect_answer run(detector& on, const detector_state& state, std::vector<detect_sample> samples) {
  std::vector<detect_request> requests{{state, std::move(samples)}};
  return std::move(on.step(requests).front());
}

bool same(const verdict& a, const verdict& b) {
  return a.state == b.state && std::memcmp(&a.score, &b.score, sizeof a.score) == 0;
}

/// Share of the scored verdicts over the threshold.
double share_over(const std::vector<verdict>& verdicts, std::size_t from = 0) {
  std::size_t scored = 0;
  std::size_t over = 0;
  for (std::size_t i = from; i < verdicts.size(); ++i) {
    if (verdicts[i].state != score_state::scored) continue;
    ++scored;
    over += verdicts[i].score > 1 ? 1 : 0;
  }
  return scored == 0 ? 0 : static_cast<double>(over) / static_cast<double>(scored);
}

/// One unit's way through any cut of its readings and any company.
struct cut_case {
  std::vector<std::vector<detect_sample>> units;
  std::vector<std::vector<verdict>> verdicts;
  std::vector<detector_state> states;
  std::vector<std::size_t> done;

  explicit cut_case(std::vector<std::vector<detect_sample>> of)
      : units{std::move(of)}, verdicts(units.size()), states(units.size()), done(units.size()) {}

  void advance(detector& on, const std::vector<std::pair<std::size_t, std::size_t>>& unit_and_count) {
    std::vector<detect_request> requests;
    std::vector<std::size_t> order;
    for (const auto& [unit, count] : unit_and_count) {
      const auto first = units[unit].begin() + static_cast<std::ptrdiff_t>(done[unit]);
      const auto part = std::min(count, units[unit].size() - done[unit]);
      requests.push_back({states[unit], {first, first + static_cast<std::ptrdiff_t>(part)}});
      order.push_back(unit);
      done[unit] += part;
    }
    auto answers = on.step(requests);
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto& all = verdicts[order[i]];
      all.insert(all.end(), answers[i].verdicts.begin(), answers[i].verdicts.end());
      states[order[i]] = std::move(answers[i].state);
    }
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_window_detector)

BOOST_AUTO_TEST_CASE(neither_cut_nor_company_changes_a_bit) {
  const auto on = shipped();
  std::vector<std::vector<detect_sample>> units;
  for (std::uint64_t i = 0; i < 4; ++i)
    units.push_back(samples_of(healthy_unit{.set_point = -20.0 + 8 * static_cast<double>(i), .seed = i}.readings(
        long_ago, 150, i % 2 == 0 ? 300 : 60)));
  cut_case at_once{units};
  for (std::size_t i = 0; i < units.size(); ++i)
    at_once.advance(*on, {{i, units[i].size()}});
  BOOST_TEST(rc::check([&] {
    cut_case cut{units};
    while (cut.done != at_once.done) {
      std::vector<std::pair<std::size_t, std::size_t>> turn;
      for (std::size_t unit = 0; unit < units.size(); ++unit)
        if (const auto count = *rc::gen::weightedElement<std::size_t>({{2, 0}, {3, 1}, {2, 7}, {1, 40}, {1, 90}}))
          turn.push_back({unit, count});
      if (*rc::gen::arbitrary<bool>()) std::reverse(turn.begin(), turn.end());
      cut.advance(*on, turn);
    }
    for (std::size_t unit = 0; unit < units.size(); ++unit) {
      RC_ASSERT(std::equal(cut.verdicts[unit].begin(), cut.verdicts[unit].end(), at_once.verdicts[unit].begin(), same));
      RC_ASSERT(cut.states[unit] == at_once.states[unit]);
    }
  }));
}

BOOST_AUTO_TEST_CASE(what_is_not_wanted_moves_the_state_all_the_same) {
  const auto on = shipped();
  auto samples = samples_of(healthy_unit{}.readings(long_ago, 200, 300));
  const auto wanted = run(*on, {}, samples);
  for (std::size_t i = 0; i < 199; ++i)
    samples[i].wanted = false;
  const auto last = run(*on, {}, samples);
  BOOST_TEST((last.state == wanted.state));
  BOOST_TEST(last.verdicts.size() == 200U);
  BOOST_TEST(same(last.verdicts.back(), wanted.verdicts.back()));
}

BOOST_AUTO_TEST_CASE(the_widest_weights_that_a_file_may_hold_give_scores_that_are_numbers) {
  auto wild = read_model(default_model(), "shipped").value();
  for (auto* array : arrays_of(wild.weights))
    for (float& weight : *array)
      weight = std::copysign(1e6F, weight);
  wild.threshold = 1e-6;
  const auto made = load_detector_bytes(write_model(wild).value(), "memory");
  BOOST_REQUIRE(made.ok());
  const auto samples = samples_of(healthy_unit{}.readings(long_ago, 400, 300));
  std::size_t scored = 0;
  for (const verdict& each : run(*shipped(), {}, samples).verdicts) {
    BOOST_TEST((each.state != score_state::scored || each.error == each.score));
    scored += each.state == score_state::scored ? 1 : 0;
  }
  BOOST_TEST(scored > 300U);
  for (const verdict& each : run(**made, {}, samples).verdicts)
    scored -= each.state == score_state::scored && std::isfinite(each.score) ? 1 : 0;
  BOOST_TEST(scored == 0U);
}

BOOST_AUTO_TEST_CASE(the_first_readings_are_warming) {
  const auto on = shipped();
  const auto answer = run(*on, {}, samples_of(healthy_unit{}.readings(long_ago, 100, 300)));
  for (std::size_t i = 0; i < answer.verdicts.size(); ++i) {
    const bool scored = i + 1 >= 48;
    BOOST_TEST((answer.verdicts[i].state == (scored ? score_state::scored : score_state::warming)));
    BOOST_TEST(std::isfinite(answer.verdicts[i].score) == scored);
  }
}

BOOST_AUTO_TEST_CASE(healthy_units_stay_quiet_and_an_offset_shows_at_once) {
  const auto on = shipped();
  for (const int interval_s : {10, 60, 300}) {
    double over = 0;
    for (std::uint64_t seed = 100; seed < 106; ++seed) {
      const double set_point = seed % 2 == 0 ? -20 : 4;
      auto readings = healthy_unit{.set_point = set_point, .seed = seed}.readings(long_ago, 4000, interval_s);
      const auto healthy = run(*on, {}, samples_of(readings));
      over += share_over(healthy.verdicts) / 6;

      timestamp at = readings.back().at;
      std::vector<detect_sample> faulty;
      for (int i = 0; i < 10; ++i)
        faulty.push_back(
            {at += std::chrono::seconds{interval_s}, static_cast<milli_celsius>((set_point + 20) * 1000), true});
      const auto answer = run(*on, healthy.state, faulty);
      BOOST_TEST(answer.verdicts[4].score > 1);
      BOOST_TEST(answer.verdicts[9].score > 1);
    }
    BOOST_TEST_MESSAGE("share of healthy windows over the threshold at " << interval_s << " s: " << over);
    BOOST_TEST(over < 0.02);
  }
}

BOOST_AUTO_TEST_CASE(a_switch_of_the_interval_is_no_flood) {
  const auto on = shipped();
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const healthy_unit unit{.seed = seed};
    // One unit, one past: five minutes, then ten seconds, then five minutes again.
    const auto fine = unit.readings(long_ago, 8640 * 4, 10);
    std::vector<training_reading> mixed;
    for (std::size_t i = 0; i < fine.size(); ++i)
      if (i % 30 == 0 || (i > 8640 * 2 && i < 8640 * 3)) mixed.push_back(fine[i]);
    const auto answer = run(*on, {}, samples_of(mixed));
    for (const std::size_t at : {std::size_t{576}, std::size_t{576 + 8640 - 100}}) {
      const std::vector<verdict> around{answer.verdicts.begin() + static_cast<std::ptrdiff_t>(at),
                                        answer.verdicts.begin() + static_cast<std::ptrdiff_t>(at + 200)};
      BOOST_TEST(share_over(around) < 0.05);
    }
    BOOST_TEST(share_over(answer.verdicts) < 0.02);
  }
}

BOOST_AUTO_TEST_CASE(a_foreign_or_damaged_state_starts_anew) {
  const auto on = shipped();
  const auto samples = samples_of(healthy_unit{}.readings(long_ago, 120, 300));
  const auto good = run(*on, {}, samples);
  const detect_sample next{good.state.as_of + std::chrono::minutes{5}, -20'000, true};
  BOOST_TEST((run(*on, good.state, {next}).verdicts[0].state == score_state::scored));

  model_file other;
  other.threshold = 1;
  other.weights = random_weights(32, 4, 1);
  const auto foreign = load_detector_bytes(write_model(other).value(), "other");
  BOOST_TEST((run(**foreign, good.state, {next}).verdicts[0].state == score_state::warming));
  for (std::size_t at = 0; at < good.state.bytes.size(); ++at) {
    auto bad = good.state;
    bad.bytes[at] ^= std::byte{0x40};
    const auto answer = run(*on, bad, {next});
    BOOST_REQUIRE((answer.verdicts[0].state == score_state::warming));
    BOOST_REQUIRE((answer.state.as_of == next.at));
  }
  // The caller numbers model versions.
  auto numbered = good.state;
  numbered.model = 7;
  BOOST_TEST(run(*on, numbered, {next}).state.model == 7);
}

BOOST_AUTO_TEST_CASE(another_calibration_of_the_same_network_goes_on) {
  const auto on = shipped();
  const auto good = run(*on, {}, samples_of(healthy_unit{}.readings(long_ago, 120, 300)));
  model_file calibrated = read_model(default_model(), "shipped").value();
  calibrated.calibrated_on = "another fleet";
  const auto again = load_detector_bytes(write_model(calibrated).value(), "calibrated");
  const detect_sample next{good.state.as_of + std::chrono::minutes{5}, -20'000, true};
  BOOST_TEST(((*again)->info().sha256_hex != on->info().sha256_hex));
  BOOST_TEST((run(**again, good.state, {next}).verdicts[0].state == score_state::scored));
}

BOOST_AUTO_TEST_CASE(no_value_makes_a_score_that_is_no_number) {
  const auto on = shipped();
  BOOST_TEST(rc::check([&] {
    std::vector<detect_sample> samples;
    std::int64_t ms = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000);
    const auto values = *rc::gen::container<std::vector<milli_celsius>>(
        120, rc::gen::oneOf(rc::gen::arbitrary<milli_celsius>(), rc::gen::element(-273'150, 1'000'000, 0, -20'000)));
    for (const auto value : values)
      samples.push_back({from_ms(ms += *rc::gen::inRange(1, 400'000)), value, true});
    for (const auto& one : run(*on, {}, samples).verdicts) {
      RC_ASSERT(std::isfinite(one.score) == (one.state == score_state::scored));
      RC_ASSERT(!(one.score < 0));
    }
  }));
}

BOOST_AUTO_TEST_CASE(nothing_asked_is_nothing_answered) {
  const auto on = shipped();
  BOOST_TEST(on->step({}).empty());
  const auto answer = run(*on, {}, {});
  BOOST_TEST(answer.verdicts.empty());
  BOOST_TEST(answer.state.bytes.empty());
}

BOOST_AUTO_TEST_CASE(the_reconstruction_is_that_of_the_newest_score) {
  const auto on = shipped();
  const auto readings = healthy_unit{}.readings(long_ago, 300, 300);
  const auto answer = run(*on, {}, samples_of(readings));
  const auto picture = on->reconstruct(answer.state);
  BOOST_REQUIRE(picture.ok());
  BOOST_REQUIRE(picture->actual.size() == 32U);
  BOOST_REQUIRE(picture->reconstructed.size() == 32U);
  for (std::size_t i = 0; i < 32; ++i)
    BOOST_TEST(picture->actual[i] == readings[268 + i].value);
  BOOST_TEST(picture->threshold == on->info().threshold);
  BOOST_TEST(static_cast<float>(picture->error / picture->threshold) == answer.verdicts.back().score);
  BOOST_TEST(!on->reconstruct({}).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_prediction)

BOOST_AUTO_TEST_CASE(a_single_value_is_judged_by_the_band) {
  const auto on = shipped();
  const double good = -22.5;
  const auto inside = on->predict({&good, 1}, -25, -18, 3, nullptr);
  BOOST_REQUIRE(inside.ok());
  BOOST_TEST(inside->temperature == -22.5);
  BOOST_TEST(!inside->raw_anomaly);
  BOOST_TEST(!inside->persistence_alert);
  BOOST_TEST(!inside->bounds_breach);
  BOOST_TEST(!inside->hybrid_alert);
  const double warm = -10;
  const auto breach = on->predict({&warm, 1}, -25, -18, 3, nullptr);
  BOOST_TEST(breach->bounds_breach);
  BOOST_TEST(breach->hybrid_alert);
  BOOST_TEST(breach->reconstruction_error > inside->reconstruction_error);
  for (const double edge : {-25.0, -18.0})
    BOOST_TEST(!on->predict({&edge, 1}, -25, -18, 3, nullptr)->bounds_breach);
}

BOOST_AUTO_TEST_CASE(persistence_needs_that_many_windows_over_the_threshold) {
  const auto on = shipped();
  std::vector<double> line(40, -21.5);
  line.insert(line.end(), 6, 300.0);
  const auto three = on->predict(line, -25, -18, 3, nullptr);
  BOOST_TEST(three->raw_anomaly);
  BOOST_TEST(three->persistence_alert);
  BOOST_TEST(!on->predict(line, -25, -18, 7, nullptr)->persistence_alert);
  const double alone = 90;
  BOOST_TEST(!on->predict({&alone, 1}, -25, -18, 3, nullptr)->persistence_alert);
}

BOOST_AUTO_TEST_CASE(with_a_state_the_unit_s_own_window_goes_before) {
  const auto on = shipped();
  const auto readings = healthy_unit{.set_point = -75}.readings(long_ago, 600, 300);
  const auto answer = run(*on, {}, samples_of(readings));
  const double usual = in_celsius(readings.back().value);
  BOOST_TEST(!on->predict({&usual, 1}, -80, -70, 3, &answer.state)->raw_anomaly);
  const std::vector<double> far(3, -40);
  const auto shifted = on->predict(far, -80, -70, 3, &answer.state);
  BOOST_TEST(shifted->raw_anomaly);
  BOOST_TEST(shifted->hybrid_alert);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  const auto on = shipped();
  const double value = -20;
  BOOST_TEST(!on->predict({}, -25, -18, 3, nullptr).ok());
  BOOST_TEST(!on->predict({&value, 1}, -18, -25, 3, nullptr).ok());
  BOOST_TEST(!on->predict({&value, 1}, -25, -18, 0, nullptr).ok());
  BOOST_TEST(!on->predict({&value, 1}, -25, -18, 1'000'000, nullptr).ok());
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 5000.0, -300.0})
    BOOST_TEST(!on->predict({&bad, 1}, -25, -18, 3, nullptr).ok());
  BOOST_TEST(!on->predict({&value, 1}, std::nan(""), -18, 3, nullptr).ok());
}

BOOST_AUTO_TEST_SUITE_END()
