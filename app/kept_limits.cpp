#include "app/kept_limits.hpp"

#include <cstdio>

namespace coldvigil {

std::optional<limits> limits_in_file(const unit_description& in_file, const unit_record& known) {
  if (!in_file.own_limits && !in_file.set_point) return std::nullopt;
  const unit_kind kind = in_file.set_point ? kind_from_set_point(*in_file.set_point) : unit_kind::freezer;
  const limits asked = registration_limits(kind, in_file.set_point, in_file.own_limits);
  return asked == known.range ? std::nullopt : std::optional(asked);
}

std::string in_words(const limits& range) {
  char text[64];
  std::snprintf(text, sizeof text, "%g to %g", in_celsius(range.low), in_celsius(range.high));
  return text;
}

} // namespace coldvigil
