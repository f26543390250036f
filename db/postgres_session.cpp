#include "db/postgres_session.hpp"

#include "db/byte_stream.hpp"
#include "db/postgres_text.hpp"
#include "db/words.hpp"

#include <pqxx/pqxx>

namespace coldvigil::db {
namespace {

/// A server that has gone must not hold us for ever, nor a client that has gone the server.
constexpr const char* session_settings =
    "SET client_min_messages = warning; SET client_encoding = 'UTF8'; SET bytea_output = 'hex'; "
    "SET extra_float_digits = 1; SET TIME ZONE 'UTC'; SET synchronous_commit = on; SET statement_timeout = '60s'; "
    "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; SET tcp_keepalives_idle = 10; "
    "SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

std::string with_default(std::string url, const std::string& key, const std::string& value) {
  if (url.find(key + "=") != std::string::npos) return url;
  const bool uri = url.starts_with("postgres://") || url.starts_with("postgresql://");
  const char* between = !uri ? " " : url.find('?') == std::string::npos ? "?" : "&";
  return url + between + key + "=" + value;
}

std::string with_defaults(const std::string& url) {
  std::string out = with_default(url, "connect_timeout", "5");
  out = with_default(out, "tcp_user_timeout", "15000");
  return with_default(out, "application_name", "coldvigil");
}

bool means_lost(const std::string& sqlstate) {
  return sqlstate.starts_with("08") || sqlstate.starts_with("57P");
}

error_code code_of(const std::string& sqlstate) {
  const std::string kind = sqlstate.substr(0, 2);
  if (kind == "23") return error_code::conflict;
  if (kind == "XX") return error_code::corrupt;
  const bool later = kind == "53" || kind == "55" || kind == "57" || kind == "58" || kind == "40" || kind == "25";
  return later ? error_code::unavailable : error_code::internal;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

failure away(const std::string& said) {
  return {error_code::unavailable, "the database is away: " + first_line(said), "", "see that PostgreSQL runs"};
}

class postgres_row final : public sql_row {
 public:
  explicit postgres_row(const pqxx::row& of) : of_(of) {}
  [[nodiscard]] bool is_null(int column) const override { return at(column).is_null(); }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return is_null(column) ? 0 : at(column).as<std::int64_t>();
  }
  [[nodiscard]] double real(int column) const override { return is_null(column) ? 0 : at(column).as<double>(); }
  [[nodiscard]] bool flag(int column) const override { return at(column).c_str()[0] == 't'; }
  [[nodiscard]] std::string text(int column) const override { return {at(column).c_str(), at(column).size()}; }
  [[nodiscard]] std::string bytes(int column) const override {
    return is_null(column) ? std::string{} : bytes_of({at(column).c_str(), at(column).size()});
  }
  [[nodiscard]] std::string name(int column) const override { return at(column).name(); }

 private:
  [[nodiscard]] pqxx::field at(int column) const { return of_[static_cast<pqxx::row::size_type>(column)]; }
  const pqxx::row& of_;
};

std::string insert_text(const insert_shape& into) {
  std::string names;
  std::string values;
  std::string arrays;
  for (std::size_t i = 0; i < into.columns.size(); ++i) {
    const auto& [name, type] = into.columns[i];
    const std::string between = i == 0 ? "" : ", ";
    const bool array = type.ends_with("[]"); // arrays of arrays must be alike in length, so these travel as text
    names += between + name;
    values += between + "u." + name + (array ? "::" + type : "");
    arrays += between + "$" + std::to_string(i + 1) + "::" + (array ? "text" : type) + "[]";
  }
  return "INSERT INTO " + into.table + " (" + names + ") SELECT " + values + " FROM unnest(" + arrays + ") AS u (" +
         names + ") " + into.on_conflict;
}

} // namespace

struct postgres_session::connection {
  explicit connection(const std::string& url) : link(with_defaults(url)), quiet(link), pid(link.backendpid()) {}

  /// libpqxx connects anew without a word when a connection is lost between two transactions.
  void check_same() const {
    if (link.backendpid() != pid) throw connection_lost(away("the connection was lost"));
  }

