#pragma once
// Who may do what: bearer tokens by the SHA-256 of their text. The book never holds a token itself.

#include "core/registry.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coldvigil {

/// What a token entitles to.
struct identity {
  std::string name;
  std::optional<customer_id> customer{}; ///< nothing = all customers
  permission level = permission::read;
};

/// Thread-safe. Looking up by hash makes the time of a comparison say nothing about a token.
class token_book {
 public:
  /// Replaces everything. A record without a customer that is not admin entitles to nothing and is left out.
  void replace(const std::vector<token_record>& records);
  void add(const token_record& record);
  /// Nothing when unknown or expired at `now`.
  [[nodiscard]] std::optional<identity> find(std::string_view token, timestamp now) const;

 private:
  using table = std::unordered_map<std::string, token_record>;
  mutable std::mutex mutex_;
  std::shared_ptr<const table> table_ = std::make_shared<table>();
};

} // namespace coldvigil
