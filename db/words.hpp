#pragma once
// Enumerations are stored by their words. A word that the program does not know is damage, and the row is named.

#include "core/words.hpp"
#include "db/sql.hpp"

#include <cstddef>

namespace coldvigil::db {

[[noreturn]] inline void throw_damaged(const std::string& what, const std::string& row) {
  throw error({error_code::corrupt, "stored data is damaged: " + what, row,
               "restore the database from a backup, or take the row out after saving it elsewhere"});
}

/// The value among the first `count` whose to_string is `word`.
template <class Enum> Enum from_word(const std::string& word, std::size_t count, const std::string& row) {
  if (const auto known = parse_word<Enum>(word, count)) return *known;
  throw_damaged("unknown word '" + word + "'", row);
}
template <class Enum> sql_value as_word(Enum value) {
  return std::string(to_string(value));
}

} // namespace coldvigil::db
