#include "model/window_detector.hpp"

#include "model/autoencoder.hpp"
#include "model/detector.hpp"
#include "model/model_file.hpp"
#include "model/unit_memory.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace coldvigil {
namespace {

constexpr std::size_t windows_at_once = 512;
constexpr std::size_t most_consecutive = 1000;

/// Windows on their way through the network, and where their errors go.
class window_batch {
 public:
  explicit window_batch(autoencoder& network) : network_{&network} {}

  [[nodiscard]] bool full() const { return targets_.size() == windows_at_once; }
  [[nodiscard]] std::span<float> add(verdict& target) {
    targets_.push_back(&target);
    values_.resize(targets_.size() * window_length);
    return std::span{values_}.last(window_length);
  }
  void flush(double threshold) {
    reconstructed_.resize(values_.size());
    network_->reconstruct(values_, reconstructed_);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const auto part = [&](const std::vector<float>& all) {
        return std::span{all}.subspan(i * window_length, window_length);
      };
      const double error = window_error(part(values_), part(reconstructed_));
      const auto score = static_cast<float>(error / threshold);
      *targets_[i] = {score, score_state::scored, score};
    }
    targets_.clear();
    values_.clear();
  }

 private:
  autoencoder* network_;
  std::vector<verdict*> targets_;
  std::vector<float> values_, reconstructed_;
};

failure bad_input(const std::string& what, const std::string& hint) {
  return {error_code::invalid_argument, what, "predict", hint};
}

