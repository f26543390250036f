#pragma once
// What the settings name, opened: the store and the detector.

#include "config/settings.hpp"
#include "core/result.hpp"
#include "db/store.hpp"
#include "model/detector.hpp"

#include <memory>

namespace coldvigil {

/// The folder of a SQLite file is made when it is missing.
result<std::unique_ptr<store>> open_store(const store_settings& settings);

/// Null when the settings say "none": rules work alone.
result<std::shared_ptr<detector>> open_detector(const model_settings& settings);

} // namespace coldvigil
