#include "db/registry_tables.hpp"

#include "db/registry_rows.hpp"
#include "db/words.hpp"

#include <limits>
#include <map>

namespace coldvigil::db {
namespace {

std::int64_t next_number(sql_session& in, const std::string& table) {
  std::int64_t next = 1;
  in.run("SELECT coalesce(max(id), 0) + 1 FROM " + table, {}, [&](const sql_row& row) { next = row.integer(0); });
  return next;
}

/// Collects what is new, so that each table is written once.
class registration {
 public:
  registration(sql_session& in, audit_trail& trail)
      : in_(in), trail_(trail), next_facility_(next_number(in, "facilities")), next_unit_(next_number(in, "units")),
        next_point_(next_number(in, "points")) {}

  registered_unit take(const unit_registration& wanted) {
    const auto key = std::make_pair(number(wanted.unit.customer), wanted.unit.unit_code);
    const auto [seen, fresh] = units_.try_emplace(key);
    registered_unit& out = seen->second;
    if (!fresh) return out;
    if (auto known = find_unit(in_, wanted.unit.customer, wanted.unit.unit_code)) {
      out = {facility_of(in_, known->facility), *known};
    } else {
      out.facility = facility(wanted);
      out.unit = unit(wanted, out.facility.id);
    }
    return out;
  }

  void write() {
    in_.insert(facility_shape(), facility_rows_, trail_.rows.sink(recorded::facilities));
    in_.insert(unit_shape(), unit_rows_, trail_.rows.sink(recorded::units));
    in_.insert(point_shape(), point_rows_, trail_.rows.sink(recorded::points));
  }

 private:
  facility_record facility(const unit_registration& wanted) {
    const unit_description& told = wanted.unit;
    const auto key = std::make_pair(number(told.customer), told.facility_code);
    if (const auto seen = facilities_.find(key); seen != facilities_.end()) return seen->second;
    if (auto known = find_facility(in_, told.customer, told.facility_code)) return facilities_[key] = std::move(*known);
    facility_record fresh{facility_id{next_facility_++},
                          wanted.fresh_facility,
                          told.customer,
                          told.facility_code,
                          told.facility_name,
                          told.city,
                          told.country,
                          wanted.audit.at};
    facility_rows_.push_back(to_values(fresh, trail_.commit));
    audit_entry entry = wanted.audit;
    entry.action = "facility.registered";
    entry.subject = told.facility_code;
    entry.new_value = told.facility_name.value_or("");
    trail_.push_back(entry);
    return facilities_[key] = std::move(fresh);
  }

  unit_record unit(const unit_registration& wanted, facility_id facility) {
    const unit_description& told = wanted.unit;
    unit_record fresh;
    fresh.id = unit_id{next_unit_++};
    fresh.point = point_id{next_point_++};
    fresh.public_id = wanted.fresh_unit;
    fresh.customer = told.customer;
    fresh.facility = facility;
    fresh.code = told.unit_code;
    fresh.name = told.unit_name;
    fresh.size_value = told.size_value;
    fresh.size_unit = told.size_unit;
    fresh.set_point = told.set_point;
    fresh.scale = told.scale;
    fresh.kind = wanted.kind;
    fresh.range = wanted.range;
    fresh.interval = told.interval;
    fresh.created_at = wanted.audit.at;
    unit_rows_.push_back(to_values(fresh, trail_.commit));
    point_rows_.push_back({as_integer(fresh.point), as_integer(fresh.id), true, as_integer(trail_.commit)});
    trail_.push_back(wanted.audit);
    return fresh;
  }

