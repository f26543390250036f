#pragma once
// The way to a database: a session that can be made anew when its connection is lost.

#include "db/sql.hpp"

#include <functional>

namespace coldvigil::db {

/// Belongs to one thread at a time.
class sql_link {
 public:
  virtual ~sql_link() = default;
  /// Connects when there is no connection; a writer's link also takes the database for itself. Throws db::error.
  virtual sql_session& session() = 0;
  /// `check` looks at every later connection before session() gives it away, and throws when it must not be used.
  virtual void on_reconnect(std::function<void(sql_session&)> check) = 0;
  virtual void drop() noexcept = 0;
};

/// Runs `work(session)`, once more when the connection was lost and nothing was committed.
template <class Work> auto with_session(sql_link& link, Work&& work) {
  try {
    return work(link.session());
  } catch (const connection_lost&) {
    link.drop();
  }
  return work(link.session());
}

} // namespace coldvigil::db