  /// Runs `work`; libpqxx's exceptions become ours. `committing`: a loss leaves the outcome open.
  template <class Work> void guarded(bool committing, Work&& work) {
    try {
      work();
    } catch (const pqxx::in_doubt_error& doubt) {
      throw commit_in_doubt(away(doubt.what()));
    } catch (const pqxx::broken_connection& lost) {
      throw_lost(committing, lost.what());
    } catch (const pqxx::sql_error& said) {
      if (means_lost(said.sqlstate()) || !link.is_open()) throw_lost(committing, said.what());
      throw error({code_of(said.sqlstate()), first_line(said.what())});
    } catch (const pqxx::failure& other) {
      if (!link.is_open()) throw_lost(committing, other.what());
      throw error({error_code::internal, first_line(other.what())});
    } catch (const damaged_bytes& damage) {
      throw_damaged(damage.what(), "");
    }
  }

  [[noreturn]] static void throw_lost(bool committing, const std::string& said) {
    if (committing) throw commit_in_doubt(away(said));
    throw connection_lost(away(said));
  }

  pqxx::connection link;
  pqxx::quiet_errorhandler quiet;
  const int pid;
  std::unique_ptr<pqxx::work> transaction{};
};

postgres_session::postgres_session(const std::string& url) {
  try {
    connection_ = std::make_unique<connection>(url);
  } catch (const std::exception& refused) {
    throw connection_lost(away(refused.what()));
  }
  script(session_settings);
}

postgres_session::~postgres_session() {
  rollback();
}

std::string postgres_session::where() const {
  const char* host = connection_->link.hostname();
  return std::string("PostgreSQL database ") + connection_->link.dbname() + (host ? " at " + std::string(host) : "");
}

void postgres_session::script(const std::string& text) {
  connection_->guarded(false, [&] {
    if (connection_->transaction) {
      connection_->transaction->exec(text);
    } else {
      pqxx::nontransaction alone(connection_->link);
      alone.exec(text);
    }
    connection_->check_same();
  });
}

const std::string& postgres_session::prepared(const std::string& text) {
  std::string& name = names_[text];
  if (name.empty()) {
    name = "s" + std::to_string(names_.size());
    connection_->link.prepare(name, text);
  }
  return name;
}

std::uint64_t postgres_session::run(const std::string& text, const sql_values& parameters, const row_sink& each) {
  std::vector<std::optional<std::string>> texts;
  std::vector<const char*> pointers;
  for (const sql_value& value : parameters)
    texts.push_back(text_of(value));
  for (const auto& value : texts)
    pointers.push_back(value ? value->c_str() : nullptr);
  pqxx::result answer;
  connection_->guarded(false, [&] {
    const auto bound = pqxx::prepare::make_dynamic_params(pointers);
    if (connection_->transaction) {
      answer = connection_->transaction->exec_prepared(prepared(text), bound);
    } else {
      pqxx::nontransaction alone(connection_->link);
      answer = alone.exec_prepared(prepared(text), bound);
    }
    connection_->check_same();
  });
  if (each)
    connection_->guarded(false, [&] {
      for (const auto& row : answer)
        each(postgres_row(row));
    });
  return static_cast<std::uint64_t>(answer.affected_rows());
}

void postgres_session::insert(const insert_shape& into, const std::vector<sql_values>& rows, const row_sink& each) {
  if (rows.empty()) return;
  std::string& text = insert_texts_[into.table];
  if (text.empty()) text = insert_text(into);
  sql_values arrays;
  for (std::size_t column = 0; column < into.columns.size(); ++column) {
    array_text array;
    for (const sql_values& row : rows)
      array.add_text(text_of(row[column]));
    arrays.emplace_back(array.take());
  }
  run(text, arrays, each);
}

void postgres_session::begin() {
  connection_->guarded(false, [&] {
    connection_->transaction = std::make_unique<pqxx::work>(connection_->link);
    connection_->check_same();
  });
}

void postgres_session::commit() {
  connection_->guarded(true, [&] { connection_->transaction->commit(); });
  connection_->transaction.reset();
}

void postgres_session::rollback() noexcept {
  connection_->transaction.reset();
}

} // namespace coldvigil::db
