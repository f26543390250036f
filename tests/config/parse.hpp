#pragma once
// Configuration from text.

#include "config/settings.hpp"

#include <string>
#include <vector>

namespace coldvigil {

inline result<settings> parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_settings(text, "test.toml", overrides);
}

template <class T> std::string problem(const result<T>& from) {
  return from ? "" : from.error().text();
}

} // namespace coldvigil
