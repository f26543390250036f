#pragma once
// What is committed of every unit, for commands that learn from it. The server must not be running on the store.

#include "config/settings.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/result.hpp"
#include "db/store.hpp"
#include "model/training.hpp"

#include <functional>
#include <string>
#include <vector>

namespace coldvigil {

using stored_unit_sink =
    std::function<void(const customer_record&, const unit_record&, std::vector<judged_reading>&& in_event_order)>;

/// The newest `days` of every unit, one unit in memory at a time. A store that is not there, or that holds no reading,
/// is a failure.
[[nodiscard]] status each_stored_unit(const store_settings& settings, std::size_t days, const stored_unit_sink& sink,
                                      const std::function<void(std::size_t done, std::size_t of)>& progress);

/// The readings of one unit from `span` before its newest, sealed or not, in event order; `tail` is what is not sealed
/// yet (store::recover). Read page by page: error_code::limit when there are more than `most`.
[[nodiscard]] result<std::vector<judged_reading>> stored_readings_of(store_reader& from, const unit_record& unit,
                                                                     const std::vector<judged_reading>& tail,
                                                                     millis span, std::size_t most);

/// What a model learns of a unit: its readings inside its limits.
[[nodiscard]] training_series healthy_series(std::string name, const unit_record& unit,
                                             const std::vector<judged_reading>& readings);

/// Whose readings may teach a model that others use too: those who agreed (customer.training). A model of one customer
/// alone needs nobody's leave, so the only customer always may.
[[nodiscard]] std::function<bool(const customer_record&)> teachers(const settings& config);

} // namespace coldvigil
