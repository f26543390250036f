#include "model/paired_detector.hpp"

#include "core/driver_text.hpp"
#include "core/score_calibration.hpp"
#include "model/course_detector.hpp"
#include "model/model_file.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace coldvigil {
namespace {

constexpr std::size_t length_bytes = 4;
/// Of the autoencoder's error while it is the score: one window over its threshold is no alarm.
constexpr float young_share = 0.5F;

/// How many bytes after their number are the course's; nothing when it is no state of two.
std::optional<std::size_t> course_length(const std::vector<std::byte>& whole) {
  if (whole.size() < length_bytes) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= std::to_integer<std::size_t>(whole[i]) << (8 * i);
  if (length > whole.size() - length_bytes) return std::nullopt;
  return length;
}

detector_state autoencoder_part(const detector_state& whole) {
  detector_state out{whole.model, whole.as_of, {}};
  if (const auto length = course_length(whole.bytes))
    out.bytes.assign(whole.bytes.begin() + static_cast<std::ptrdiff_t>(length_bytes + *length), whole.bytes.end());
  return out;
}

/// The course's part alone, in the memory of both.
void leave_course_part(std::vector<std::byte>& whole) {
  const auto length = course_length(whole);
  if (!length) return whole.clear();
  whole.resize(length_bytes + *length);
  whole.erase(whole.begin(), whole.begin() + length_bytes);
}

/// Both parts in the memory of the first, which has room for them when it was left alone in it.
void join(std::vector<std::byte>& course, const std::vector<std::byte>& autoencoder) {
  std::array<std::byte, length_bytes> length{};
  for (std::size_t i = 0; i < length_bytes; ++i)
    length[i] = static_cast<std::byte>(course.size() >> (8 * i) & 0xFF);
  course.reserve(length_bytes + course.size() + autoencoder.size());
  course.insert(course.begin(), length.begin(), length.end());
  course.insert(course.end(), autoencoder.begin(), autoencoder.end());
}

model_info info_of(const model_info& course, const model_info& autoencoder) {
  const std::string both = course.sha256_hex + autoencoder.sha256_hex;
  model_info out = autoencoder;
  out.name = course.name + "+" + autoencoder.name;
  out.sha256_hex = sha256_hex(std::as_bytes(std::span{both}));
  out.trained_on = course.trained_on + "; autoencoder: " + autoencoder.trained_on;
  return out;
}

/// A unit that does not know itself yet is scored by what all units have in common.
verdict both(const verdict& course, const verdict& autoencoder) {
  const bool reconstructed = autoencoder.state == score_state::scored;
  const bool young = course.state != score_state::scored && reconstructed;
  verdict out = young ? autoencoder : course;
  out.why = course.why;
  out.usual = course.usual;
  out.strays = course.strays;
  if (young) {
    out.score *= young_share;
    if (out.score > 1) out.why.driver = score_driver{driver_window};
  }
  out.error = autoencoder.error;
  return out;
}

class paired_detector final : public detector {
 public:
  paired_detector(std::unique_ptr<detector> course, std::unique_ptr<detector> autoencoder)
      : course_(std::move(course)), autoencoder_(std::move(autoencoder)),
        info_(info_of(course_->info(), autoencoder_->info())) {}

  [[nodiscard]] const model_info& info() const override { return info_; }

  std::vector<detect_answer> step(std::span<detect_request> requests) override {
    std::vector<detect_request> of_autoencoder(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      of_autoencoder[i] = {autoencoder_part(requests[i].state), requests[i].samples, {}, {}};
      leave_course_part(requests[i].state.bytes);
      if (!errors_)
        for (detect_sample& sample : of_autoencoder[i].samples)
          sample.wanted = false;
    }
    auto out = course_->step(requests);
    const auto errors = autoencoder_->step(of_autoencoder);
    for (std::size_t i = 0; i < out.size(); ++i) {
      join(out[i].state.bytes, errors[i].state.bytes);
      if (!errors_) continue;
      for (std::size_t n = 0; n < out[i].verdicts.size(); ++n)
        out[i].verdicts[n] = both(out[i].verdicts[n], errors[i].verdicts[n]);
    }
    return out;
  }

  result<reconstruction> reconstruct(const detector_state& state) override {
    return autoencoder_->reconstruct(autoencoder_part(state));
  }

  result<prediction> predict(std::span<const double> values, double low, double high, std::size_t consecutive,
                             const detector_state* state) override {
    if (!state) return autoencoder_->predict(values, low, high, consecutive, nullptr);
    const detector_state windowed = autoencoder_part(*state);
    return autoencoder_->predict(values, low, high, consecutive, &windowed);
  }

  void give_errors(bool wanted) override { errors_ = wanted; }

 private:
  std::unique_ptr<detector> course_, autoencoder_;
  model_info info_;
  bool errors_ = true;
};

} // namespace

std::unique_ptr<detector> pair_detectors(std::unique_ptr<detector> course, std::unique_ptr<detector> autoencoder) {
  return std::make_unique<paired_detector>(std::move(course), std::move(autoencoder));
}

result<std::unique_ptr<detector>> load_pair(std::span<const std::byte> file, const std::string& where, double budget) {
  const auto model = read_model(file, where);
  if (!model) return model.error();
  auto autoencoder = load_detector_bytes(file, where);
  if (!autoencoder) return autoencoder.error();
  const double threshold = shipped_course_threshold * course_threshold(model->tail, budget);
  return pair_detectors(make_course_detector(threshold), std::move(*autoencoder));
}

} // namespace coldvigil
