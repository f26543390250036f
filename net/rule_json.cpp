#include "net/rule_json.hpp"

#include "core/rule_check.hpp"

#include <boost/json.hpp>

#include <algorithm>
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

/// Takes a rule's members out of an object, one after the other, and remembers what was wrong.
class rule_reader {
 public:
  rule_reader(const json::object& from, bool off, const std::string& pointer, std::vector<field_error>& errors)
      : from_(from), off_(off), pointer_(pointer), errors_(errors) {}

  rule read(const std::vector<std::string>& beside) {
    known_ = beside;
    (void)truth("off");
    out_.kind = word<rule_kind>("kind", parse_rule, std::nullopt);
    out_.level = word<alarm_level>("level", parse_level, out_.level);
    const bool below = out_.kind == rule_kind::low_limit;
    out_.side = word<rule_side>("side", parse_side, below ? rule_side::below : rule_side::above);
    out_.gaps = word<gap_policy>("gaps", parse_gap_policy, out_.gaps);
    out_.scale = word<temperature_scale>("unit", parse_scale, out_.scale);
    out_.id = rule_id{whole<std::uint32_t>("id", 0)};
    out_.consecutive = whole<std::uint16_t>("consecutive", out_.consecutive);
    out_.min_samples = whole<std::uint16_t>("min_samples", out_.min_samples);
    out_.inclusive = truth("inclusive");
    out_.reason_required = truth("reason_required");
    read_numbers();
    if (const json::value* name = take("name")) {
      if (name->is_string())
        out_.name = std::string(name->get_string());
      else
        wrong("name", "text");
    }
    for (const auto& member : from_)
      if (std::find(known_.begin(), known_.end(), std::string(member.key())) == known_.end())
        wrong(std::string(member.key()), "a rule has no such member");
    return out_;
  }

 private:
  void wrong(const std::string& name, std::string detail) {
    errors_.push_back({pointer_ + "/" + name, std::move(detail)});
  }
  /// Nothing when the member is absent or null.
  const json::value* take(const std::string& name) {
    known_.push_back(name);
    const json::value* found = from_.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
  }
  template <class Enum, class Parse> Enum word(const std::string& name, Parse parse, std::optional<Enum> otherwise) {
    const json::value* given = take(name);
    if (!given && otherwise) return *otherwise;
    const auto parsed =
        given && given->is_string() ? parse(std::string_view(given->get_string())) : std::optional<Enum>{};
    if (parsed) return *parsed;
    wrong(name, given ? "no such word" : "is needed");
    return Enum{};
  }
  template <class Number> Number whole(const std::string& name, Number otherwise) {
    const json::value* given = take(name);
    if (!given) return otherwise;
    json::error_code error;
    const auto number = given->is_number() ? given->to_number<Number>(error) : Number{};
    if (!given->is_number() || error) wrong(name, "a whole number");
    return error ? otherwise : number;
  }
  std::optional<double> number(const std::string& name) {
    const json::value* given = take(name);
    if (!given) return std::nullopt;
    if (given->is_number() && std::isfinite(given->to_number<double>())) return given->to_number<double>();
    wrong(name, "a number");
    return std::nullopt;
  }
  bool truth(const std::string& name) {
    const json::value* given = take(name);
    if (given && !given->is_bool()) wrong(name, "true or false");
    return given && given->is_bool() && given->get_bool();
  }
  void temperature(const std::string& name, std::optional<double> value, milli_celsius& to) {
    if (!value) return;
    const bool rate = out_.kind == rule_kind::rate_of_change;
    const auto read = rate ? difference_from(*value, out_.scale) : to_milli_celsius(*value, out_.scale);
    if (read)
      to = *read;
    else
      wrong(name, "a plausible temperature in the rule's unit");
  }
  void read_numbers() {
    const auto limit = number("limit");
    temperature("limit", limit, out_.limit);
    if (!limit && has_limit(out_.kind) && !off_) wrong("limit", "is needed, with its unit: C, F or K");
    if (const auto deadband = number("deadband"))
      out_.deadband = difference_from(*deadband, out_.scale).value_or(std::numeric_limits<milli_celsius>::max());
    if (const auto borne = number("tolerated_to")) temperature("tolerated_to", borne, out_.tolerated_to.emplace());
    if (const auto score = number("score_limit")) out_.score_limit = static_cast<float>(*score);
    for (const rule_time& each : rule_times) {
      const auto seconds = number(in_seconds(each));
      if (seconds && std::abs(*seconds) <= 1e9)
        out_.*each.member = millis{static_cast<std::int64_t>(std::round(*seconds * 1000.0))};
      else if (seconds)
        wrong(in_seconds(each), "at most 40 days");
    }
  }

  const json::object& from_;
  const bool off_;
  const std::string& pointer_;
  std::vector<field_error>& errors_;
  std::vector<std::string> known_{};
  rule out_{};
};

} // namespace

void write_rule_members(json_writer& out, const rule& what) {
  const rule plain;
  out.member("id", static_cast<std::uint32_t>(what.id)).member("kind", to_string(what.kind));
  out.member("level", to_string(what.level)).member("name", what.name);
  if (has_limit(what.kind)) {
    const bool rate = what.kind == rule_kind::rate_of_change;
    out.member("limit", rate ? shown_difference(what.limit, what.scale) : shown(what.limit, what.scale));
    out.member("unit", to_string(what.scale)).member("side", to_string(what.side));
    if (what.inclusive) out.member("inclusive", true);
  }
  if (what.kind == rule_kind::model_persistence) out.member("score_limit", what.score_limit);
  if (what.deadband != 0) out.member("deadband", shown_difference(what.deadband, what.scale));
  if (what.consecutive != plain.consecutive) out.member("consecutive", what.consecutive);
  if (what.min_samples != plain.min_samples) out.member("min_samples", what.min_samples);
  if (what.gaps != plain.gaps) out.member("gaps", to_string(what.gaps));
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

std::optional<rule> read_rule(const json::value& from, const std::string& pointer, std::vector<field_error>& errors,
                              const std::vector<std::string>& beside) {
  const json::object* members = from.if_object();
  if (!members) {
    errors.push_back({pointer, "an object"});
    return std::nullopt;
  }
  const std::size_t before = errors.size();
  const bool off = says_off(from);
  rule out = rule_reader(*members, off, pointer, errors).read(beside);
  if (errors.size() == before && !off)
    if (const auto fault = find_fault(out))
      errors.push_back({pointer + "/" + json_member(fault->member), fault->what + ": " + fault->hint});
  if (errors.size() != before) return std::nullopt;
  return out;
}

} // namespace coldvigil
