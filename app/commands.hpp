#pragma once
// The subcommands. Each gives the process's exit code: 0 done, 1 failed, 2 the configuration or the arguments are
// wrong.

#include "config/settings.hpp"

#include <optional>
#include <string>

namespace coldvigil {

int serve(const settings& config);

/// Only the simulated customers' endpoints, until a signal.
int simulate(const settings& config);

struct poll_arguments {
  std::string customer;
  bool history = false;  ///< ask the history URL instead of the current one
  std::size_t rows = 10; ///< shown
  bool dry_run = false;  ///< must be given: storing is what the server does
};
/// Fetches once and shows the first rows as understood. Stores nothing.
int poll_dry_run(const settings& config, const poll_arguments& what);

struct token_arguments {
  bool list = false;   ///< show the tokens that there are, never their text
  bool revoke = false; ///< end the tokens of this name
  std::string name;
  std::string customer; ///< code; empty = all customers, admin only
  std::string level = "read";
  unsigned days = 0; ///< until it expires; 0 = never
};
/// Makes a token, stores its hash and prints the token once; or lists or revokes. The server must not be running on the
/// same store.
int manage_tokens(const settings& config, const token_arguments& what);

struct preview_arguments {
  std::string unit;          ///< uuid, or code where that names one unit only
  std::string customer;      ///< code; empty = all
  std::string scope{"unit"}; ///< whose rules these would be
  std::string rules_file;    ///< JSON as PUT /api/v1/rules/... takes it
  std::string profile;       ///< instead of a file
  /// Before its newest reading; nothing = as far back as the API looks when nobody says.
  std::optional<unsigned> days{};
};
/// Replays proposed rules over a unit's stored readings and says which alarms would appear and vanish. Stores nothing.
/// The server must not be running on the same store: it answers POST /api/v1/rules/preview itself.
int preview_rules(const settings& config, const preview_arguments& what);

struct verify_arguments {
  std::string head;  ///< "COMMIT:HASH" as kept elsewhere; empty = none
  bool json = false; ///< machine-readable
};
/// Checks that the whole record is as it was committed. The server must not be running on the same store. 0 = whole,
/// 1 = changed.
int verify_record(const settings& config, const verify_arguments& what);

} // namespace coldvigil
