// Which model shall judge next: by people, by the budget, by training anew.
#include "app/model_chooser.hpp"
#include "core/score_calibration.hpp"
#include "model/default_model.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fstream>
#include <future>
#include <random>
#include <sys/resource.h>

namespace coldvigil::test {
namespace {

constexpr timestamp start = from_ms(1'767'571'200'000);
constexpr std::uint16_t present = 4;

struct world {
  temp_dir folder;
  settings config;
  now_board board;
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  memory_store store{storage};
  std::unique_ptr<store_reader> reader = std::move(store.make_reader().value());
  std::unique_ptr<model_chooser> chooser;
  std::vector<std::string> outcomes; ///< of retrainings
  int niceness = 0;                  ///< of the thread that chose
  timestamp now = start + std::chrono::days{40};

  world() {
    config.model.registry = folder.path("models");
    config.customers.resize(2);
    config.customers[0].customer_code = "A";
    config.customers[1].customer_code = "B";
  }
  model_registry models() { return model_registry(config.model.registry); }
  std::string version(std::uint64_t seed) {
    model_file model = read_model(default_model(), "shipped").value();
    model.seed = seed;
    return models().add(write_model(model).value(), "memory").value();
  }
  /// Customers A and B with units of 35 days, one reading an hour, whose scores are draws of an exponential tail.
  void give_history(std::size_t units_each, double scale) {
    std::mt19937_64 random{5};
    std::exponential_distribution<double> draw{1 / scale};
    std::vector<std::shared_ptr<const customer_now>> all;
    std::int64_t point = 0;
    for (std::int64_t c = 1; c <= 2; ++c) {
      auto directory = std::make_shared<customer_directory>();
      directory->customer = std::make_shared<customer_record>(
          customer_record{customer_id{c}, uuid{}, c == 1 ? "A" : "B", c == 1 ? "A" : "B", start});
      auto now_of = std::make_shared<customer_now>();
      auto block = std::make_shared<unit_block>();
      for (std::size_t i = 0; i < units_each; ++i) {
        auto unit = std::make_shared<unit_record>();
        unit->id = unit_id{++point};
        unit->point = point_id{point};
        unit->customer = customer_id{c};
        unit->code = "u" + std::to_string(point);
        unit->range = {-25'000, -15'000};
        unit_now of;
        of.unit = std::move(unit);
        block->push_back(std::move(of));
        for (int hour = 0; hour < 40 * 24; ++hour) {
          judged_reading one;
          one.at = start + std::chrono::hours{hour};
          one.value = -20'000 + static_cast<milli_celsius>(random() % 1000);
          one.model = present;
          one.state = score_state::scored;
          one.score = static_cast<float>(0.3 + draw(random));
          storage->readings[point][one.at] = one;
          storage->sealed_through[point] = one.at;
        }
      }
      now_of->directory = std::move(directory);
      now_of->unit_count = block->size();
      now_of->blocks = {std::move(block)};
      all.push_back(std::move(now_of));
    }
    board.publish(std::move(all), 0);
  }
  void start_chooser() {
    chooser = std::make_unique<model_chooser>(config, board, std::string(shipped_version),
                                              [this](const std::string& outcome) { outcomes.push_back(outcome); });
  }
  model_chooser::answer next(millis later = std::chrono::seconds{5}) {
    if (!chooser) start_chooser();
    now += later;
    // On a thread of its own, as in the engine: its place in the queue for the processor is not the caller's.
    const auto on_its_thread = [&] {
      auto found = chooser->next(*reader, present, now);
      niceness = getpriority(PRIO_PROCESS, 0);
      return found;
    };
    return std::async(std::launch::async, on_its_thread).get();
  }
  /// A day later something may be due.
  model_chooser::answer next_day() {
    (void)next();
    return next(std::chrono::days{1});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_choosing, world)

BOOST_AUTO_TEST_CASE(what_people_made_active_comes_next_and_once) {
  BOOST_TEST(!next().value().has_value());
  const std::string wanted = version(11);
  BOOST_REQUIRE(models().activate(wanted, "anna", now).ok());
  const auto found = next().value();
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->version == wanted);
  BOOST_TEST(found->who == "anna");
  BOOST_TEST((found->warm_up == std::chrono::minutes{10})); // the same windows: nothing has to warm up
  BOOST_TEST(!next().value().has_value());                  // asked already
  chooser->taken(wanted);
  BOOST_TEST(!next().value().has_value());
  BOOST_REQUIRE(models().rollback("ben", now).ok());
  BOOST_TEST(next().value()->version == shipped_version);
}

BOOST_AUTO_TEST_CASE(it_works_behind_what_readings_need_of_the_processor) {
  BOOST_REQUIRE(next().ok());
  BOOST_TEST(niceness >= 10);
}

BOOST_AUTO_TEST_CASE(another_autoencoder_warms_up_for_hours) {
  model_file other = read_model(default_model(), "shipped").value();
  other.weights.output[0] += 1;
  const auto added = models().add(write_model(other).value(), "memory").value();
  BOOST_REQUIRE(models().activate(added, "anna", now).ok());
  BOOST_TEST((next().value()->warm_up == std::chrono::hours{6}));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_damaged_since_is_refused_once_and_the_running_one_stays) {
  const std::string wanted = version(11);
  BOOST_REQUIRE(models().activate(wanted, "anna", now).ok());
  std::ofstream(folder.path("models/" + wanted + ".cvm")) << "PK";
  BOOST_TEST(!next().ok());
  BOOST_TEST(!next().value().has_value());
}

BOOST_AUTO_TEST_CASE(the_calibration_follows_the_fleet_and_what_was_achieved_is_shown) {
  give_history(40, 0.25); // wilder than usual: far more alarms than the budget
  const auto found = next_day().value();
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->who == "calibration");
  const auto file = read_model(models().read(found->version).value(), "memory").value();
  BOOST_REQUIRE(file.tail.has_value());
  BOOST_TEST(course_threshold(file.tail, config.model.budget) > 1.5);
  BOOST_TEST(!file.calibrated_on.empty());
  BOOST_TEST(models().active().value().value() == found->version);
  const std::string metrics = chooser->metrics_text();
  BOOST_TEST(metrics.find("coldvigil_model_budget 0.5") != std::string::npos);
  BOOST_TEST(metrics.find("coldvigil_model_alarms_per_unit_month 0\n") == std::string::npos);
  chooser->taken(found->version);
  BOOST_TEST(!next_day().value().has_value()); // not due again for a week
}

BOOST_AUTO_TEST_CASE(too_little_changes_nothing) {
  give_history(2, 0.25);
  BOOST_TEST(!next_day().value().has_value());
  BOOST_TEST(!models().active().value().has_value());
}

BOOST_AUTO_TEST_CASE(nobody_is_trained_on_who_did_not_agree) {
  config.model.refit_days = 0;
  config.model.retrain_days = 1;
  give_history(12, 0.05);
  BOOST_TEST(!next_day().value().has_value());
  BOOST_TEST(!next(std::chrono::days{2}).value().has_value());
  BOOST_REQUIRE(!outcomes.empty());
  BOOST_TEST(outcomes[0].starts_with("not begun: 0 units"));
  BOOST_TEST(chooser->metrics_text().find("retrainings_total{outcome=\"broken_off\"} 0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_could_not_begin_is_tried_the_next_day_and_a_restart_puts_nothing_off) {
  config.model.refit_days = 0;
  config.model.retrain_days = 30; // the customers are there for 40
  give_history(2, 0.05);
  BOOST_TEST(!next().value().has_value());
  BOOST_TEST(outcomes.size() == 1U);
  BOOST_TEST(!next().value().has_value());
  BOOST_TEST(outcomes.size() == 1U);
  BOOST_TEST(!next(std::chrono::days{1}).value().has_value()); // it also looks back then
  BOOST_TEST(!next().value().has_value());
  BOOST_TEST(outcomes.size() == 2U);
  BOOST_REQUIRE(models().note_retraining({now, "taken: loss 1"}).ok());
  start_chooser();
  BOOST_TEST(!next(std::chrono::days{29}).value().has_value());
  BOOST_TEST(outcomes.size() == 2U);
  BOOST_TEST(models().last_retraining().value()->outcome == "taken: loss 1");
}

BOOST_AUTO_TEST_CASE(a_retraining_gives_way_to_what_people_made_active) {
  config.model.refit_days = 0;
  config.customers[1].training = true;
  give_history(12, 0.05);
  const std::string wanted = version(11);
  storage->before_reading = [&](point_id) { // for the retraining, which is due
    BOOST_REQUIRE(models().activate(wanted, "anna", now).ok());
    storage->before_reading = {};
  };
  BOOST_TEST(!next().value().has_value());
  BOOST_REQUIRE(outcomes.size() == 1U);
  BOOST_TEST(outcomes[0].starts_with("broken off"));
  BOOST_TEST(next().value()->version == wanted);
}

BOOST_AUTO_TEST_CASE(an_autoencoder_trained_anew_is_taken_only_when_it_is_no_worse_and_names_its_customers) {
  config.model.refit_days = 0;
  config.model.retrain_days = 1;
  config.customers[1].training = true;
  give_history(12, 0.05); // noise without memory: no model is much better on it
  storage->before_reading = [](point_id point) { BOOST_TEST(number(point) > 12); }; // A did not agree
  const auto found = next();
  BOOST_REQUIRE(found.ok());
  const auto all = models().list().value();
  BOOST_TEST(all.size() == (*found ? 2U : 1U));
  BOOST_REQUIRE(outcomes.size() == 1U);
  BOOST_TEST(outcomes[0].starts_with(*found ? "taken: loss" : "not taken: loss"));
  BOOST_TEST(models().last_retraining().value()->outcome == outcomes[0]);
  if (!*found) return;
  const auto file = read_model(models().read((*found)->version).value(), "memory").value();
  BOOST_TEST((file.customers == std::vector<std::string>{"B"}));
  BOOST_TEST((*found)->who == "retraining");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
