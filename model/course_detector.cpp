#include "model/course_detector.hpp"

#include "model/course_score.hpp"
#include "model/course_state.hpp"
#include "model/model_file.hpp"

#include <algorithm>
#include <cstdio>
#include <span>

namespace coldvigil {
namespace {

/// Of the method: another one gives scores of another meaning.
constexpr std::string_view method = "course-7";
/// Of the threshold: below it what drove a score is not kept.
constexpr float worth_a_word = 0.5F;

/// Another threshold or another network is another version: scores mean something else.
std::string sha_of(double threshold) {
  char text[64];
  std::snprintf(text, sizeof text, " at %.17g, shapes ", threshold);
  const std::string whole = std::string(method) + text + sha256_hex(std::as_bytes(std::span{&shipped_shapes(), 1}));
  return sha256_hex(std::as_bytes(std::span{whole}));
}

class course_detector final : public detector {
 public:
  explicit course_detector(double threshold)
      : threshold_{static_cast<float>(threshold)}, info_{std::string(method), sha_of(threshold), 0, threshold,
                                                         "each unit's own readings"} {}

  [[nodiscard]] const model_info& info() const override { return info_; }

  std::vector<detect_answer> step(std::span<detect_request> requests) override {
    std::vector<detect_answer> out = take_states(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      try {
        move_on(requests[i], out[i]);
      } catch (const std::exception&) {
        // No memory for a first state: the unit has none yet, and the caller goes on by its rules alone.
        std::fill(out[i].verdicts.begin(), out[i].verdicts.end(), verdict{});
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
    if (request.samples.empty()) return;
    auto known = load_course(answer.state);
    unit_course& course = known ? *known : known.emplace();
    for (std::size_t i = 0; i < request.samples.size(); ++i) {
      const detect_sample& sample = request.samples[i];
      verdict& judged = answer.verdicts[i];
      const course_verdict seen = fold(course, sample.at, sample.value, rules_);
      judged.state = seen.scored ? score_state::scored : score_state::warming;
      if (seen.scored) {
        judged.score = seen.score / threshold_;
        judged.usual = seen.usual;
        judged.strays = seen.strays;
        if (judged.score >= worth_a_word) judged.why.driver = seen.driver;
      }
      if (sample.wanted) judged.why.breach = breach_ahead(course, request.low, request.high);
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

} // namespace

std::unique_ptr<detector> make_course_detector(double threshold) {
  return std::make_unique<course_detector>(threshold);
}

} // namespace coldvigil
