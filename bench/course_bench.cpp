// Nanoseconds of processor time a reading of the course score: the fold alone, behind the detector port with the
// state's bytes, and behind it as served under overload (the autoencoder's memory beside it, no reconstruction errors).
// To compare with on the same machine: a plain copy of the state's bytes.
//
//   course_bench [UNITS]
//
// One thread. Every step takes one reading of every unit, as an engine's micro-batch does, for two simulated days after
// two days of learning; the mean over all of them.
#include "core/time.hpp"
#include "model/course_detector.hpp"
#include "model/course_score.hpp"
#include "model/course_state.hpp"
#include "model/default_model.hpp"
#include "model/paired_detector.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <vector>

namespace {

using namespace coldvigil;

/// A cycling unit of -20 °C with noise, in m°C.
milli_celsius value_at(std::size_t unit, std::size_t step, int spacing_s, std::mt19937& random) {
  const double minutes = static_cast<double>(step) * spacing_s / 60 + static_cast<double>(unit);
  const double noise = static_cast<double>(random() % 200) - 100;
  return static_cast<milli_celsius>(std::lround(-20'000 + 900 * std::sin(minutes / 4.5) + noise));
}

/// Of the processor: what else runs on the machine meanwhile counts by what it does to the caches alone.
double seconds_of(const auto& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

/// Units behind one detector.
class served_units {
 public:
  served_units(std::unique_ptr<detector> with, std::size_t units)
      : with_{std::move(with)}, requests_(units), copies_(units) {
    with_->give_errors(false);
  }

  /// One reading of each; the seconds that it took.
  double step(const std::vector<detect_sample>& readings) {
    for (std::size_t unit = 0; unit < requests_.size(); ++unit)
      requests_[unit].samples.assign(1, readings[unit]);
    std::vector<detect_answer> answers;
    const double seconds = seconds_of([&] { answers = with_->step(requests_); });
    for (std::size_t unit = 0; unit < requests_.size(); ++unit)
      requests_[unit].state = std::move(answers[unit].state);
    return seconds;
  }

  double copy_states() {
    return seconds_of([&] {
      for (std::size_t unit = 0; unit < requests_.size(); ++unit)
        copies_[unit] = requests_[unit].state.bytes;
    });
  }

 private:
  std::unique_ptr<detector> with_;
  std::vector<detect_request> requests_;
  std::vector<std::vector<std::byte>> copies_;
};

void measure(std::size_t units, int spacing_s) {
  const auto steps = static_cast<std::size_t>(2 * 86'400 / spacing_s);
  const timestamp start = from_ms(1'750'000'000'000);
  std::vector<unit_course> courses(units);
  served_units alone{make_course_detector(), units};
  served_units paired{load_pair(default_model(), "the shipped model", 0.5).value(), units};
  std::vector<detect_sample> readings(units);
  std::mt19937 random{1};
  double folding = 0, behind_port = 0, as_served = 0, copying = 0;
  for (std::size_t step = 0; step < 2 * steps; ++step) {
    const timestamp at = start + std::chrono::seconds{static_cast<std::int64_t>(step) * spacing_s};
    for (std::size_t unit = 0; unit < units; ++unit)
      readings[unit] = {at, value_at(unit, step, spacing_s, random), true};
    const double fold_s = seconds_of([&] {
      for (std::size_t unit = 0; unit < units; ++unit)
        fold(courses[unit], at, readings[unit].value, course_rules{});
    });
    const double port_s = alone.step(readings);
    const double pair_s = paired.step(readings);
    const double copy_s = alone.copy_states();
    if (step < steps) continue;
    folding += fold_s;
    behind_port += port_s;
    as_served += pair_s;
    copying += copy_s;
  }
  const double a_reading = 1e9 / static_cast<double>(steps * units);
  std::printf("%10d %10.0f %10.0f %10.0f %10.0f\n", spacing_s, folding * a_reading, behind_port * a_reading,
              as_served * a_reading, copying * a_reading);
}

} // namespace

int main(int argc, char** argv) {
  const auto units = static_cast<std::size_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 512);
  std::printf("%zu units, state %zu bytes, one thread\n%10s %10s %10s %10s %10s\n", units, course_state_bytes,
              "spacing, s", "fold, ns", "port, ns", "served, ns", "copy, ns");
  for (const int spacing_s : {60, 300, 900})
    measure(units, spacing_s);
}
