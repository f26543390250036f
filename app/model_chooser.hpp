#pragma once
// Which model shall judge next: what people made active in the folder of models, a calibration fitted anew to the
// fleet's stored scores, or an autoencoder trained anew on what customers agreed to.

#include "actors/model_keeper.hpp"
#include "config/settings.hpp"
#include "core/registry.hpp"
#include "model/model_registry.hpp"
#include "model/training.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coldvigil {

class model_chooser {
 public:
  using answer = actors::model_desk::answer;

  /// What came of a retraining, for people; on the keeper's thread.
  using report = std::function<void(const std::string& outcome)>;

  /// `running`: the version that judges as the program starts. `config` and `board` must outlive it.
  model_chooser(const settings& config, const now_board& board, std::string running, report retrained);

  /// On the keeper's thread. People come first, then what is due by the calendar. `present` is the running version's
  /// number in the store.
  answer next(store_reader& reader, std::uint16_t present, timestamp now);
  /// On the keeper's thread: this version judges from now on.
  void taken(const std::string& version) { running_ = version; }

  /// Work under way breaks off. Any thread.
  void stop() { ending_ = true; }

  /// Gauges: the budget, what was achieved, on how much. Any thread.
  [[nodiscard]] std::string metrics_text() const;

 private:
  struct known_unit {
    std::shared_ptr<const customer_record> customer;
    std::shared_ptr<const unit_record> unit;
  };
  answer wanted_by_people();
  answer look_back(store_reader& reader, std::uint16_t present, timestamp now);
  answer retrain(store_reader& reader, timestamp now);
  /// What a retraining is made of.
  struct lessons {
    std::vector<training_series> series;
    window_set held_back; ///< of other units
    std::vector<std::string> customers;
    std::size_t units = 0; ///< that have readings
  };
  [[nodiscard]] result<lessons> lessons_from(store_reader& reader, timestamp now) const;
  /// Says what came of it. What was not brought to its end is tried again the next day.
  answer no_candidate(const std::string& outcome, bool ended, timestamp now);
  /// People made another version active while this one was being trained.
  [[nodiscard]] bool people_wait() const;
  [[nodiscard]] timestamp retraining_due(timestamp now) const;
  [[nodiscard]] answer candidate(const std::string& version, const std::string& who, const std::string& reason) const;
  /// Keeps the file and makes it active under this name.
  answer adopt(const model_file& file, const std::string& who, const std::string& reason, timestamp now);
  [[nodiscard]] result<model_file> running_model() const;
  /// When this part of the program last made a version active.
  [[nodiscard]] std::optional<timestamp> last_by(const std::string& who) const;
  /// At most so many, spread over the units of the customers that are `wanted`.
  [[nodiscard]] std::vector<known_unit> some_units(std::size_t most,
                                                   const std::function<bool(const customer_record&)>& wanted) const;

  const settings& config_;
  const now_board& board_;
  model_registry models_;
  std::string running_;
  report retrained_;
  std::string refused_{}; ///< told already
  std::optional<timestamp> look_back_at_{}, retrain_at_{};
  std::atomic<bool> ending_{false};
  std::atomic<double> achieved_{0}, unit_months_{0};
  std::atomic<std::uint64_t> taken_{0}, worse_{0}, broken_off_{0}; ///< retrainings
};

} // namespace coldvigil
