#pragma once
// What an engine goes on from, read from the store before the writer takes it over: its connection bears one thread at
// a time.

#include "actors/context.hpp"
#include "actors/engine_parts.hpp"
#include "actors/messages.hpp"
#include "core/alarm_shelf.hpp"
#include "core/now_keeper.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

namespace coldvigil::actors {

using arrivals_by_unit = std::unordered_map<std::int64_t, unit_arrival>;

struct recovered_engine {
  std::shared_ptr<now_keeper> keeper; ///< published: the board shows where everything stood
  alarm_shelf shelf{};
  registry known{};
  arrivals_by_unit arrivals{};
  std::uint16_t model = 0;                  ///< number of the scorer; 0 = there is none
  std::optional<model_takeover> takeover{}; ///< of the version that was warming up
  std::shared_ptr<store_reader> for_reader{}, for_writer{};
  std::shared_ptr<store_reader> for_models{}; ///< only where models may change

  [[nodiscard]] std::uint16_t newest_model() const { return takeover ? takeover->number : model; }
};

/// Makes the customers that are missing and notes the model in force; publishes rules and board of the context.
result<recovered_engine> recover_engine(store& durable, const engine_context& context, const engine_parts& parts);

} // namespace coldvigil::actors
