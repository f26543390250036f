#include "app/evaluation_commands.hpp"

#include <iostream>

namespace coldvigil {

int report_failure(const std::string& command, const failure& error) {
  std::cerr << "coldvigil " << command << ": " << error.text() << "\n";
  const bool theirs = error.code == error_code::invalid_argument || error.code == error_code::not_found ||
                      error.code == error_code::limit || error.code == error_code::corrupt;
  return theirs ? 2 : 1;
}

void report_problems(const std::string& path, const row_problems& problems) {
  if (problems.count == 0) return;
  std::cerr << path << ": " << problems.count << (problems.count == 1 ? " row" : " rows") << " left out\n";
  for (const std::string& each : problems.named)
    std::cerr << "  " << each << "\n";
  if (problems.count > problems.named.size())
    std::cerr << "  and " << problems.count - problems.named.size() << " more\n";
}

} // namespace coldvigil
