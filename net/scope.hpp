#pragma once
// What a request may see: the token's customer, or all, narrowed by ?customer=CODE. What is outside is not found.

#include "net/api.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct scope {
  std::optional<customer_id> customer{};                      ///< nothing = all customers
  std::vector<std::shared_ptr<const customer_now>> customers; ///< in a fixed order, so that pages fit together
  std::uint64_t feed_last = 0;                                ///< of the stream of this scope, as of these snapshots

  [[nodiscard]] std::size_t unit_count() const;
};

/// Nothing when ?customer names one that the token may not see, or that does not exist.
[[nodiscard]] std::optional<scope> scope_of(const api& with, const api_request& request);
/// The present snapshots of one customer or of all.
[[nodiscard]] scope scope_of(const now_board& board, std::optional<customer_id> customer);

struct found_unit {
  std::shared_ptr<const customer_now> customer;
  const unit_now* unit = nullptr; ///< inside `customer`
};

/// By uuid, or by code where that names one unit only.
[[nodiscard]] std::optional<found_unit> find_unit(const scope& within, const std::string& name);
[[nodiscard]] std::optional<found_unit> find_unit_by_id(const scope& within, unit_id unit);
/// By uuid, or by code where that names one facility only; null when there is none.
[[nodiscard]] std::shared_ptr<const facility_record> find_facility(const scope& within, const std::string& name);

} // namespace coldvigil
