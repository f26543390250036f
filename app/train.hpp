#pragma once
// `coldvigil train`: a model from simulated fleets, a file of readings or the store.

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace coldvigil {

struct train_arguments {
  std::string out; ///< the model file to write (.cvm), or a folder of models
  std::uint64_t seed = 1;
  /// With `readings`: a CSV file of units; what is outside their limits is not trained on. Else a number: simulated
  /// units.
  std::string units;
  std::size_t days = 14;    ///< of history
  std::size_t epochs = 40;  ///< at most
  double quantile = 0.9995; ///< of the held-out healthy errors: the threshold
  std::string readings;     ///< a CSV file to train on instead of simulated fleets
  bool json = false;
  bool from_store = false; ///< train on the store's history; needs `config`
  std::string config;
  std::vector<std::string> overrides;
};

void add_train_options(CLI::App& command, train_arguments& into);

/// Shows its progress on the standard error. Gives the process's exit code: 0 done, 1 failed, 2 wrong arguments.
int run_train(const train_arguments& arguments);

} // namespace coldvigil
