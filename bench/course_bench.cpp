// Nanoseconds a reading of the course score: the fold alone, and behind the detector port with the state's bytes.
//
//   course_bench [UNITS]
//
// One thread. Every step takes one reading of every unit, as an engine's micro-batch does, for two simulated days after
// two days of learning; the mean over all of them.
#include "core/time.hpp"
#include "model/course_detector.hpp"
#include "model/course_score.hpp"
#include "model/course_state.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
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

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void measure(std::size_t units, int spacing_s) {
  const auto steps = static_cast<std::size_t>(2 * 86'400 / spacing_s);
  const timestamp start = from_ms(1'750'000'000'000);
  const auto with = make_course_detector();
  std::vector<unit_course> courses(units);
  std::vector<detect_request> requests(units);
  for (auto& request : requests)
    request.samples.resize(1);
  std::mt19937 random{1};
  double folding = 0, behind_port = 0;
  for (std::size_t step = 0; step < 2 * steps; ++step) {
    const timestamp at = start + std::chrono::seconds{static_cast<std::int64_t>(step) * spacing_s};
    for (std::size_t unit = 0; unit < units; ++unit)
      requests[unit].samples[0] = {at, value_at(unit, step, spacing_s, random), true};
    const double alone = seconds_of([&] {
      for (std::size_t unit = 0; unit < units; ++unit)
        fold(courses[unit], at, requests[unit].samples[0].value, course_rules{});
    });
    std::vector<detect_answer> answers;
    const double port = seconds_of([&] { answers = with->step(requests); });
    for (std::size_t unit = 0; unit < units; ++unit)
      requests[unit].state = std::move(answers[unit].state);
    if (step < steps) continue;
    folding += alone;
    behind_port += port;
  }
  const double readings = static_cast<double>(steps * units);
  std::printf("%10d %16.0f %16.0f\n", spacing_s, folding * 1e9 / readings, behind_port * 1e9 / readings);
}

} // namespace

int main(int argc, char** argv) {
  const auto units = static_cast<std::size_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 512);
  std::printf("%zu units, state %zu bytes, one thread\n%10s %16s %16s\n", units, course_state_bytes, "spacing, s",
              "fold, ns", "port, ns");
  for (const int spacing_s : {60, 300, 900})
    measure(units, spacing_s);
}
