#pragma once
// A command of the program, run to its end.

#include "tests/support/child_process.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil::test {

struct finished_command {
  int code = -1;
  std::string out, errors;
};

/// `errors_file` is where its standard error goes; a fresh one each time. Code -1: it did not end in time.
inline finished_command run_command(std::vector<std::string> arguments, const std::string& errors_file,
                                    int patience_ms) {
  arguments.insert(arguments.begin(), COLDVIGIL_BINARY);
  child_process program(arguments, errors_file);
  finished_command done;
  while (const auto line = program.read_line(patience_ms))
    done.out += *line + "\n";
  done.code = program.wait(patience_ms).value_or(-1);
  std::ifstream errors(errors_file, std::ios::binary);
  done.errors.assign(std::istreambuf_iterator<char>(errors), {});
  return done;
}

} // namespace coldvigil::test
