#pragma once
// Links in messages, by which their reader does one thing once: acknowledge an alarm, confirm a self-test. Only the
// hash of a link's secret is kept.

#include "core/notification_records.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Belongs to one thread.
class link_book {
 public:
  explicit link_book(std::size_t most) : most_(most) {}

  /// False when the book is full even without what has expired.
  [[nodiscard]] bool add(message_link link, timestamp now);
  /// What the link would do; it may be looked at any number of times.
  [[nodiscard]] result<message_link> look(const std::string& sha256_hex, timestamp now) const;
  /// Uses it: works once. The answer is to be stored before anything is done.
  [[nodiscard]] result<message_link> use(const std::string& sha256_hex, timestamp now);
  /// Gives back a link whose use could not be stored.
  void restore(message_link link) { links_.insert_or_assign(link.sha256_hex, std::move(link)); }
  [[nodiscard]] std::size_t size() const { return links_.size(); }

 private:
  const std::size_t most_;
  std::map<std::string, message_link> links_; ///< by hash
};

} // namespace coldvigil
