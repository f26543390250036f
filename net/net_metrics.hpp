#pragma once
// What the network side counts. Written by its threads, read by whoever renders.

#include <array>
#include <atomic>
#include <cstdint>

namespace coldvigil {

struct net_metrics {
  using counter = std::atomic<std::uint64_t>;
  std::array<counter, 5> requests{}; ///< answers by status class, 1xx first
  counter request_micros{0};         ///< sum over all answers
  counter connections_rejected{0};
  counter bodies_refused{0};  ///< no room was left for them
  counter engine_timeouts{0}; ///< the engine did not answer in time
  counter engine_full{0};     ///< submissions answered with 429
  counter ws_clients{0};      ///< now
  counter ws_accepted{0};
  counter ws_refused{0};        ///< there were too many, of all or of their customer
  counter tickets_displaced{0}; ///< unused, by newer ones of the same customer
  counter ws_coalesced{0};      ///< times that a client's queue was folded
  counter ws_dropped{0};        ///< clients closed because they stayed behind
  counter ws_gaps{0};           ///< resumes that could not be honoured
};

} // namespace coldvigil
