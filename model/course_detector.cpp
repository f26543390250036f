#include "model/course_detector.hpp"

#include "model/course_score.hpp"
#include "model/course_state.hpp"
#include "model/model_file.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <span>

namespace coldvigil {
namespace {

/// Of the method: another one gives scores of another meaning.
constexpr std::string_view method = "course-1";
/// Of the threshold: below it what drove a score is not kept.
constexpr float worth_a_word = 0.5F;

class course_detector final : public detector {
 public:
  explicit course_detector(double threshold)
      : threshold_{static_cast<float>(threshold)}, info_{std::string(method),
                                                         sha256_hex(std::as_bytes(std::span{method})), 0, threshold,
                                                         "each unit's own readings"} {}

  [[nodiscard]] const model_info& info() const override { return info_; }

  std::vector<detect_answer> step(std::span<const detect_request> requests) override {
    std::vector<detect_answer> out(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      try {
        move_on(requests[i], out[i]);
      } catch (const std::exception&) {
        // No memory: the caller must get an answer for every sample, and goes on by its rules alone.
        out[i].verdicts.assign(requests[i].samples.size(), verdict{});
      }
    }
    return out;
  }

  result<reconstruction> reconstruct(const detector_state&) override { return no_window(); }
  result<prediction> predict(std::span<const double>, double, double, std::size_t, const detector_state*) override {
    return no_window();
  }

 private:
  void move_on(const detect_request& request, detect_answer& answer) const {
    answer.verdicts.reserve(request.samples.size());
    answer.state.model = request.state.model;
    if (request.samples.empty()) {
      answer.state = request.state;
      return;
    }
    auto known = load_course(request.state);
    unit_course& course = known ? *known : known.emplace();
    for (const detect_sample& sample : request.samples) {
      const course_verdict seen = fold(course, sample.at, sample.value, rules_);
      verdict judged;
      judged.state = seen.scored ? score_state::scored : score_state::warming;
      if (seen.scored) {
        judged.score = seen.score / threshold_;
        if (judged.score >= worth_a_word) judged.why.driver = seen.driver;
      }
      if (sample.wanted) judged.why.breach = time_to_breach(course.breach, request.low, request.high);
      answer.verdicts.push_back(judged);
    }
    save_course(course, answer.state);
  }
  static failure no_window() {
    return {error_code::not_found, "this detector keeps no window", "", "ask an autoencoder"};
  }

  course_rules rules_;
  float threshold_;
  model_info info_;
};

constexpr std::array<std::string_view, channel_count> words{"level, steps and cycling together are unlike this unit",
                                                            "the last hour is away from the usual course",
                                                            "the last three hours are away from the usual course",
                                                            "the last half day is away from the usual course",
                                                            "the last days are away from the usual course",
                                                            "readings jump more than usual",
                                                            "the temperature swings wider than usual",
                                                            "cycling is faster or slower than usual",
                                                            "a steady move to one side",
                                                            "the temperature swings less than usual",
                                                            "no cycling: the temperature stays on one side"};

std::string_view words_of(std::uint8_t channel) {
  if (channel >= 1 && channel <= words.size()) return words[channel - 1];
  if (channel == driver_stuck) return "the sensor shows the same value for longer than it ever did";
  if (channel == driver_spikes) return "the sensor jumps and comes back";
  if (channel == driver_mixed_units) return "the values look like degrees Fahrenheit";
  return "unlike this unit";
}

std::string formatted(const char* format, double a) {
  char text[64];
  std::snprintf(text, sizeof text, format, a);
  return text;
}

} // namespace

std::unique_ptr<detector> make_course_detector(double threshold) {
  return std::make_unique<course_detector>(threshold);
}

bool is_sensor_rule(const score_driver& driver) {
  return driver.channel >= driver_stuck;
}

std::string driver_text(const score_driver& driver) {
  std::string out(words_of(driver.channel));
  if (driver.lasting_min >= 1) out += formatted(", for %.0f min", static_cast<double>(driver.lasting_min));
  if (is_sensor_rule(driver)) return out;
  const double off = static_cast<double>(driver.departure_k);
  if (std::abs(off) >= 0.05)
    out += formatted("; %.1f K ", std::abs(off)) + (off > 0 ? "warmer" : "colder") + " than usual";
  const double slope = static_cast<double>(driver.slope_k_h);
  if (std::abs(slope) >= 0.1) out += formatted(slope > 0 ? ", rising %.1f K/h" : ", falling %.1f K/h", std::abs(slope));
  return out;
}

} // namespace coldvigil