  using code_key = std::pair<std::int64_t, std::string>;
  sql_session& in_;
  audit_trail& trail_;
  std::int64_t next_facility_, next_unit_, next_point_;
  std::map<code_key, facility_record> facilities_;
  std::map<code_key, registered_unit> units_;
  std::vector<sql_values> facility_rows_, unit_rows_, point_rows_;
};

permission level_from(const std::string& word, const std::string& row) {
  if (word == "read") return permission::read;
  if (word == "write") return permission::write;
  if (word == "admin") return permission::admin;
  throw_damaged("unknown permission '" + word + "'", row);
}
std::string level_word(permission level) {
  return level == permission::admin ? "admin" : level == permission::write ? "write" : "read";
}

const std::string token_columns = "id, sha256, name, customer_id, level, expires_at, created_at";

token_record token_from(const sql_row& row) {
  token_record out;
  out.id = row.integer(0);
  out.sha256_hex = row.text(1);
  out.name = row.text(2);
  if (!row.is_null(3)) out.customer = row.as<customer_id>(3);
  out.level = level_from(row.text(4), "tokens row id=" + std::to_string(out.id));
  out.expires_at = row.time_or_null(5);
  out.created_at = row.time(6);
  return out;
}

bool same_token(const token_record& a, const token_record& b) {
  return a.name == b.name && a.customer == b.customer && a.level == b.level && a.expires_at == b.expires_at &&
         a.created_at == b.created_at;
}

} // namespace

registry load_registry(sql_session& in) {
  registry out;
  in.run("SELECT " + customer_columns() + " FROM customers ORDER BY id", {},
         [&](const sql_row& row) { out.customers.push_back(customer_from(row)); });
  in.run("SELECT " + facility_columns() + " FROM facilities ORDER BY id", {},
         [&](const sql_row& row) { out.facilities.push_back(facility_from(row)); });
  in.run("SELECT " + unit_columns() + " FROM units u JOIN points p ON p.unit_id = u.id AND p.judged ORDER BY u.id", {},
         [&](const sql_row& row) { out.units.push_back(unit_from(row)); });
  return out;
}

customer_record ensure_customer(sql_session& in, const std::string& code, const std::string& name, uuid fresh,
                                timestamp now, audit_trail& audits) {
  std::optional<std::string> old_name;
  in.run("SELECT name FROM customers WHERE code = $1", {code}, [&](const sql_row& row) { old_name = row.text(0); });
  customer_record out;
  if (old_name == name) {
    in.run("SELECT " + customer_columns() + " FROM customers WHERE code = $1", {code},
           [&](const sql_row& row) { out = customer_from(row); });
    return out;
  }
  in.run("INSERT INTO customers (public_id, code, name, created_at, recorded_in) VALUES ($1, $2, $3, $4, $5) "
         "ON CONFLICT (code) DO UPDATE SET name = excluded.name, recorded_in = excluded.recorded_in" +
             returning(recorded::customers),
         {to_string(fresh), code, name, to_ms(now), as_integer(audits.commit)}, [&](const sql_row& row) {
           out = customer_from(row); // its columns are those of the record
           audits.rows.sink(recorded::customers)(row);
         });
  audits.push_back({now, out.id, "configuration", old_name ? "customer.renamed" : "customer.created", code,
                    old_name.value_or(""), name, ""});
  return out;
}

std::vector<registered_unit> register_units(sql_session& in, std::span<const unit_registration> units,
                                            audit_trail& audits) {
  std::vector<registered_unit> out;
  out.reserve(units.size());
  registration work(in, audits);
  for (const unit_registration& each : units)
    out.push_back(work.take(each));
  work.write();
  return out;
}

std::uint16_t model_number(sql_session& in, const std::string& name, const std::string& sha256_hex, timestamp now,
                           audit_trail& audits) {
  std::int64_t found = 0;
  const auto take = [&](const sql_row& row) { found = row.integer(0); };
  in.run("SELECT number FROM models WHERE name = $1 AND sha256 = $2", {name, sha256_hex}, take);
  if (found == 0) {
    in.run("INSERT INTO models (number, name, sha256, created_at, recorded_in) "
           "SELECT coalesce(max(number), 0) + 1, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), "
           "CAST($4 AS BIGINT) FROM models" +
               returning(recorded::models),
           {name, sha256_hex, to_ms(now), as_integer(audits.commit)}, [&](const sql_row& row) {
             take(row);
             audits.rows.sink(recorded::models)(row);
           });
    audits.push_back({now, std::nullopt, "configuration", "model.registered", name, "", sha256_hex, ""});
  }
  if (found > std::numeric_limits<std::uint16_t>::max())
    throw error({error_code::limit, "there are more than 65,535 model versions", "models"});
  return static_cast<std::uint16_t>(found);
}

std::vector<model_activation> model_activations(sql_session& in, std::size_t newest) {
  std::vector<model_activation> out;
  in.run("SELECT number, version, from_at, at, who FROM model_activations ORDER BY id DESC LIMIT $1",
         {as_integer(newest)}, [&](const sql_row& row) {
           out.push_back({row.as<std::uint16_t>(0), row.text(1), row.time(2), row.time(3), row.text(4)});
         });
  return out;
}

void activate_model(sql_session& in, const model_activation& change, const audit_entry& audit, audit_trail& audits) {
  in.run("INSERT INTO model_activations (number, version, from_at, at, who, recorded_in) "
         "VALUES ($1, $2, $3, $4, $5, $6)" +
             returning(recorded::model_activations),
         {as_integer(change.number), clean_text(change.version), to_ms(change.from), to_ms(change.at),
          clean_text(change.who), as_integer(audits.commit)},
         audits.rows.sink(recorded::model_activations));
  audits.push_back(audit);
}

std::vector<token_record> load_tokens(sql_session& in) {
  std::vector<token_record> out;
  in.run("SELECT " + token_columns + " FROM tokens ORDER BY id", {},
         [&](const sql_row& row) { out.push_back(token_from(row)); });
  return out;
}

token_record add_token(sql_session& in, const token_record& token, const audit_entry& audit, audit_trail& audits) {
  token_record out = token;
  const auto added =
      in.run("INSERT INTO tokens (sha256, name, customer_id, level, expires_at, created_at, recorded_in) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sha256) DO NOTHING" +
                 returning(recorded::tokens),
             {token.sha256_hex, token.name, integer_or_null(token.customer), level_word(token.level),
              or_null(token.expires_at), to_ms(token.created_at), as_integer(audits.commit)},
             [&](const sql_row& row) {
               out.id = row.integer(0);
               audits.rows.sink(recorded::tokens)(row);
             });
  if (added != 0) {
    audits.push_back(audit);
    return out;
  }
  in.run("SELECT " + token_columns + " FROM tokens WHERE sha256 = $1", {token.sha256_hex},
         [&](const sql_row& row) { out = token_from(row); });
  if (!same_token(out, token))
    throw error({error_code::conflict, "this token is stored already under the name '" + out.name + "'", "tokens"});
  return out;
}

std::size_t revoke_tokens(sql_session& in, const std::string& name, const audit_entry& audit, audit_trail& audits) {
  const auto ended = in.run("DELETE FROM tokens WHERE name = $1 RETURNING id", {name}, [&](const sql_row& row) {
    audits.rows.gone(recorded::tokens, std::to_string(row.integer(0)));
  });
  audits.entries.assign(ended, audit);
  return ended;
}

} // namespace coldvigil::db
