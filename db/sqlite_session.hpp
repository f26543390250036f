#pragma once
// A connection to an SQLite file.

#include "db/sql.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace coldvigil::db {

/// What SQLite's code means for people. Without room for its own files SQLite speaks of an I/O error alone:
/// `bytes_free` of the disk, where it is known, tells that from a disk that fails.
[[nodiscard]] failure sqlite_failure(int sqlite_code, const std::string& said, const std::string& path,
                                     std::optional<std::uint64_t> bytes_free);

class sqlite_session final : public sql_session {
 public:
  enum class use { write, read };
  /// Creates the file when writing. Only the writing connection checkpoints.
  sqlite_session(const std::string& path, use as);
  ~sqlite_session() override;
  sqlite_session(const sqlite_session&) = delete;
  sqlite_session& operator=(const sqlite_session&) = delete;

  void script(const std::string& text) override;
  using sql_session::run;
  std::uint64_t run(const std::string& text, const sql_values& parameters, const row_sink& each) override;
  using sql_session::insert;
  void insert(const insert_shape& into, const std::vector<sql_values>& rows, const row_sink& each) override;
  void begin() override;
  void commit() override;
  void rollback() noexcept override;

 private:
  struct closer {
    void operator()(sqlite3* connection) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using statement = std::unique_ptr<sqlite3_stmt, closer>;

  sqlite3_stmt* prepared(const std::string& text);
  void step_through(sqlite3_stmt* running, const sql_values& parameters, const row_sink& each);
  void bind(sqlite3_stmt* to, const sql_values& parameters);
  [[noreturn]] void fail(int code) const;

  std::string path_;
  std::unique_ptr<sqlite3, closer> connection_;
  std::unordered_map<std::string, statement> statements_;
  std::unordered_map<std::string, std::string> insert_texts_; ///< by table
};

} // namespace coldvigil::db
