#include "net/temperature_input.hpp"

#include <boost/json.hpp>

namespace coldvigil {
namespace {

namespace json = boost::json;

constexpr std::size_t most_raw = 64;    ///< bytes kept of what the source wrote
constexpr std::size_t most_sensor = 64; ///< bytes of a sensor's name

/// At most `most` bytes, not cut inside a character.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  text.resize(most);
  return text;
}

std::string text_of(const json::value* value) {
  if (!value) return {};
  if (const auto* text = value->if_string()) return std::string(*text);
  return json::serialize(*value);
}

std::optional<found_unit> unit_of(const json::object& item, const input_rules& rules) {
  const json::value* given = item.if_contains("storage_unit_id");
  if (!given || !given->is_string()) return std::nullopt;
  const std::string name(given->get_string());
  if (rules.by_uuid_only && !parse_uuid(name)) return std::nullopt;
  return find_unit(*rules.seen, name);
}

/// One item of a known unit on its way through the checks; the first that fails decides.
class item_reader {
 public:
  item_reader(const json::object& item, const unit_record& unit, const input_rules& rules)
      : item_(item), unit_(unit), rules_(rules) {}

  std::variant<measured, rejected_reading> read() {
    const json::value* temperature = item_.if_contains("temperature");
    const json::value* recorded = item_.if_contains("recorded_at");
    const json::value* sensor = item_.if_contains("sensor_id");
    if (sensor && !sensor->is_null()) sensor_ = cut(text_of(sensor), most_sensor);
    if (recorded && recorded->is_string()) at_ = parse_utc(std::string_view(recorded->get_string()));
    if (at_ && *at_ < earliest_plausible) at_.reset();
    if (!at_) return refuse(reject_reason::bad_time, recorded);
    if (!temperature || temperature->is_null()) return refuse(reject_reason::null_value, temperature);
    if (!temperature->is_number()) return refuse(reject_reason::bad_value, temperature);
    const auto scale = scale_of();
    if (!scale) return refuse(reject_reason::bad_value, item_.if_contains("temperature_unit"));
    // 1e400 is read as infinity.
    const double number = temperature->to_number<double>();
    if (!std::isfinite(number)) return refuse(reject_reason::non_finite, temperature);
    value_ = to_milli_celsius(number, *scale);
    if (!value_) return refuse(reject_reason::implausible, temperature);
    if (*at_ > rules_.latest) return refuse(reject_reason::future, recorded);
    return measured{*at_, *value_, *scale, false, sensor_};
  }

 private:
  [[nodiscard]] std::optional<temperature_scale> scale_of() const {
    const json::value* given = item_.if_contains("temperature_unit");
    if (!given || given->is_null()) return unit_.scale;
    if (!given->is_string()) return std::nullopt;
    return parse_scale(std::string_view(given->get_string()));
  }

  [[nodiscard]] rejected_reading refuse(reject_reason reason, const json::value* what) const {
    rejected_reading out;
    out.customer = unit_.customer;
    out.point = unit_.point;
    out.unit_code = unit_.code;
    out.at = at_;
    out.value = value_;
    out.raw = cut(text_of(what), most_raw);
    out.sensor = sensor_;
    out.reason = reason;
    out.received_at = rules_.now;
    return out;
  }

  const json::object& item_;
  const unit_record& unit_;
  const input_rules& rules_;
  std::optional<timestamp> at_{};
  std::optional<milli_celsius> value_{};
  std::string sensor_;
};

} // namespace

input_item read_item(const json::value& item, const input_rules& rules) {
  input_item out;
  const json::object* members = item.if_object();
  if (!members) {
    out.refused = reject_reason::bad_value;
    return out;
  }
  out.unit = unit_of(*members, rules);
  if (!out.unit) {
    out.refused = reject_reason::unknown_unit;
    return out;
  }
  const unit_record& unit = *out.unit->unit->unit;
  out.content = submission_item{unit.id, item_reader(*members, unit, rules).read()};
  if (const auto* apart = std::get_if<rejected_reading>(&out.content->content)) out.refused = apart->reason;
  return out;
}

} // namespace coldvigil
