#pragma once
// The models of an installation: a folder of model files, each named after its content, and a list of which was made
// active when. Files are never changed; a file that is damaged or foreign is refused and what is active stays.

#include "core/time.hpp"
#include "model/model_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// The model in the binary: always there, never in the folder.
inline constexpr std::string_view shipped_version = "shipped";

/// What a model file is called in the folder: the beginning of its SHA-256.
[[nodiscard]] std::string version_of(std::span<const std::byte> file);

inline constexpr std::string_view model_extension = ".cvm";

struct listed_model {
  std::string version;               ///< the beginning of its SHA-256, or "shipped"
  bool active = false;               ///< what the list says; the engine follows it within a minute
  std::optional<model_file> model{}; ///< nothing: it cannot be used
  std::string trouble{};             ///< why not
};

/// One line of the list.
struct activation {
  timestamp at{};
  bool back = false; ///< a rollback: the version is the one it went back to
  std::string version;
  std::string who; ///< a person, or the part of the program
};

/// What came of the newest retraining that was brought to its end.
struct retraining_note {
  timestamp at{};
  std::string outcome; ///< for people, one line
};

class model_registry {
 public:
  /// The folder is made when something is written.
  explicit model_registry(std::string folder) : folder_(std::move(folder)) {}

  /// The shipped one first, then by version.
  [[nodiscard]] result<std::vector<listed_model>> list() const;
  /// Keeps a copy and gives its version; the same content again is the same version.
  [[nodiscard]] result<std::string> add(std::span<const std::byte> file, const std::string& where) const;
  /// By its version or the beginning of one.
  [[nodiscard]] result<std::string> find(const std::string& version) const;
  [[nodiscard]] result<std::vector<std::byte>> read(const std::string& version) const;

  /// Of a folder that somebody names instead of a file: the active model, else the only one there is.
  [[nodiscard]] result<std::vector<std::byte>> meant() const;

  /// Nothing when nothing was ever activated.
  [[nodiscard]] result<std::optional<std::string>> active() const;
  [[nodiscard]] result<std::vector<activation>> history() const;
  /// What was made active and not rolled back, the newest last.
  [[nodiscard]] result<std::vector<std::string>> standing() const;
  /// Refused when the version cannot be used.
  [[nodiscard]] status activate(const std::string& version, const std::string& who, timestamp at) const;
  /// Goes back to the version that was active before; gives it.
  [[nodiscard]] result<std::string> rollback(const std::string& who, timestamp at) const;

  [[nodiscard]] status note_retraining(const retraining_note& note) const;
  /// Nothing when there was none.
  [[nodiscard]] result<std::optional<retraining_note>> last_retraining() const;

 private:
  [[nodiscard]] std::string path_of(const std::string& version) const;
  [[nodiscard]] std::string list_path() const { return folder_ + "/active"; }
  [[nodiscard]] std::string note_path() const { return folder_ + "/retrained"; }
  [[nodiscard]] status append(const activation& line) const;

  std::string folder_;
};

} // namespace coldvigil
