#pragma once
// A bounded number of places, of which nobody takes so many that the others have none.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

namespace coldvigil {

/// Thread-safe.
template <class Holder> class fair_places {
 public:
  fair_places(std::size_t most, std::size_t most_each)
      : books_(std::make_shared<books>()), most_(most), most_each_(most_each) {}

  /// Kept for as long as the place is taken (or `count` of them); may outlive the object. Empty when there is none.
  using place = std::shared_ptr<const void>;
  [[nodiscard]] place take(const Holder& holder, std::size_t count = 1) {
    const std::lock_guard lock(books_->mutex);
    const auto own = books_->of.find(holder);
    const std::size_t held = own == books_->of.end() ? 0 : own->second;
    if (count > most_ - books_->taken || held + count > most_each_) return {};
    books_->taken += count;
    books_->of[holder] += count;
    return place(static_cast<const void*>(this),
                 [books = books_, holder, count](const void*) { give(*books, holder, count); });
  }
  [[nodiscard]] std::size_t taken() const {
    const std::lock_guard lock(books_->mutex);
    return books_->taken;
  }

 private:
  struct books {
    std::mutex mutex;
    std::map<Holder, std::size_t> of;
    std::size_t taken = 0;
  };
  static void give(books& in, const Holder& holder, std::size_t count) {
    const std::lock_guard lock(in.mutex);
    in.taken -= count;
    const auto own = in.of.find(holder);
    own->second -= count;
    if (own->second == 0) in.of.erase(own);
  }

  const std::shared_ptr<books> books_;
  const std::size_t most_, most_each_;
};

} // namespace coldvigil