/// What a memory belongs to: another calibration of the same network is no reason to warm up anew.
std::string weights_sha256(const autoencoder_weights& weights) {
  std::vector<std::byte> all;
  for (const std::vector<float>* each : arrays_of(weights)) {
    const auto bytes = std::as_bytes(std::span{*each});
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return sha256_hex(all);
}

class window_detector final : public detector {
 public:
  window_detector(const model_file& model, const std::string& sha256)
      : threshold_{model.threshold}, network_{model.weights}, info_{model.name, sha256, model.weights.window,
                                                                    model.threshold, model.trained_on} {
    const std::string weights = weights_sha256(model.weights);
    std::memcpy(&tag_, weights.data(), sizeof tag_);
  }

  const model_info& info() const override { return info_; }
  std::vector<detect_answer> step(std::span<detect_request> requests) override;
  result<reconstruction> reconstruct(const detector_state& state) override;
  result<prediction> predict(std::span<const double> values, double low, double high, std::size_t consecutive,
                             const detector_state* state) override;

 private:
  void move_on(const detect_request& request, detect_answer& answer, window_batch& batch);
  std::vector<double> errors_of(std::span<const float> windows);

  memory_rules rules_{};
  double threshold_;
  std::uint64_t tag_ = 0; ///< of the network: states of another one do not fit
  autoencoder network_;
  model_info info_;
};

std::vector<detect_answer> window_detector::step(std::span<detect_request> requests) {
  std::vector<detect_answer> answers = take_states(requests);
  try {
    window_batch batch{network_};
    for (std::size_t i = 0; i < requests.size(); ++i)
      move_on(requests[i], answers[i], batch);
    batch.flush(threshold_);
  } catch (const std::exception&) {
    // Every sample has its verdict and every unit its state already: what is not scored says so and the rules go on
    // alone.
  }
  return answers;
}

void window_detector::move_on(const detect_request& request, detect_answer& answer, window_batch& batch) {
  if (request.samples.empty()) return;
  unit_memory memory = unit_memory::load(answer.state, tag_).value_or(unit_memory{tag_});
  for (std::size_t i = 0; i < request.samples.size(); ++i) {
    const detect_sample& sample = request.samples[i];
    const bool newer = memory.add(sample.at, sample.value, rules_);
    if (!sample.wanted) continue;
    if (!newer || !memory.ready(rules_)) {
      answer.verdicts[i].state = score_state::warming;
      continue;
    }
    if (batch.full()) batch.flush(threshold_);
    normalise(memory.window(), *memory.scale(rules_), batch.add(answer.verdicts[i]));
  }
  memory.save(answer.state);
}

std::vector<double> window_detector::errors_of(std::span<const float> windows) {
  std::vector<float> reconstructed(windows.size());
  network_.reconstruct(windows, reconstructed);
  std::vector<double> errors;
  for (std::size_t at = 0; at < windows.size(); at += window_length)
    errors.push_back(window_error(windows.subspan(at, window_length),
                                  std::span<const float>{reconstructed}.subspan(at, window_length)));
  return errors;
}

result<reconstruction> window_detector::reconstruct(const detector_state& state) try {
  const auto memory = unit_memory::load(state, tag_);
  if (!memory || !memory->ready(rules_))
    return failure{error_code::conflict, "the unit's window is not full yet", "",
                   "wait until the unit has sent " + std::to_string(rules_.warm_readings) + " readings over an hour"};
  const normalisation by = *memory->scale(rules_);
  std::array<float, window_length> window{};
  std::array<float, window_length> made{};
  normalise(memory->window(), by, window);
  network_.reconstruct(window, made);
  reconstruction out;
  out.actual.assign(memory->window().begin(), memory->window().end());
  for (const float z : made)
    out.reconstructed.push_back(static_cast<milli_celsius>(std::lround((by.location + by.scale * z) * 1000)));
  out.error = window_error(window, made);
  out.threshold = threshold_;
  return out;
} catch (const std::exception& error) {
  return failure{error_code::internal, std::string{"the model failed: "} + error.what(), info_.name, ""};
}

result<prediction> window_detector::predict(std::span<const double> values, double low, double high,
                                            std::size_t consecutive, const detector_state* state) try {
  if (values.empty()) return bad_input("no temperature given", "send at least one");
  if (!std::isfinite(low) || !std::isfinite(high) || low >= high)
    return bad_input("limits that are no range", "low must be below high");
  if (consecutive < 1 || consecutive > most_consecutive)
    return bad_input("consecutive out of range", "use 1 to " + std::to_string(most_consecutive));
  // Only the newest values matter: a window before each of the last N ends.
  const std::size_t reach = window_length + consecutive;
  std::vector<milli_celsius> line;
  normalisation by{(low + high) / 2, std::max(rules_.scale_floor, (high - low) / 2)};
  if (state) {
    if (const auto memory = unit_memory::load(*state, tag_)) {
      line.assign(memory->window().begin(), memory->window().end());
      by = memory->scale(rules_).value_or(by);
    }
  }
  for (const double value : values.last(std::min(values.size(), reach))) {
    const auto converted = to_milli_celsius(value, temperature_scale::celsius);
    if (!converted) return bad_input("a temperature that is none", "finite values in °C, between -273.15 and 1000");
    line.push_back(*converted);
  }

  // A window ends at each of the last N values; one that begins before the line is filled up with its first value.
  const std::size_t ends = std::min(consecutive, line.size());
  std::vector<float> windows(ends * window_length);
  for (std::size_t back = 0; back < ends; ++back) {
    std::array<milli_celsius, window_length> window{};
    const std::size_t end = line.size() - back;
    for (std::size_t i = 0; i < window_length; ++i)
      window[i] = line[end + i >= window_length ? end + i - window_length : 0];
    normalise(window, by, std::span{windows}.subspan(back * window_length, window_length));
  }
  const auto errors = errors_of(windows);
  const auto over = [&](double error) { return error > threshold_; };
  prediction out;
  out.temperature = values.back();
  out.reconstruction_error = errors.front();
  out.raw_anomaly = over(errors.front());
  out.persistence_alert = ends == consecutive && std::all_of(errors.begin(), errors.end(), over);
  out.bounds_breach = out.temperature < low || out.temperature > high;
  out.hybrid_alert = out.bounds_breach || out.persistence_alert;
  return out;
} catch (const std::exception& error) {
  return failure{error_code::internal, std::string{"the model failed: "} + error.what(), info_.name, ""};
}

} // namespace

double window_error(std::span<const float> window, std::span<const float> reconstructed) {
  double sum = 0;
  for (std::size_t i = 0; i < window.size(); ++i)
    sum += std::abs(static_cast<double>(window[i]) - reconstructed[i]);
  return sum / static_cast<double>(window.size());
}

result<std::unique_ptr<detector>> load_detector_bytes(std::span<const std::byte> bytes, const std::string& where) try {
  const auto model = read_model(bytes, where);
  if (!model) return model.error();
  std::unique_ptr<detector> made = std::make_unique<window_detector>(*model, sha256_hex(bytes));
  return made;
} catch (const std::exception& error) {
  return failure{error_code::internal, std::string{"the model could not be set up: "} + error.what(), where, ""};
}

result<std::unique_ptr<detector>> load_detector(const std::string& path) {
  const auto bytes = read_model_bytes(path);
  if (!bytes) return bytes.error();
  return load_detector_bytes(*bytes, path);
}

} // namespace coldvigil
