#include "net/rule_json.hpp"

#include "core/rule_check.hpp"
#include "net/member_reader.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <limits>

namespace coldvigil {
namespace {

namespace json = boost::json;

std::string in_seconds(const rule_time& time) {
  return std::string(time.name) + "_seconds";
}

bool has_limit(rule_kind kind) {
  return has_temperature_limit(kind) || kind == rule_kind::rate_of_change;
}

double rounded(double value) {
  return std::round(value * 1000.0) / 1000.0;
}
double shown(milli_celsius value, temperature_scale scale) {
  return rounded(from_milli_celsius(value, scale));
}
double shown_difference(milli_celsius value, temperature_scale scale) {
  return rounded(in_celsius(value) / difference_to_celsius(1.0, scale));
}

std::optional<milli_celsius> difference_from(double value, temperature_scale scale) {
  const double thousandths = std::round(difference_to_celsius(value, scale) * 1000.0);
  if (!(std::abs(thousandths) <= 1e9)) return std::nullopt;
  return static_cast<milli_celsius>(thousandths);
}

class rule_reader {
 public:
  rule_reader(const json::object& from, bool off, const std::string& pointer, const unit_record* other,
              std::vector<field_error>& errors)
      : in_(from, pointer, errors), off_(off), other_(other) {}

  rule read(const std::vector<std::string>& beside) {
    in_.leave(beside);
    (void)in_.truth("off");
    out_.kind = in_.word<rule_kind>("kind", parse_rule);
    out_.level = in_.word<alarm_level>("level", parse_level, out_.level);
    const bool below = out_.kind == rule_kind::low_limit;
    out_.side = in_.word<rule_side>("side", parse_side, below ? rule_side::below : rule_side::above);
    out_.gaps = in_.word<gap_policy>("gaps", parse_gap_policy, usual_gaps(out_.kind));
    out_.scale = in_.word<temperature_scale>("unit", parse_scale, out_.scale);
    out_.id = rule_id{in_.whole<std::uint32_t>("id", 0)};
    out_.consecutive = in_.whole<std::uint16_t>("consecutive", out_.consecutive);
    out_.min_samples = in_.whole<std::uint16_t>("min_samples", out_.min_samples);
    out_.inclusive = in_.truth("inclusive");
    out_.reason_required = in_.truth("reason_required");
    read_numbers();
    out_.name = in_.text("name");
    in_.end("a rule");
    return out_;
  }

 private:
  void temperature(const std::string& name, std::optional<double> value, milli_celsius& to) {
    if (!value) return;
    const bool rate = out_.kind == rule_kind::rate_of_change;
    const auto read = rate ? difference_from(*value, out_.scale) : to_milli_celsius(*value, out_.scale);
    if (read)
      to = *read;
    else
      in_.wrong(name, "a plausible temperature in the rule's unit");
  }
  void need_limit(bool given) {
    if (!given) in_.wrong("limit", "is needed, with its unit: C, F or K");
    if (!other_ || in_.says("unit")) return;
    const std::string shown(to_string(other_->scale));
    in_.wrong("unit", "is needed, as unit " + other_->code + " is shown in " + shown + ": \"" + shown +
                          "\", or \"C\" for a limit in °C");
  }
  void read_numbers() {
    const auto limit = in_.number("limit");
    temperature("limit", limit, out_.limit);
    if (has_limit(out_.kind) && !off_) need_limit(limit.has_value());
    if (const auto deadband = in_.number("deadband"))
      out_.deadband = difference_from(*deadband, out_.scale).value_or(std::numeric_limits<milli_celsius>::max());
    if (const auto borne = in_.number("tolerated_to")) temperature("tolerated_to", borne, out_.tolerated_to.emplace());
    if (const auto score = in_.number("score_limit")) out_.score_limit = static_cast<float>(*score);
    for (const rule_time& each : rule_times) {
      const auto seconds = in_.number(in_seconds(each));
      if (seconds && std::abs(*seconds) <= 1e9)
        out_.*each.member = millis{static_cast<std::int64_t>(std::round(*seconds * 1000.0))};
      else if (seconds)
        in_.wrong(in_seconds(each), "at most 40 days");
    }
  }

  member_reader in_;
  const bool off_;
  const unit_record* const other_;
  rule out_{};
};

} // namespace

void write_sort_members(json_writer& out, const rule& what) {
  out.member("id", static_cast<std::uint32_t>(what.id)).member("kind", to_string(what.kind));
  out.member("level", to_string(what.level)).member("name", what.name);
  if (has_limit(what.kind)) out.member("side", to_string(as_judged(what).side));
}

void write_rule_members(json_writer& out, const rule& stored) {
  const rule plain;
  const rule what = as_judged(stored);
  write_sort_members(out, what);
  if (has_limit(what.kind)) {
    const bool rate = what.kind == rule_kind::rate_of_change;
    out.member("limit", rate ? shown_difference(what.limit, what.scale) : shown(what.limit, what.scale));
    out.member("unit", to_string(what.scale));
    if (what.inclusive) out.member("inclusive", true);
  }
  if (what.kind == rule_kind::model_persistence) out.member("score_limit", what.score_limit);
  if (what.deadband != 0) out.member("deadband", shown_difference(what.deadband, what.scale));
  if (what.consecutive != plain.consecutive) out.member("consecutive", what.consecutive);
  if (what.min_samples != plain.min_samples) out.member("min_samples", what.min_samples);
  if (what.kind != rule_kind::no_data) out.member("gaps", to_string(what.gaps));
  if (what.tolerated_to) out.member("tolerated_to", shown(*what.tolerated_to, what.scale));
  for (const rule_time& each : rule_times)
    if ((what.*each.member).count() != 0)
      out.member(in_seconds(each), static_cast<double>((what.*each.member).count()) / 1000.0);
  if (what.reason_required) out.member("reason_required", true);
}

void write_rule(json_writer& out, const rule& what) {
  out.begin_object();
  write_rule_members(out, what);
  out.end_object();
}

bool says_off(const json::value& from) {
  const json::object* members = from.if_object();
  const json::value* off = members ? members->if_contains("off") : nullptr;
  return off && off->is_bool() && off->get_bool();
}

std::string json_member(std::string_view of_rule) {
  for (const rule_time& each : rule_times)
    if (each.name == of_rule) return in_seconds(each);
  return std::string(of_rule);
}

std::optional<rule> read_rule(const json::value& from, const std::string& pointer, const unit_record* other,
                              std::vector<field_error>& errors, const std::vector<std::string>& beside) {
  const json::object* members = from.if_object();
  if (!members) {
    errors.push_back({pointer, "an object"});
    return std::nullopt;
  }
  const std::size_t before = errors.size();
  const bool off = says_off(from);
  rule out = rule_reader(*members, off, pointer, other, errors).read(beside);
  if (errors.size() == before && !off)
    if (const auto fault = find_fault(out))
      errors.push_back({pointer + "/" + json_member(fault->member), fault->what + ": " + fault->hint});
  if (errors.size() != before) return std::nullopt;
  return out;
}

} // namespace coldvigil
