#pragma once
// A connection to PostgreSQL. When it is lost the session is of no more use: there is no silent reconnect, because the
// lock that makes a store its only writer would be lost with it.

#include "db/sql.hpp"

#include <memory>
#include <unordered_map>

namespace coldvigil::db {

class postgres_session final : public sql_session {
 public:
  /// Connects; `url` is a libpq connection string or URI. Timeouts that it does not name get defaults.
  explicit postgres_session(const std::string& url);
  ~postgres_session() override;
  postgres_session(const postgres_session&) = delete;
  postgres_session& operator=(const postgres_session&) = delete;

  /// "PostgreSQL database NAME at HOST": for people, without secrets.
  [[nodiscard]] std::string where() const;

  using sql_session::run;
  void script(const std::string& text) override;
  std::uint64_t run(const std::string& text, const sql_values& parameters, const row_sink& each) override;
  using sql_session::insert;
  void insert(const insert_shape& into, const std::vector<sql_values>& rows, const row_sink& each) override;
  void begin() override;
  void commit() override;
  void rollback() noexcept override;

 private:
  struct connection;
  const std::string& prepared(const std::string& text);

  std::unique_ptr<connection> connection_;
  std::unordered_map<std::string, std::string> names_;        ///< of prepared statements, by text
  std::unordered_map<std::string, std::string> insert_texts_; ///< by table
};

} // namespace coldvigil::db
