#pragma once
// Takes the members out of a JSON object, one after the other, and remembers what was wrong with each.

#include "net/problem.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

class member_reader {
 public:
  /// `pointer` is where the object stands ("#/rules/0"). `from` and `errors` outlive this.
  member_reader(const boost::json::object& from, std::string pointer, std::vector<field_error>& errors)
      : from_(from), pointer_(std::move(pointer)), errors_(errors) {}

  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] std::string at(const std::string& name) const { return pointer_ + "/" + name; }
  void wrong(const std::string& name, std::string detail) { errors_.push_back({at(name), std::move(detail)}); }
  /// Members that are the caller's own business.
  void leave(const std::vector<std::string>& names) { known_.insert(known_.end(), names.begin(), names.end()); }
  [[nodiscard]] bool has(const std::string& name) const { return from_.contains(name); }

  /// There, and not null.
  [[nodiscard]] bool says(const std::string& name) const {
    const boost::json::value* found = from_.if_contains(name);
    return found && !found->is_null();
  }

  /// These must be there.
  void need(std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (!has(name)) wrong(name, "is needed");
  }
  /// These may be left out, but not be null.
  void never_null(std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (has(name) && from_.at(name).is_null()) wrong(name, "is null: say it, or leave it out");
  }
  /// Null when the member is absent or null.
  const boost::json::value* take(const std::string& name) {
    known_.push_back(name);
    return says(name) ? &from_.at(name) : nullptr;
  }
  template <class Enum, class Parse>
  Enum word(const std::string& name, Parse parse, std::optional<Enum> otherwise = std::nullopt) {
    const boost::json::value* given = take(name);
    if (!given && otherwise) return *otherwise;
    const auto parsed =
        given && given->is_string() ? parse(std::string_view(given->get_string())) : std::optional<Enum>{};
    if (parsed) return *parsed;
    wrong(name, given ? "no such word" : "is needed");
    return Enum{};
  }
  template <class Number> Number whole(const std::string& name, Number otherwise) {
    const boost::json::value* given = take(name);
    if (!given) return otherwise;
    boost::json::error_code error;
    const auto number = given->is_number() ? given->to_number<Number>(error) : Number{};
    if (!given->is_number() || error) wrong(name, "a whole number");
    return error ? otherwise : number;
  }
  std::optional<double> number(const std::string& name) {
    const boost::json::value* given = take(name);
    if (!given) return std::nullopt;
    if (given->is_number() && std::isfinite(given->to_number<double>())) return given->to_number<double>();
    wrong(name, "a number");
    return std::nullopt;
  }
  bool truth(const std::string& name) {
    const boost::json::value* given = take(name);
    if (given && !given->is_bool()) wrong(name, "true or false");
    return given && given->is_bool() && given->get_bool();
  }
  /// Empty when the member is absent or null.
  std::string text(const std::string& name) {
    const boost::json::value* given = take(name);
    if (given && !given->is_string()) wrong(name, "text");
    return given && given->is_string() ? std::string(given->get_string()) : std::string{};
  }
  std::string needed_text(const std::string& name) {
    if (from_.contains(name) && !from_.at(name).is_null()) return text(name);
    known_.push_back(name);
    wrong(name, "is needed");
    return {};
  }
  /// `each(element, pointer)` for every element of a list; nothing is done when the member is absent or null.
  template <class Each> void list(const std::string& name, Each&& each) {
    const boost::json::value* given = take(name);
    if (given && !given->is_array()) return wrong(name, "a list");
    if (!given) return;
    std::size_t index = 0;
    for (const auto& element : given->get_array())
      each(element, at(name) + "/" + std::to_string(index++));
  }
  /// The same where every element is an object; `each` gets a reader of it.
  template <class Each> void objects(const std::string& name, Each&& each) {
    list(name, [&](const boost::json::value& element, const std::string& pointer) {
      if (const auto* members = element.if_object()) return each(member_reader(*members, pointer, errors_));
      errors_.push_back({pointer, "an object"});
    });
  }
  /// When all is taken: whatever else is there is a mistake.
  void end(std::string_view of) {
    for (const auto& member : from_)
      if (std::find(known_.begin(), known_.end(), std::string(member.key())) == known_.end())
        wrong(std::string(member.key()), std::string(of) + " has no such member");
  }

 private:
  const boost::json::object& from_;
  const std::string pointer_;
  std::vector<field_error>& errors_;
  std::vector<std::string> known_{};
};

} // namespace coldvigil
