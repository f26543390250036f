#pragma once
// A file that is written in large pieces. A write that fails is remembered until close() says so.

#include "core/result.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace coldvigil {

class output_file {
 public:
  /// Overwrites what is there; a file that cannot be made shows at close().
  explicit output_file(const std::string& path);
  void write(std::string_view text);
  [[nodiscard]] bool good() const { return problem_.empty(); }
  /// A failure when anything was not written.
  [[nodiscard]] status close();

 private:
  void flush();
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_, pending_, problem_;
  std::unique_ptr<std::FILE, closer> file_;
};

} // namespace coldvigil
