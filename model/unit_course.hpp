#pragma once
// The detector's memory of one unit. Plain data of at most 2 KiB: copied, kept in checkpoints, stored as it is.

#include "model/rest_days.hpp"
#include "model/sketch.hpp"
#include "model/time_to_breach.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace coldvigil {

inline constexpr std::size_t day_slots = 96; ///< 15 min each
inline constexpr std::size_t day_parts = 24; ///< an hour each
inline constexpr std::size_t statistic_count = 11;
inline constexpr std::size_t channel_count = 12; ///< all statistics together, some that can alarm alone, fault shapes
inline constexpr std::size_t shift_channels = 4; ///< the first of them: what a busy working shift moves
inline constexpr std::size_t shape_cells = 16;   ///< of the network of fault shapes

/// What the sensor itself shows.
struct sensor_memory {
  std::int32_t last = 0;   ///< m°C
  std::int32_t before = 0; ///< the value before it
  float alike_s = 0;       ///< for which the value has been the same
  float longest_s = 0;     ///< such time while nothing was wrong, fading slowly
  float usual_spikes = 0;  ///< the most of them while nothing was wrong, fading slowly
  float spikes = 0;        ///< recent large steps that turned back, fading
  float spiking_h = 0;     ///< for which there have been too many of them; 0 = there are not
  std::uint16_t mixed = 0; ///< readings in a row that look like °F
  std::uint16_t steps = 0; ///< readings seen, up to a bound
  robust_scale step{};     ///< of the difference between readings, m°C
};

/// Means that forget, of the difference u to what is usual.
struct running_means {
  float hour = 0, three_hours = 0, half_day = 0, two_days = 0; ///< of u
  float step_2h = 0, step_6h = 0;                              ///< of the size of u's steps
  float wide_2h = 0, wide_6h = 0;                              ///< of the size of u around its 3-h mean
  float crossings = 0;                                         ///< of that mean, share of steps
  float one_side_h = 0;                                        ///< since the last of them
  float step_half_hour = 0, step_hour_half = 0;                ///< of u's steps, with their sign
};

/// A warm bump that goes back by itself soon is a door that was open, or goods that were brought in. A single step that
/// is far too cold is a reading that went wrong. One of the two is watched at a time.
struct opening_watch {
  running_means before{};     ///< when it began
  float age_h = 0;            ///< 0 = none; beyond the longest opening it is none any more, but not over either
  float peak = 0, peak_h = 0; ///< spreads, and the age then; below 0 = a step that is too cold
  float lowest = 0;           ///< since the peak
  float is_one = 0;           ///< 1 = so far its course is that of an opening
  float recent = 0;           ///< openings, fading over six hours
  float bumps = 0;            ///< such that warmed slowly and went back by themselves (defrosts), fading over days
  float bump_rise_h = 0;      ///< for how long they usually warm
  float cold_steps = 0;       ///< single steps that were far too cold, fading over a day
};

/// What the network of fault shapes (model/fault_shape) has in mind between two steps.
struct shape_memory {
  std::array<std::int16_t, shape_cells> cell{};   ///< its root, in 1/1260
  std::array<std::int16_t, shape_cells> hidden{}; ///< in 1/32767
};

struct unit_course {
  std::int64_t last_ms = 0; ///< newest reading
  std::int32_t slot = 0;    ///< number of the grid's step that is being filled
  std::int32_t folded = 0;  ///< number of the newest one that was finished
  breach_watch breach{};
  float slot_sum = 0; ///< °C
  std::uint32_t slot_count = 0;
  float spacing_s = 0; ///< usual time between readings
  float grid_s = 0;    ///< the grid's step; 0 = not chosen yet
  float seen_h = 0;    ///< clean hours learnt from
  float calm_h = 0;    ///< hours for which the fast statistics have been as usual
  float open_h = 0;    ///< hours since the score went over the threshold; 0 = it is not over

  robust_scale level{};                               ///< of the temperature, °C
  std::array<float, day_slots> profile{};             ///< usual difference to the level by the time of day, K
  std::array<std::uint8_t, day_parts> profile_seen{}; ///< steps it was learnt from, up to a bound
  rest_days rest{};
  float lowest = 0, highest = 0;                    ///< of clean times, °C; they fade towards the level
  robust_scale around{};                            ///< of the difference to what is usual, K
  std::array<robust_size, day_parts> around_then{}; ///< the same by the time of day

  float u = 0, u_before = 0; ///< difference to what is usual, in spreads
  running_means means{};
  opening_watch opening{};
  std::array<robust_scale, statistic_count> usual{};
  std::array<float, statistic_count*(statistic_count + 1) / 2> covariance{};
  std::array<robust_scale, channel_count> worst{};               ///< of the largest value of six hours
  std::array<float, channel_count> block_worst{};                ///< of the present six hours
  std::int32_t block = 0;                                        ///< their number
  std::array<std::array<float, shift_channels>, 4> worst_then{}; ///< mean largest value by the quarter of the day
  shape_memory shape{};
  sensor_memory sensor{};
  float score = 0;
  std::uint16_t driver = 0;      ///< what drove the score: one less than its number (core/driver_text)
  std::uint16_t other_steps = 0; ///< of the grid, in a row, for which readings came at a pace that asks for another
};
static_assert(sizeof(unit_course) <= 2048 && std::is_trivially_copyable_v<unit_course>);

} // namespace coldvigil
