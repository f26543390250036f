#include "model/course_score.hpp"

#include "model/day_course.hpp"
#include "model/fault_shape.hpp"
#include "model/opening_watch.hpp"
#include "model/running_statistics.hpp"
#include "model/sensor_health.hpp"
#include "model/usual_level.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace coldvigil {
namespace {

constexpr float far = 8;
constexpr double shortest_grid_s = 300, longest_grid_s = 3600;
constexpr float another_pace_h = 72, young_pace_h = 6; ///< a pace that lasts so long is the unit's own
constexpr float movements_from_h = 12;                 ///< the level is known by then
constexpr std::int64_t gap_steps = 6;                  ///< of the grid; what is missing for longer is not bridged
constexpr float freeze_above = 1.2F, calm_enough_h = 1;
constexpr float was_far_off = 1.5F, is_back = 2; ///< spreads
constexpr float long_episode_h = 6;              ///< no opening explains it, and none ends it for a moment
constexpr float sensor_rule_score = 100;         ///< above any threshold: these rules are sure
constexpr std::uint8_t jumps_channel = 5, swing_channel = 6, crossings_channel = 7, less_swing_channel = 9,
                       one_side_channel = driver_one_side - 1, shape_channel = 11;
static_assert(channel_count == shape_channel + 1 && statistic_count == driver_statistics);
/// Readings further apart meet the compressor at the same point of its cycle for hours by accident.
constexpr float longest_cycle_grid_s = 600;
constexpr float prior_blocks = 6;
constexpr float no_shape_odds = -6;  ///< log odds that say that there is nothing
constexpr float own_worst_known = 4; ///< blocks: a day
constexpr std::int64_t block_ms = 21'600'000;
constexpr float blocks_a_day = 4;
constexpr float quarter_leans = 3, quarter_known = 8, quarter_memory = 10.5F; ///< blocks; the second: of all quarters
constexpr float newborn_share = 0.4F;                                         ///< of the score
constexpr float worst_reach = 8; ///< spreads: the tail of the worst is long

using channels = std::array<float, channel_count>;

/// All statistics together, then those in which a fault shows alone: drifts, noise, cycling; what the network sees.
channels channels_of(const statistics& y, float distance, float one_side_h, float shape) {
  return {distance, std::abs(y[0]), std::abs(y[1]),  std::abs(y[2]), std::abs(y[3]), y[5],
          y[7],     std::abs(y[8]), std::abs(y[10]), -y[7],          one_side_h,     shape};
}
constexpr channels prior_worst{2.2F, 4, 4, 3.5F, 3, 4, 4, 4, 5, 4, 0.8F, 5.6F};
/// However calm the unit was. A mean of days has hardly ten values in a fortnight: its worst of them says little.
constexpr channels least_worst{1.1F, 2, 2, 2.8F, 3.6F, 2, 2, 2, 2.5F, 2, 0.4F, 5.6F};
/// Spreads on top of the middle of the largest values: the longest of many runs on one side has a long tail.
constexpr channels worst_spreads{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 2};

/// The quarter of the day that the block `of.block` is.
std::size_t quarter_of(const unit_course& of) {
  return static_cast<std::size_t>(within(of.block, day_ms / block_ms));
}

/// Folds in the largest value of the block that ended.
void learn_block(unit_course& of, std::size_t channel, const course_rules& rules) {
  robust_scale& worst = of.worst[channel];
  const float value = of.block_worst[channel];
  worst.add(value, static_cast<float>(rules.worst_days) * blocks_a_day, worst_reach);
  if (channel >= shift_channels) return;
  float& then = of.worst_then[quarter_of(of)][channel];
  const float bound = worst.weight < 20 ? 1e30F : worst_reach * 1.25F * worst.deviation;
  then += std::clamp(value - then, -bound, bound) / std::min(1 + worst.weight / blocks_a_day, quarter_memory);
}

/// The middle of the largest values, for a working shift its own where that is higher: as days differ in how busy they
/// are, the shift's worst is no night's. Few days lean on the whole day.
float middle_worst(const unit_course& of, std::size_t channel) {
  const robust_scale& worst = of.worst[channel];
  if (channel >= shift_channels || worst.weight <= quarter_known) return worst.location;
  const float days = worst.weight / blocks_a_day;
  const float own = of.worst_then[quarter_of(of)][channel];
  return std::max(worst.location, (days * own + quarter_leans * worst.location) / (days + quarter_leans));
}

void learn_worst(unit_course& of, const channels& now, std::int64_t step_ms, bool frozen, const course_rules& rules) {
  const auto block = static_cast<std::int32_t>(step_ms / block_ms);
  const bool ended = block != of.block;
  for (std::size_t i = 0; i < channel_count; ++i) {
    if (ended) {
      if (of.block != 0 && of.block_worst[i] > 0) learn_block(of, i, rules);
      of.block_worst[i] = 0;
    }
    if (!frozen) of.block_worst[i] = std::max(of.block_worst[i], now[i]);
  }
  of.block = block;
}

/// It was far off, and is where it usually is: means of hours would remember it for longer than it lasted.
bool came_back(const unit_course& of, const statistics& y) {
  const running_means& m = of.means;
  const float off = std::max({std::abs(m.three_hours), std::abs(m.half_day), std::abs(m.two_days)});
  return off > was_far_off && std::abs(of.u) < is_back && std::abs(y[0]) < 2.5F;
}

/// An episode is over when the fast statistics have been as usual for a while: the slow ones need not remember it for
/// days, or the next fault would find the alarm still open.
void let_go(unit_course& of, const statistics& y, double step_h) {
  const bool calm = std::abs(y[0]) < 2.5F && std::abs(y[1]) < 2 && y[4] < 2.5F && y[6] < 2.5F;
  of.calm_h = calm || came_back(of, y) ? of.calm_h + static_cast<float>(step_h) : 0;
  if (of.open_h == 0 || of.calm_h < calm_enough_h) return;
  running_means& m = of.means;
  if (!calm) m.three_hours = m.hour;
  m.half_day = m.two_days = m.three_hours;
  const auto no_wider = [&of](float& size, std::size_t statistic) { size = std::min(size, usual_size(of, statistic)); };
  no_wider(m.step_2h, 4);
  no_wider(m.step_6h, 5);
  no_wider(m.wide_2h, 6);
  no_wider(m.wide_6h, 7);
  m.crossings = of.usual[8].location;
  of.calm_h = 0;
}

float fitting_grid(float spacing_s) {
  return static_cast<float>(std::clamp<double>(std::round(spacing_s / 60) * 60, shortest_grid_s, longest_grid_s));
}

/// Also not on a grid that is finer than the readings come; some of them are lost anyway.
bool sees_cycles(const unit_course& of) {
  return of.grid_s <= longest_cycle_grid_s && of.spacing_s <= 1.25F * longest_cycle_grid_s;
}

float shape_of(unit_course& of, const statistics& y, float distance) {
  return std::max(fold(of.shape, shown(of, y, distance), shipped_shapes()) - no_shape_odds, 0.0F);
}

bool of_the_cycle(std::size_t channel) {
  return channel == crossings_channel || channel == less_swing_channel || channel == shape_channel;
}

/// How usual these are differs too much from unit to unit to lean on others alone.
bool needs_own_worst(std::size_t channel) {
  return channel == one_side_channel || channel == shape_channel;
}

/// Against the unit's own worst in clean times; young units lean on what is usual for all.
float score_of(const unit_course& of, const channels& now, std::uint16_t& driver) {
  float highest = 0;
  for (std::size_t i = 0; i < channel_count; ++i) {
    if (of_the_cycle(i) && !sees_cycles(of)) continue;
    const float w = of.worst[i].weight;
    if (needs_own_worst(i) && w < own_worst_known) continue;
    const float own = middle_worst(of, i) + worst_spreads[i] * of.worst[i].spread(0.1F);
    const float usual = std::max((w * own + prior_blocks * prior_worst[i]) / (w + prior_blocks), least_worst[i]);
    if (now[i] / usual <= highest) continue;
    highest = now[i] / usual;
    driver = static_cast<std::uint16_t>(i);
  }
  return highest;
}

/// Warmer or colder, or on the way there, and the channel that is the same alone.
constexpr std::array<std::pair<std::size_t, std::uint16_t>, 4> one_sided{{{0, 1}, {1, 2}, {2, 3}, {10, 8}}};
constexpr float clearly = 3; ///< spreads

bool is_width(std::size_t statistic) {
  return statistic >= 4 && statistic < 8;
}

/// A rise makes steps and swings wide, too, but is none: it is named before them.
std::optional<std::pair<std::size_t, std::uint16_t>> most_one_sided(const statistics& y) {
  auto most = one_sided[0];
  for (const auto& each : one_sided)
    if (std::abs(y[each.first]) > std::abs(y[most.first])) most = each;
  if (std::abs(y[most.first]) < clearly) return std::nullopt;
  return most;
}

/// Of all together: that which is furthest from usual by itself.
std::uint16_t most_of_all(const statistics& y) {
  std::size_t most = 0;
  for (std::size_t i = 1; i < statistic_count; ++i)
    if (std::abs(y[i]) > std::abs(y[most])) most = i;
  if (const auto sided = most_one_sided(y); sided && is_width(most) && y[most] > 0) most = sided->first;
  return static_cast<std::uint16_t>(most + (y[most] > 0 ? driver_mostly_more : driver_mostly_less) - 1);
}

/// What to say of it.
std::uint16_t named(std::uint16_t channel, const statistics& y) {
  if (channel == shape_channel) return driver_shape - 1;
  if (channel == driver_together - 1) return most_of_all(y);
  const auto sided = most_one_sided(y);
  return sided && (channel == jumps_channel || channel == swing_channel) ? sided->second : channel;
}

/// A logger that reports every minute while it is warm, or a visit, is no other pace: in an episode none begins.
void watch_pace(unit_course& of, std::int64_t steps, bool frozen) {
  const float fitting = fitting_grid(of.spacing_s);
  const bool other = fitting >= 2 * of.grid_s || fitting <= 0.5F * of.grid_s;
  constexpr std::int64_t most = std::numeric_limits<std::uint16_t>::max();
  of.other_steps = static_cast<std::uint16_t>(other && !frozen ? std::min(of.other_steps + steps, most) : 0);
}

/// More than one where the pace is coarser than the grid.
std::int64_t steps_between_readings(const unit_course& of) {
  const float spacing = std::clamp(of.spacing_s, of.grid_s, std::max(of.grid_s, static_cast<float>(longest_grid_s)));
  return static_cast<std::int64_t>(spacing / of.grid_s);
}

/// One finished step of the grid.
void step_grid(unit_course& of, double celsius, const course_rules& rules) {
  const std::int64_t step_ms = of.slot * static_cast<std::int64_t>(of.grid_s) * 1000;
  const std::int64_t steps = std::int64_t{of.slot} - of.folded;
  const bool gap = steps < 1 || steps > gap_steps * steps_between_readings(of);
  const double step_h = static_cast<double>(of.grid_s) / 3600 * static_cast<double>(gap ? 1 : steps);
  of.folded = of.slot;
  const float spread = spread_at(of, step_ms, rules);
  of.u_before = of.u;
  const float above = static_cast<float>(celsius) - of.level.location;
  const float off = above - usual_above(of, step_ms);
  of.u = std::clamp(off / spread, -far, far);
  if (gap) of.u_before = of.u;
  const bool frozen = of.open_h > 0 && of.open_h < rules.frozen_days * 24;
  watch_pace(of, gap ? 1 : steps, frozen);
  // A weekend with nothing to do stays within what was clean, and is learnt although it is unlike the days before.
  const bool inside = celsius >= static_cast<double>(of.lowest) && celsius <= static_cast<double>(of.highest);
  if (of.seen_h >= 24) watch_rest(of.rest, step_ms, above - profile_at(of, step_ms), spread, step_h, !frozen || inside);
  if (of.seen_h > movements_from_h) {
    const float opening = watch_opening(of, off / spread, off, step_h, rules);
    const float counts = of.open_h > long_episode_h ? 1 : opening;
    move_means(of.means, of.u, of.u_before, step_h, steps == 1);
    const statistics raw = statistics_of(of.means);
    const statistics y = standardised(of, raw);
    const float distance = distance_of(of, y, rules);
    const float shape = rules.with_shapes && sees_cycles(of) ? shape_of(of, y, distance) : 0;
    const channels now = channels_of(y, distance, of.means.one_side_h, shape);
    // What an opening does is not what the unit is like.
    const bool learning = !frozen && counts == 1;
    if (of.seen_h > 24) learn_worst(of, now, step_ms, !learning, rules);
    of.score = score_of(of, now, of.driver) * counts;
    of.driver = named(of.driver, y);
    let_go(of, y, step_h);
    if (learning) learn_statistics(of, raw, y, step_h, rules);
  }
  // Or weekends would be forgotten while they alarm, and alarm for ever.
  if (!frozen || (inside && usually_rests(of.rest, step_ms))) learn_usual(of, celsius, step_ms, step_h, rules);
  if (of.score > freeze_above && of.seen_h > rules.young_hours)
    of.open_h += static_cast<float>(step_h);
  else if (of.score < 0.8F * freeze_above)
    of.open_h = 0;
}

/// A unit that reports at quite another pace from now on shows other movements of the same temperature: those are
/// learnt anew. What it knows of the temperature itself stays.
unit_course at_another_pace(const unit_course& of) {
  unit_course out = of;
  out.grid_s = fitting_grid(of.spacing_s);
  out.slot = out.folded = 0;
  out.shape = {};
  out.slot_sum = 0;
  out.slot_count = out.other_steps = 0;
  out.seen_h = std::min(of.seen_h, movements_from_h);
  out.calm_h = out.open_h = 0;
  out.means = {};
  out.opening = {};
  out.usual = {};
  out.covariance = {};
  out.worst = {};
  out.block_worst = {};
  out.worst_then = {};
  out.block = 0;
  out.sensor.step = {};
  out.score = 0;
  return out;
}

/// Puts the value where it belongs on the grid. A step is finished as soon as no further reading is due in it: waiting
/// for the next one would cost every alarm a step.
void fill_grid(unit_course& of, std::int64_t ms, float celsius, bool is_temperature, const course_rules& rules) {
  const auto grid_ms = static_cast<std::int64_t>(of.grid_s) * 1000;
  const auto slot = static_cast<std::int32_t>(ms / grid_ms);
  const auto finish = [&](std::int32_t next) {
    if (of.slot_count > 0) step_grid(of, static_cast<double>(of.slot_sum / static_cast<float>(of.slot_count)), rules);
    of.slot = next;
    of.slot_sum = 0;
    of.slot_count = 0;
  };
  if (slot > of.slot) finish(slot);
  if (is_temperature) {
    // A mean of many would move less than the readings that the unit was learnt from: the newest stands for them.
    const bool finer = of.grid_s > shortest_grid_s && 2 * of.spacing_s <= of.grid_s;
    of.slot_sum = finer ? celsius : of.slot_sum + celsius;
    of.slot_count = finer ? 1 : of.slot_count + 1;
  }
  const auto due = ms + static_cast<std::int64_t>(of.spacing_s * 1000);
  if (slot == of.slot && due >= (std::int64_t{slot} + 1) * grid_ms) finish(slot + 1);
}

void fold_spacing(unit_course& of, double since_s) {
  const float usual = of.spacing_s == 0 ? static_cast<float>(since_s) : of.spacing_s;
  of.spacing_s = usual + 0.05F * (std::min(static_cast<float>(since_s), 4 * usual) - usual);
}

/// A young unit does not know itself and is damped. One that knows itself for long has narrow estimates and reaches the
/// same score more easily: the scale falls, so that a score means the same rate of false alarms at any age.
float trust(float days, const course_rules& rules) {
  const auto trusted = static_cast<float>(rules.trusted_days), settled = static_cast<float>(rules.settled_days);
  const auto young = static_cast<float>(rules.trusted_share), old = static_cast<float>(rules.settled_share);
  if (days < trusted) return young - (young - newborn_share) * (1 - days / trusted);
  return young - (young - old) * std::min((days - trusted) / (settled - trusted), 1.0F);
}

/// What readings far apart show is not the compressor's cycle, and is not called so.
std::uint8_t as_the_grid_shows(std::uint8_t channel, float grid_s) {
  if (grid_s <= longest_cycle_grid_s) return channel;
  constexpr std::uint8_t other_words = driver_crossings_coarse - driver_crossings;
  const bool crossings =
      channel == driver_mostly_more + driver_crossings || channel == driver_mostly_less + driver_crossings;
  if (crossings) return static_cast<std::uint8_t>(channel + other_words);
  return channel == driver_one_side ? driver_one_side_coarse : channel;
}

/// Mean of the span that the channel names, spreads; 0 = it names none.
float mean_over_span(const running_means& of, std::uint8_t channel) {
  const std::array means{of.hour, of.three_hours, of.half_day, of.two_days};
  for (const std::uint8_t first : {driver_means, driver_mostly_more, driver_mostly_less})
    if (channel >= first && channel < first + means.size()) return means[static_cast<std::size_t>(channel - first)];
  return 0;
}

score_driver driver_of(const unit_course& of, std::uint8_t channel, float departure_k, float spread) {
  score_driver out{channel};
  out.departure_k = departure_k;
  out.span_k = mean_over_span(of.means, channel) * spread;
  if (of.breach.fast.significant()) out.slope_k_h = of.breach.fast.slope();
  const bool side = channel == driver_one_side || channel == driver_one_side_coarse;
  out.lasting_min = 60 * (side ? of.means.one_side_h : of.open_h);
  if (channel == driver_stuck) out.lasting_min = of.sensor.alike_s / 60;
  return out;
}

} // namespace

