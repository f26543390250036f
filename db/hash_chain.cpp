#include "db/hash_chain.hpp"

#include "db/byte_stream.hpp"
#include "db/sql.hpp"

#include <openssl/evp.h>

#include <memory>

namespace coldvigil::db {

std::string sha256(std::string_view bytes) {
  return sha256(bytes, {});
}

std::string sha256(std::string_view first, std::string_view second) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const bool done = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest, &size) == 1;
  if (!done) throw error({error_code::internal, "SHA-256 is not available", "OpenSSL"});
  return {reinterpret_cast<const char*>(digest), size};
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    out += digits[value >> 4];
    out += digits[value & 15];
  }
  return out;
}

std::string chain_start() {
  return std::string(32, '\0');
}

std::string chain_hash(std::string_view previous, const chain_link& link) {
  byte_writer to;
  to.raw(previous);
  to.fixed(link.seq);
  to.fixed(link.epoch);
  to.fixed(static_cast<std::uint64_t>(link.at_ms));
  to.raw(link.content_hash);
  to.raw(link.sealed_hash);
  to.raw(link.record_hash);
  to.raw(link.snapshots_hash);
  for (const std::uint64_t count : link.counts)
    to.fixed(count);
  if (link.log_from) to.fixed(*link.log_from);
  if (link.rows_hash) to.raw(*link.rows_hash);
  return sha256(to.take());
}

} // namespace coldvigil::db
