#include "model/model_file.hpp"

#include "core/plain_text.hpp"
#include "model/unit_memory.hpp"

#include <boost/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

namespace coldvigil {
namespace {

// File: magic (8), version (u32), header length (u32), header, floats, SHA-256 of all before (32).
constexpr std::string_view magic = "CVMODEL\n";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t head_size = 16;
constexpr std::size_t digest_size = 32;
constexpr std::string_view architecture = "lstm-autoencoder";

using digest = std::array<unsigned char, digest_size>;

digest sha256(std::span<const std::byte> bytes) {
  digest out{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr);
  return out;
}

failure refused(const std::string& what, const std::string& where) {
  return {error_code::corrupt, "not a usable model file: " + what, where,
          "make one with `coldvigil train`, or leave the key out to use the model that ships"};
}

std::uint32_t word_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

boost::json::object to_json(const tail_fit& of) {
  return {{"level", of.level}, {"over", of.over}, {"shape", of.shape}, {"scale", of.scale}, {"blocks", of.blocks}};
}

boost::json::object header_of(const model_file& model) {
  boost::json::object out{{"architecture", architecture},
                          {"window", model.weights.window},
                          {"hidden", model.weights.hidden},
                          {"threshold", model.threshold},
                          {"quantile", model.quantile},
                          {"name", model.name},
                          {"trained_on", model.trained_on},
                          {"made_with", model.made_with},
                          {"seed", model.seed},
                          {"held_out_loss", model.held_out_loss},
                          {"held_out_error", model.held_out_error},
                          {"training_windows", model.training_windows},
                          {"held_out_windows", model.held_out_windows}};
  if (model.tail) out["tail"] = to_json(*model.tail);
  if (!model.calibrated_on.empty()) out["calibrated_on"] = model.calibrated_on;
  if (!model.customers.empty()) out["customers"] = boost::json::array(model.customers.begin(), model.customers.end());
  return out;
}

std::string text_of(const boost::json::object& header, std::string_view key) {
  return std::string{header.at(key).as_string()};
}
double number_of(const boost::json::object& header, std::string_view key) {
  return header.at(key).to_number<double>();
}
std::uint64_t count_of(const boost::json::object& header, std::string_view key) {
  return header.at(key).to_number<std::uint64_t>();
}

/// A tail that gives no threshold, or an absurd one, would silence every alarm.
tail_fit tail_from(const boost::json::object& from) {
  tail_fit out;
  out.level = number_of(from, "level");
  out.over = number_of(from, "over");
  out.shape = number_of(from, "shape");
  out.scale = number_of(from, "scale");
  out.blocks = count_of(from, "blocks");
  const double usual = out.threshold(0.5);
  const bool possible = out.over > 0 && out.over <= 1 && out.scale > 0 && out.level > 0 && std::abs(out.shape) <= 1;
  if (!possible || !(usual > 0.05 && usual < 20)) throw std::runtime_error("a calibration out of range");
  return out;
}

/// Throws when a field is missing or of another type. Files from before calibration have none.
void read_calibration(const boost::json::object& header, model_file& into) {
  if (const auto* tail = header.if_contains("tail")) into.tail = tail_from(tail->as_object());
  if (header.contains("calibrated_on")) into.calibrated_on = text_of(header, "calibrated_on");
  if (const auto* customers = header.if_contains("customers"))
    for (const auto& each : customers->as_array())
      into.customers.emplace_back(each.as_string());
}

/// They are shown on terminals and kept in the audit.
void refuse_odd_texts(const model_file& model) {
  const auto odd = [](const std::string& text, std::size_t most) {
    return fault_in_text(text, text_form::one_line, most).has_value();
  };
  const bool names = odd(model.name, most_name_bytes) || odd(model.made_with, most_name_bytes) ||
                     std::any_of(model.customers.begin(), model.customers.end(),
                                 [&](const std::string& each) { return odd(each, most_name_bytes); });
  if (names || odd(model.trained_on, most_text_bytes) || odd(model.calibrated_on, most_text_bytes))
    throw std::runtime_error("a text with characters that cannot be shown, or too long");
}

/// Throws when a field is missing or of another type.
model_file from_header(const boost::json::object& header) {
  if (text_of(header, "architecture") != architecture) throw std::runtime_error("another architecture");
  model_file model;
  const std::uint64_t window = count_of(header, "window");
  const std::uint64_t hidden = count_of(header, "hidden");
  if (window != window_length || hidden < 1 || hidden > largest_hidden) throw std::runtime_error("another shape");
  model.weights = empty_weights(window, hidden);
  model.threshold = number_of(header, "threshold");
  model.quantile = number_of(header, "quantile");
  model.name = text_of(header, "name");
  model.trained_on = text_of(header, "trained_on");
  model.made_with = text_of(header, "made_with");
  model.seed = count_of(header, "seed");
  model.held_out_loss = number_of(header, "held_out_loss");
  model.held_out_error = number_of(header, "held_out_error");
  model.training_windows = count_of(header, "training_windows");
  model.held_out_windows = count_of(header, "held_out_windows");
  read_calibration(header, model);
  refuse_odd_texts(model);
  return model;
}

std::size_t float_count(const autoencoder_weights& weights) {
  std::size_t count = 0;
  for (const auto* array : arrays_of(weights))
    count += array->size();
  return count;
}

/// Far wider than what training gives: beyond are scores that nothing, or everything, would be over.
constexpr float largest_weight = 1e6F;
constexpr double least_threshold = 1e-6, largest_threshold = 1e6, largest_error = 1e6;

/// What a retrained model is held against: one below zero would never be beaten.
bool is_error(double of) {
  return of >= 0 && of <= largest_error;
}

std::optional<std::string> fault_in(const model_file& model) {
  if (!(model.threshold >= least_threshold && model.threshold <= largest_threshold)) return "threshold out of range";
  if (!(model.quantile >= 0 && model.quantile <= 1)) return "quantile out of range";
  if (!is_error(model.held_out_loss) || !is_error(model.held_out_error)) return "held-out error out of range";
  for (const auto* array : arrays_of(model.weights))
    for (const float value : *array)
      if (!(std::abs(value) <= largest_weight)) return "weights that are not finite, or out of range";
  return std::nullopt;
}

void append(std::vector<std::byte>& out, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  out.insert(out.end(), bytes, bytes + size);
}

} // namespace

autoencoder_weights empty_weights(std::size_t window, std::size_t hidden) {
  autoencoder_weights out;
  out.window = window;
  out.hidden = hidden;
  const std::size_t gates = 4 * hidden;
  out.encoder_input.resize(gates);
  out.encoder_recurrent.resize(gates * hidden);
  out.encoder_bias.resize(gates);
  out.decoder_input.resize(gates * hidden);
  out.decoder_recurrent.resize(gates * hidden);
  out.decoder_bias.resize(gates);
  out.output.resize(hidden);
  out.output_bias.resize(1);
  return out;
}

std::vector<std::vector<float>*> arrays_of(autoencoder_weights& w) {
  return {&w.encoder_input,     &w.encoder_recurrent, &w.encoder_bias, &w.decoder_input,
          &w.decoder_recurrent, &w.decoder_bias,      &w.output,       &w.output_bias};
}

std::vector<const std::vector<float>*> arrays_of(const autoencoder_weights& w) {
  return {&w.encoder_input,     &w.encoder_recurrent, &w.encoder_bias, &w.decoder_input,
          &w.decoder_recurrent, &w.decoder_bias,      &w.output,       &w.output_bias};
}

result<std::vector<std::byte>> write_model(const model_file& model) {
  if (const auto fault = fault_in(model))
    return failure{error_code::invalid_argument, "the model would not be usable: " + *fault, model.name,
                   "train again on more varied readings, or with a smaller learning rate"};
  std::string header = boost::json::serialize(header_of(model));
  header.resize((header.size() + 15) / 16 * 16, ' ');
  const auto length = static_cast<std::uint32_t>(header.size());
  std::vector<std::byte> out;
  append(out, magic.data(), magic.size());
  append(out, &format_version, sizeof format_version);
  append(out, &length, sizeof length);
  append(out, header.data(), header.size());
  for (const auto* array : arrays_of(model.weights))
    append(out, array->data(), array->size() * sizeof(float));
  const digest sum = sha256(out);
  append(out, sum.data(), sum.size());
  if (out.size() > largest_model_file)
    return failure{error_code::limit, "the model is larger than a model file may be", model.name,
                   "use fewer hidden units"};
  return out;
}

result<model_file> read_model(std::span<const std::byte> bytes, const std::string& where) try {
  if (bytes.size() > largest_model_file) return refused("larger than 1 MiB", where);
  if (bytes.size() < magic.size() || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
    return refused("it does not begin as one", where);
  if (bytes.size() < head_size + digest_size) return refused("it ends too early", where);
  const std::uint32_t version = word_at(bytes, 8);
  if (version != format_version)
    return refused(
        "format version " + std::to_string(version) + ", this program reads " + std::to_string(format_version), where);
  const std::size_t header_length = word_at(bytes, 12);
  const std::size_t content = bytes.size() - digest_size;
  if (header_length > content - head_size) return refused("it ends too early", where);
  const digest sum = sha256(bytes.first(content));
  if (std::memcmp(sum.data(), bytes.data() + content, digest_size) != 0)
    return refused("its check sum is wrong: truncated or damaged", where);

  const std::string_view header{reinterpret_cast<const char*>(bytes.data() + head_size), header_length};
  model_file model = from_header(boost::json::parse(header).as_object());
  const std::size_t floats = content - head_size - header_length;
  if (floats != float_count(model.weights) * sizeof(float)) return refused("weights of another size", where);
  const std::byte* from = bytes.data() + head_size + header_length;
  for (auto* array : arrays_of(model.weights)) {
    std::memcpy(array->data(), from, array->size() * sizeof(float));
    from += array->size() * sizeof(float);
  }
  if (const auto fault = fault_in(model)) return refused(*fault, where);
  return model;
} catch (const boost::system::system_error& error) { // its what() names lines of Boost
  return refused("bad header: " + error.code().message(), where);
} catch (const std::exception& error) {
  return refused(std::string{"bad header: "} + error.what(), where);
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : sha256(bytes)) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace coldvigil
