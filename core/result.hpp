#pragma once
// Errors are values: what went wrong, where, and what the reader can do about it.

#include <string>
#include <utility>
#include <variant>

namespace coldvigil {

/// What a caller may decide on; the text is for people.
enum class error_code {
  invalid_argument, ///< the input is wrong; the same input will fail again
  not_found,
  conflict,    ///< it exists already, or somebody else holds it
  unavailable, ///< the store, a model or an endpoint is away; trying again may help
  corrupt,     ///< stored data or a file is damaged
  limit,       ///< a configured bound is reached
  internal,
};

/// An error that a person sees: what happened, where, and what to do.
struct failure {
  error_code code = error_code::internal;
  std::string what;
  std::string where{}; ///< file and line, key, table, URL: whatever locates it; may be empty
  std::string hint{};  ///< what to do; may be empty

  /// "what (where): hint", leaving out what is empty.
  [[nodiscard]] std::string text() const {
    std::string out = what;
    if (!where.empty()) out += " (" + where + ")";
    if (!hint.empty()) out += ": " + hint;
    return out;
  }
};

/// Either a value or a failure. Reading the wrong side throws std::bad_variant_access, which is a programming error.
template <class T> class [[nodiscard]] result {
 public:
  result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  result(failure error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& value() & { return std::get<0>(content_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(content_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(content_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }
  [[nodiscard]] const failure& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, failure> content_;
};

struct nothing {};
using status = result<nothing>;

} // namespace coldvigil
