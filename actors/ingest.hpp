#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "core/backoff.hpp"
#include "core/source.hpp"
#include "ingest/payload.hpp"
#include "ingest/poll_plan.hpp"

#include <array>
#include <functional>
#include <string>

namespace coldvigil::actors {

/// Fetches a URL of a source with its credentials. The callback comes once, on any thread; an empty body is an answer
/// too. Must not block.
using source_fetch = std::function<void(const source_settings& source, const std::string& url,
                                        std::function<void(result<std::string>)> done)>;

/// Polls of one kind begin to fail or work again.
struct poll_note {
  std::string customer;
  poll_kind kind = poll_kind::live;
  std::string url;
  std::string error{};   ///< empty = they work again
  unsigned failures = 0; ///< before this poll
};

struct ingest_limits {
  backoff_limits backoff{};
  std::chrono::seconds future_tolerance{300};
  std::size_t max_rows = 500'000;   ///< of one payload
  std::size_t rows_in_flight = 512; ///< of one customer
  millis busy_retry{200};           ///< when the engine is full
  unsigned history_attempts = 8;    ///< of the directory and of a unit's history; then live polls do without it
};

struct ingest_tools {
  source_settings source{};
  customer_record customer{};
  customer_actor units;
  writer_actor writer;
  source_fetch fetch{};
  std::function<double()> chance{}; ///< random in [0, 1)
  ingest_limits limits{};
  std::function<void(const poll_note&)> note = [](const poll_note&) {};                   ///< any thread
  std::shared_ptr<admission_gate> history_gate = std::make_shared<admission_gate>(5'000); ///< of all customers together
};

struct ingest_state {
  static inline const char* name = "coldvigil.ingest";

  const engine_context* context = nullptr;
  std::shared_ptr<const ingest_tools> tools{};
  poll_plan plan{};
  poll_task task{};        ///< under way, or the last one
  std::uint64_t round = 0; ///< of timers, fetches and answers; what belongs to an older one is ignored
  bool under_way = false;  ///< a poll has begun and has not left its row yet
  bool stopped = false;
  std::array<unsigned, 3> failures{};      ///< in a row, by poll_kind
  bool history_planned = false;            ///< the units known from before were looked at
  bool held_back = false;                  ///< the poll under way left out rows of units whose history is still to come
  std::optional<timestamp> reached{};      ///< everything up to here has been asked for with success
  std::optional<timestamp> settle_until{}; ///< until then polls begin before both passes of the repeated hour

  // the poll under way
  poll_record record{};
  parsed_payload payload{};
  std::vector<std::size_t> pending{}; ///< rows that are not settled yet, by their time
  std::vector<std::size_t> in_flight{};
};

/// Polls one customer after its poll_plan, one request at a time. Every fetch leaves a poll record with true counts.
ingest_actor::behavior_type ingest(ingest_actor::stateful_pointer<ingest_state> self, const engine_context* context,
                                   std::shared_ptr<const ingest_tools> tools);

} // namespace coldvigil::actors
