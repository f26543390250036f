#pragma once
// A file that is written in large pieces. A write that fails is remembered until close() says so. What stood there
// before stays until close(), and for good when the work ends without it or is interrupted.

#include "app/leftover.hpp"
#include "core/result.hpp"

#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

/// A file is made or replaced; a device or a pipe is written to.
[[nodiscard]] bool replaces(const std::string& path);

class output_file {
 public:
  /// A file that cannot be made shows at close().
  explicit output_file(const std::string& path);
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  void write(std::string_view text);
  [[nodiscard]] bool good() const { return problem_.empty(); }
  /// A failure when anything was not written.
  [[nodiscard]] status close();

 private:
  void flush();
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  /// Is written, and takes the path's place at close(); empty then, and when the path is no plain file.
  std::string draft_{};
  std::optional<leftover> unfinished_{};
  std::string pending_, problem_;
  std::unique_ptr<std::FILE, closer> file_;
};

/// A failure when an output is one of the inputs, or is named twice. Empty names are left out.
[[nodiscard]] status apart(std::initializer_list<std::string> outputs, std::initializer_list<std::string> inputs);

} // namespace coldvigil
