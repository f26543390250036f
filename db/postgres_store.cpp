// PostgreSQL: one writer a database by an advisory lock, connected anew when the connection is lost.

#include "db/guard.hpp"
#include "db/postgres_layout.hpp"
#include "db/postgres_session.hpp"
#include "db/sql_reader.hpp"
#include "db/sql_store.hpp"

namespace coldvigil {
namespace {

/// "coldvigi" as a number; advisory locks belong to their database.
constexpr std::int64_t writer_lock = 0x636f'6c64'7669'6769;

/// A server may need a moment to notice that a process or a connection has gone.
constexpr const char* patience = "SET lock_timeout = '2s'";

void take_lock(db::postgres_session& in) {
  in.script(patience);
  in.run("SELECT pg_advisory_lock($1)", {writer_lock});
}

/// A writer holds the lock as long as its session lives.
class postgres_link final : public db::sql_link {
 public:
  enum class use { write, read };
  postgres_link(std::string url, use as) : url_(std::move(url)), as_(as) { connect(); }

  db::sql_session& session() override {
    if (!session_) reconnect();
    return *session_;
  }
  void on_reconnect(std::function<void(db::sql_session&)> check) override { check_ = std::move(check); }
  void drop() noexcept override { session_.reset(); }
  [[nodiscard]] std::string where() const { return session_->where(); }

 private:
  void connect() {
    session_ = std::make_unique<db::postgres_session>(url_);
    if (as_ == use::read) return;
    try {
      take_lock(*session_);
    } catch (const db::connection_lost&) {
      throw;
    } catch (const db::error& refused) {
      if (refused.problem().code != error_code::unavailable) throw;
      throw db::error({error_code::conflict, "the store is in use by another process", session_->where(),
                       "stop the other coldvigil, or give this one a database of its own"});
    }
  }
  /// The lock of the lost connection is free only when its transaction is decided.
  void reconnect() {
    auto fresh = std::make_unique<db::postgres_session>(url_);
    if (as_ == use::write) {
      try {
        take_lock(*fresh);
      } catch (const db::error& held) {
        throw db::connection_lost(
            {error_code::unavailable,
             "the database is held by the lost connection or by another process: " + held.problem().what,
             fresh->where()});
      }
    }
    if (check_) check_(*fresh);
    session_ = std::move(fresh);
  }

  std::string url_;
  use as_;
  std::unique_ptr<db::postgres_session> session_;
  std::function<void(db::sql_session&)> check_;
};

failure no_connection() {
  return {error_code::invalid_argument, "no connection is given", "store.url",
          "for example postgresql://user@host/coldvigil"};
}

} // namespace

result<std::unique_ptr<store_reader>> open_postgres_reader(const store_options& options) {
  return db::guarded("PostgreSQL", [&]() -> result<std::unique_ptr<store_reader>> {
    if (options.url.empty()) return no_connection();
    auto link = std::make_unique<postgres_link>(options.url, postgres_link::use::read);
    const std::string where = link->where();
    return std::unique_ptr<store_reader>(
        std::make_unique<db::sql_reader>(std::move(link), std::make_shared<const db::postgres_layout>(), where));
  });
}

result<std::unique_ptr<store>> open_postgres(const store_options& options) {
  return db::guarded("PostgreSQL", [&]() -> result<std::unique_ptr<store>> {
    if (options.url.empty()) return no_connection();
    auto link = std::make_unique<postgres_link>(options.url, postgres_link::use::write);
    db::sql_parts parts;
    parts.kind = "postgres";
    parts.where = link->where();
    parts.layout = std::make_shared<const db::postgres_layout>();
    parts.link = std::move(link);
    parts.make_reader_link = [url = options.url]() -> std::unique_ptr<db::sql_link> {
      return std::make_unique<postgres_link>(url, postgres_link::use::read);
    };
    parts.migrations = db::postgres_migrations();
    return std::unique_ptr<store>(std::make_unique<db::sql_store>(std::move(parts), options));
  });
}

} // namespace coldvigil
