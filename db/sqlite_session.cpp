#include "db/sqlite_session.hpp"

#include "db/words.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <system_error>

namespace coldvigil::db {
namespace {

error_code code_of(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
  case SQLITE_CONSTRAINT:
    return error_code::conflict;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return error_code::corrupt;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_NOMEM:
    return error_code::unavailable;
  default:
    return error_code::internal;
  }
}

std::string hint_of(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
  case SQLITE_FULL:
    return "free space on the disk";
  case SQLITE_IOERR:
    return "see in the system's log whether the disk fails, and that there is space on it";
  case SQLITE_CANTOPEN:
    return "the folder must exist and be writable";
  case SQLITE_READONLY:
    return "the file and its folder must be writable";
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return "restore the file from a backup";
  default:
    return "";
  }
}

/// SQLite's smallest files need so much.
constexpr std::uint64_t room_for_its_files = 64 * 1024;

std::optional<std::uint64_t> bytes_free_at(const std::string& path) {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::absolute(path, error).parent_path(), error);
  return error ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

class sqlite_row final : public sql_row {
 public:
  explicit sqlite_row(sqlite3_stmt* of) : of_(of) {}
  [[nodiscard]] bool is_null(int column) const override { return sqlite3_column_type(of_, column) == SQLITE_NULL; }
  [[nodiscard]] std::int64_t integer(int column) const override {
    expect(column, {SQLITE_INTEGER});
    return sqlite3_column_int64(of_, column);
  }
  [[nodiscard]] double real(int column) const override {
    expect(column, {SQLITE_FLOAT, SQLITE_INTEGER});
    return sqlite3_column_double(of_, column);
  }
  [[nodiscard]] bool flag(int column) const override {
    const std::int64_t value = integer(column);
    if (value != 0 && value != 1) throw_out_of_range(name(column), value);
    return value == 1;
  }
  [[nodiscard]] std::string text(int column) const override {
    expect(column, {SQLITE_TEXT});
    return content(column);
  }
  [[nodiscard]] std::string bytes(int column) const override {
    expect(column, {SQLITE_BLOB});
    return content(column);
  }
  [[nodiscard]] std::string name(int column) const override { return sqlite3_column_name(of_, column); }

 private:
  /// Whatever the column holds: the same letters as a blob would be told apart by a comparison in SQL, and so hidden
  /// from a list.
  void expect(int column, std::initializer_list<int> types) const {
    const int found = sqlite3_column_type(of_, column);
    if (found == SQLITE_NULL || std::find(types.begin(), types.end(), found) != types.end()) return;
    throw_damaged(name(column) + " holds a value of another type", "");
  }
  [[nodiscard]] std::string content(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(of_, column));
    return data == nullptr ? std::string{}
                           : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(of_, column)));
  }

  sqlite3_stmt* of_;
};

/// Binds one value to one parameter; gives SQLite's code.
struct binder {
  sqlite3_stmt* to;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(to, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(to, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(to, index, value); }
  int operator()(bool value) const { return sqlite3_bind_int(to, index, value ? 1 : 0); }
  int operator()(const std::string& value) const {
    const std::string clean = clean_text(value);
    return sqlite3_bind_text64(to, index, clean.data(), clean.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  int operator()(const blob& value) const {
    // The values outlive the step: no copy of a commit's content.
    return sqlite3_bind_blob64(to, index, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
  }
};

std::string insert_text(const insert_shape& into) {
  std::string names;
  std::string places;
  for (std::size_t i = 0; i < into.columns.size(); ++i) {
    names += (i == 0 ? "" : ", ") + into.columns[i].name;
    places += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
  }
  return "INSERT INTO " + into.table + " (" + names + ") VALUES (" + places + ") " + into.on_conflict;
}

} // namespace

failure sqlite_failure(int sqlite_code, const std::string& said, const std::string& path,
                       std::optional<std::uint64_t> bytes_free) {
  if ((sqlite_code & 0xFF) == SQLITE_IOERR && bytes_free && *bytes_free < room_for_its_files)
    return {error_code::unavailable, "the disk is full (" + said + ")", path, hint_of(SQLITE_FULL)};
  return {code_of(sqlite_code), said, path, hint_of(sqlite_code)};
}

void sqlite_session::closer::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}
void sqlite_session::closer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

sqlite_session::sqlite_session(const std::string& path, use as) : path_(path) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (as == use::write ? SQLITE_OPEN_CREATE : 0);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  connection_.reset(opened);
  if (code != SQLITE_OK) fail(code);
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, 5000);
  if (as == use::write) {
    script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
           "PRAGMA journal_size_limit = 67108864;");
  } else {
    sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    script("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;");
  }
}

sqlite_session::~sqlite_session() {
  statements_.clear();
}

void sqlite_session::fail(int code) const {
  const std::string said = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
  throw error(sqlite_failure(code, said, path_, bytes_free_at(path_)));
}

void sqlite_session::script(const std::string& text) {
  const int code = sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

sqlite3_stmt* sqlite_session::prepared(const std::string& text) {
  statement& known = statements_[text];
  if (known) return known.get();
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) fail(code);
  known.reset(made);
  return made;
}

void sqlite_session::bind(sqlite3_stmt* to, const sql_values& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int index = sqlite3_bind_parameter_index(to, ("$" + std::to_string(i + 1)).c_str());
    if (index == 0) continue;
    const int code = std::visit(binder{to, index}, parameters[i]);
    if (code != SQLITE_OK) fail(code);
  }
}

void sqlite_session::step_through(sqlite3_stmt* running, const sql_values& parameters, const row_sink& each) {
  struct reset_at_end {
    sqlite3_stmt* of;
    ~reset_at_end() {
      sqlite3_reset(of);
      sqlite3_clear_bindings(of);
    }
  } const reset{running};
  bind(running, parameters);
  for (;;) {
    const int code = sqlite3_step(running);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_ROW) fail(code);
    if (each) each(sqlite_row(running));
  }
}

std::uint64_t sqlite_session::run(const std::string& text, const sql_values& parameters, const row_sink& each) {
  const std::int64_t before = sqlite3_total_changes64(connection_.get());
  step_through(prepared(text), parameters, each);
  return static_cast<std::uint64_t>(sqlite3_total_changes64(connection_.get()) - before);
}

void sqlite_session::insert(const insert_shape& into, const std::vector<sql_values>& rows, const row_sink& each) {
  if (rows.empty()) return;
  std::string& text = insert_texts_[into.table];
  if (text.empty()) text = insert_text(into);
  sqlite3_stmt* const ready = prepared(text);
  for (const sql_values& row : rows)
    step_through(ready, row, each);
}

void sqlite_session::begin() {
  run("BEGIN IMMEDIATE");
}
void sqlite_session::commit() {
  run("COMMIT");
}
void sqlite_session::rollback() noexcept {
  if (sqlite3_get_autocommit(connection_.get()) == 0)
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace coldvigil::db
