#pragma once
// Where training gets its healthy history from.

#include "config/settings.hpp"
#include "core/result.hpp"
#include "evaluation/readings_span.hpp"
#include "evaluation/tables.hpp"
#include "model/training.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace coldvigil {

/// Series, and a sentence for people about where they come from.
struct training_history {
  std::vector<training_series> series;
  std::string description;
  std::vector<std::string> customers{}; ///< codes, when it is theirs
  row_problems left_out{};              ///< of a file
};
using history_progress = std::function<void(std::size_t done, std::size_t of)>;

/// Spacings at which a simulated unit is sampled; 0 = five minutes and, on the last day, ten seconds.
inline constexpr int sampling_intervals_s[] = {10, 60, 300, 900, 1800, 0};

/// One simulated unit without faults, of the class that its number decides, at one of the spacings.
[[nodiscard]] training_series simulated_series(std::uint64_t seed, std::size_t unit, std::size_t days, int interval_s);

/// Units of all classes, each at all spacings.
[[nodiscard]] training_history simulated_history(std::uint64_t seed, std::size_t units, std::size_t days,
                                                 const history_progress& progress);

struct file_history_options {
  std::string readings;                   ///< CSV, as evaluation/readings_file takes it; of any size and order
  readings_span within{};                 ///< readings outside are left out
  std::vector<unit_row> units{};          ///< what is outside a unit's limits is left out
  std::size_t most_readings = 20'000'000; ///< kept in memory, 16 bytes each: of more, the newest of each unit
};
[[nodiscard]] result<training_history> file_history(const file_history_options& options,
                                                    const std::function<void(double share)>& progress);

/// The last days of every unit in the store whose customer agreed to it, without what was out of its unit's limits. The
/// server must not be running on it.
[[nodiscard]] result<training_history> store_history(const settings& config, std::size_t days,
                                                     const history_progress& progress);

} // namespace coldvigil