course_verdict fold(unit_course& of, timestamp at, milli_celsius value, const course_rules& rules) {
  const std::int64_t ms = to_ms(at);
  if (of.last_ms != 0 && ms <= of.last_ms) return {};
  const auto celsius = static_cast<float>(in_celsius(value));
  const double since_s = of.last_ms == 0 ? 0 : static_cast<double>(ms - of.last_ms) / 1000;
  if (of.last_ms != 0) fold_spacing(of, since_s);
  of.last_ms = ms;
  const std::uint8_t ill = fold_sensor(of.sensor, value, since_s, of, of.open_h > 0, rules);
  // What the sensor makes up is no temperature.
  const bool is_temperature = ill == 0 && of.sensor.mixed == 0;
  if (is_temperature) fold(of.breach, at, value, static_cast<double>(usual_above(of, ms)));
  if (of.sensor.steps >= 8 && of.grid_s == 0) of.grid_s = fitting_grid(of.spacing_s);
  if (of.grid_s == 0) return {};
  const float lasting_h = of.seen_h < rules.young_hours ? young_pace_h : another_pace_h;
  if (static_cast<float>(of.other_steps) * of.grid_s >= lasting_h * 3600) of = at_another_pace(of);
  fill_grid(of, ms, celsius, is_temperature, rules);
  if (of.seen_h < rules.young_hours) return {};
  const auto channel = ill != 0 ? ill : as_the_grid_shows(static_cast<std::uint8_t>(of.driver + 1), of.grid_s);
  const float usual = of.level.location + usual_above(of, ms);
  const float spread = spread_at(of, ms, rules);
  course_verdict out{true, of.score * trust(of.seen_h / 24, rules), driver_of(of, channel, celsius - usual, spread)};
  if (ill != 0) out.score = std::max(out.score, sensor_rule_score);
  out.usual = usual;
  out.strays = spread;
  return out;
}

std::optional<shape_input> newest_step(const unit_course& of, const course_rules& rules) {
  if (of.seen_h <= movements_from_h || !sees_cycles(of)) return std::nullopt;
  const statistics y = standardised(of, statistics_of(of.means));
  return shown(of, y, distance_of(of, y, rules));
}

breach_forecast breach_ahead(const unit_course& of, std::optional<milli_celsius> low,
                             std::optional<milli_celsius> high) {
  return time_to_breach(of.breach, low, high, [&of](double hours) {
    return static_cast<double>(usual_above(of, of.breach.last_ms + static_cast<std::int64_t>(hours * 3.6e6)));
  });
}

} // namespace coldvigil
