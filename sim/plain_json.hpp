#pragma once
// JSON as the imitated systems write it: numbers are plain decimals. Boost.JSON writes -67.5 as -6.75E1.

#include <boost/json/value.hpp>

#include <string>

namespace coldvigil::sim {

void append_plain(std::string& out, const boost::json::value& value);
[[nodiscard]] std::string plain_json(const boost::json::value& value);

} // namespace coldvigil::sim
