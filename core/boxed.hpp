#pragma once
// A value that is there or not, on the heap: eight bytes while it is not. Copies and compares by value.

#include <memory>
#include <utility>

namespace coldvigil {

template <class T> class boxed {
 public:
  boxed() = default;
  boxed(T value) : held_(std::make_unique<T>(std::move(value))) {}
  boxed(const boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  boxed(boxed&&) noexcept = default;
  boxed& operator=(const boxed& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  boxed& operator=(boxed&&) noexcept = default;
  ~boxed() = default;

  explicit operator bool() const { return held_ != nullptr; }
  [[nodiscard]] T& operator*() { return *held_; }
  [[nodiscard]] const T& operator*() const { return *held_; }
  [[nodiscard]] T* operator->() { return held_.get(); }
  [[nodiscard]] const T* operator->() const { return held_.get(); }
  void reset() { held_.reset(); }

  friend bool operator==(const boxed& a, const boxed& b) {
    return a.held_ && b.held_ ? *a.held_ == *b.held_ : !a.held_ && !b.held_;
  }

 private:
  std::unique_ptr<T> held_;
};

} // namespace coldvigil
