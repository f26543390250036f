#pragma once
// Customers, facilities, units, models and tokens. Every function throws db::error; transactions are the caller's, and
// so is the commit that records what they add to `audits`.

#include "db/batch_codec.hpp"
#include "db/row_record.hpp"
#include "db/sql.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

/// What a transaction changes, for the commit that records it.
struct audit_trail {
  std::uint64_t commit = 0; ///< its number
  std::vector<audit_entry> entries{};
  lasting_changes changes{};
  row_recorder rows{};

  void push_back(const audit_entry& entry) { entries.push_back(entry); }
};

[[nodiscard]] registry load_registry(sql_session& in);
[[nodiscard]] customer_record ensure_customer(sql_session& in, const std::string& code, const std::string& name,
                                              uuid fresh, timestamp now, audit_trail& audits);
[[nodiscard]] std::vector<registered_unit> register_units(sql_session& in, std::span<const unit_registration> units,
                                                          audit_trail& audits);
[[nodiscard]] std::uint16_t model_number(sql_session& in, const std::string& name, const std::string& sha256_hex,
                                         timestamp now, audit_trail& audits);
[[nodiscard]] std::vector<model_activation> model_activations(sql_session& in, std::size_t newest);
void activate_model(sql_session& in, const model_activation& change, const audit_entry& audit, audit_trail& audits);
[[nodiscard]] std::vector<token_record> load_tokens(sql_session& in);
/// The very same token again is answered with the stored one.
[[nodiscard]] token_record add_token(sql_session& in, const token_record& token, const audit_entry& audit,
                                     audit_trail& audits);
[[nodiscard]] std::size_t revoke_tokens(sql_session& in, const std::string& name, const audit_entry& audit,
                                        audit_trail& audits);

} // namespace coldvigil::db
