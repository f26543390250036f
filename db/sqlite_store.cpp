// SQLite: one process a file, one connection that writes and checkpoints.

#include "db/file_lock.hpp"
#include "db/guard.hpp"
#include "db/sql_reader.hpp"
#include "db/sql_store.hpp"
#include "db/sqlite_layout.hpp"
#include "db/sqlite_session.hpp"

#include <filesystem>

namespace coldvigil {
namespace {

/// A file does not go away: one session for the whole life.
class sqlite_link final : public db::sql_link {
 public:
  sqlite_link(const std::string& path, db::sqlite_session::use as)
      : lock_(as == db::sqlite_session::use::write ? std::make_unique<db::file_lock>(path) : nullptr),
        session_(std::make_unique<db::sqlite_session>(path, as)) {}

  db::sql_session& session() override {
    if (!session_) throw db::error({error_code::internal, "the store is closed"});
    return *session_;
  }
  void on_reconnect(std::function<void(db::sql_session&)>) override {}
  void drop() noexcept override {
    session_.reset();
    lock_.reset();
  }

 private:
  std::unique_ptr<db::file_lock> lock_; ///< outlives the session
  std::unique_ptr<db::sqlite_session> session_;
};

failure no_file() {
  return {error_code::invalid_argument, "no file is given", "store.path", "name the file of the database"};
}

} // namespace

result<std::unique_ptr<store_reader>> open_sqlite_reader(const store_options& options) {
  return db::guarded(options.path, [&]() -> result<std::unique_ptr<store_reader>> {
    if (options.path.empty()) return no_file();
    if (!std::filesystem::exists(options.path))
      return failure{error_code::not_found, "there is no such database", options.path, "check store.path"};
    return std::unique_ptr<store_reader>(
        std::make_unique<db::sql_reader>(std::make_unique<sqlite_link>(options.path, db::sqlite_session::use::read),
                                         std::make_shared<const db::sqlite_layout>(), options.path));
  });
}

result<std::unique_ptr<store>> open_sqlite(const store_options& options) {
  return db::guarded(options.path, [&]() -> result<std::unique_ptr<store>> {
    if (options.path.empty()) return no_file();
    using use = db::sqlite_session::use;
    db::sql_parts parts;
    parts.kind = "sqlite";
    parts.where = options.path;
    parts.layout = std::make_shared<const db::sqlite_layout>();
    parts.link = std::make_unique<sqlite_link>(options.path, use::write);
    parts.make_reader_link = [path = options.path]() -> std::unique_ptr<db::sql_link> {
      return std::make_unique<sqlite_link>(path, use::read);
    };
    parts.migrations = db::sqlite_migrations();
    return std::unique_ptr<store>(std::make_unique<db::sql_store>(std::move(parts), options));
  });
}

} // namespace coldvigil
