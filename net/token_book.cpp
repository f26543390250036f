#include "net/token_book.hpp"

#include "net/random.hpp"

namespace coldvigil {
namespace {

bool entitles(const token_record& record) {
  return record.customer || record.level == permission::admin;
}

} // namespace

void token_book::replace(const std::vector<token_record>& records) {
  auto fresh = std::make_shared<table>();
  for (const auto& record : records)
    if (entitles(record)) fresh->emplace(record.sha256_hex, record);
  const std::lock_guard lock(mutex_);
  table_ = std::move(fresh);
}

void token_book::add(const token_record& record) {
  if (!entitles(record)) return;
  const std::lock_guard lock(mutex_);
  auto fresh = std::make_shared<table>(*table_);
  fresh->insert_or_assign(record.sha256_hex, record);
  table_ = std::move(fresh);
}

std::optional<identity> token_book::find(std::string_view token, timestamp now) const {
  const std::string hash = sha256_hex(token);
  std::shared_ptr<const table> current;
  {
    const std::lock_guard lock(mutex_);
    current = table_;
  }
  const auto found = current->find(hash);
  if (found == current->end()) return std::nullopt;
  const token_record& record = found->second;
  if (record.expires_at && *record.expires_at <= now) return std::nullopt;
  return identity{record.name, record.customer, record.level};
}

} // namespace coldvigil
