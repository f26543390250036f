#pragma once
// The contact book that counts, with the revision by which it is stored.

#include "core/contacts.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace coldvigil {

/// One committed change of the book: the whole of it.
struct contact_revision {
  std::uint64_t revision = 0; ///< order of the changes, from 1, given by the store
  bool from_file = false;     ///< the book of the configuration file; else somebody changed it by API
  std::string document{};     ///< the book as text, for whoever wrote it to read again
  timestamp at{};             ///< wall clock
  friend bool operator==(const contact_revision&, const contact_revision&) = default;
};

struct contacts_now {
  std::shared_ptr<const contact_book> book = std::make_shared<const contact_book>();
  std::uint64_t revision = 0; ///< 0 = nobody was ever to be told of anything
  bool from_file = true;
};

/// Written by whoever commits a change, read by any thread.
class contact_board {
 public:
  [[nodiscard]] contacts_now current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void publish(contacts_now next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  contacts_now current_{};
};

} // namespace coldvigil
