#pragma once
// What is committed of every unit, for commands that learn from it. The server must not be running on the store.

#include "config/settings.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/result.hpp"

#include <functional>
#include <vector>

namespace coldvigil {

using stored_unit_sink =
    std::function<void(const customer_record&, const unit_record&, std::vector<judged_reading>&& in_event_order)>;

/// The newest `days` of every unit, one unit in memory at a time.
[[nodiscard]] status each_stored_unit(const store_settings& settings, std::size_t days, const stored_unit_sink& sink,
                                      const std::function<void(std::size_t done, std::size_t of)>& progress);

/// Whose readings may teach a model that others use too: those who agreed (customer.training). A model of one customer
/// alone needs nobody's leave, so the only customer always may.
[[nodiscard]] std::function<bool(const customer_record&)> teachers(const settings& config);

} // namespace coldvigil
