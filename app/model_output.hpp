#pragma once
// Where a command puts the model that it makes.

#include "core/result.hpp"
#include "model/model_file.hpp"

#include <string>

namespace coldvigil {

class model_output {
 public:
  /// A name that ends in ".cvm" is a file; any other is a folder of models, made when it is not there. What cannot be
  /// written is said here, before the work.
  [[nodiscard]] static result<model_output> at(const std::string& path);

  /// Gives the file's name. In a folder that is its version's: what was there before stays.
  [[nodiscard]] result<std::string> save(const model_file& model) const;

 private:
  model_output(std::string path, bool folder) : path_(std::move(path)), folder_(folder) {}
  std::string path_;
  bool folder_;
};

} // namespace coldvigil
