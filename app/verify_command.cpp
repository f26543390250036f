#include "app/commands.hpp"
#include "app/open_parts.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <iostream>
#include <unistd.h>

namespace coldvigil {
namespace {

constexpr std::size_t entries_a_step = 1000;
constexpr int changed = 1;
constexpr int wrong_usage = 2;

struct kept_head {
  std::uint64_t seq = 0;
  std::string hash_hex;
};

result<kept_head> parse_head(const std::string& text) {
  kept_head out;
  const auto colon = text.find(':');
  const char* const end = text.data() + std::min(colon, text.size());
  const auto number = std::from_chars(text.data(), end, out.seq);
  if (colon == std::string::npos || number.ec != std::errc{} || number.ptr != end)
    return failure{error_code::invalid_argument, "\"" + text + "\" is no COMMIT:HASH", "--head",
                   "give it as GET /api/v1/audit/head or this command said it"};
  out.hash_hex = text.substr(colon + 1);
  return out;
}

void show_progress(const chain_check& check, const std::optional<chain_head>& head) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r" << check.commits << " of " << (head ? head->seq : 0) << " commits" << std::flush;
}

result<chain_check> check_all(store_reader& source, const std::optional<chain_head>& head) {
  chain_check check;
  while (!check.finished()) {
    auto further = source.check_chain(check, entries_a_step);
    if (!further.ok()) return further.error();
    check = std::move(*further);
    show_progress(check, head);
  }
  if (isatty(STDERR_FILENO) != 0) std::cerr << "\n";
  return check;
}

/// What was kept elsewhere must still be in the chain: this shows an end that was cut off, or a record made anew.
status compare(store_reader& source, const kept_head& kept, chain_check& check) {
  if (check.fault) return nothing{};
  const auto there = source.commit_hash(kept.seq);
  if (!there.ok()) return there.error();
  if (!*there)
    check.fault = chain_fault{kept.seq, "the commit of the kept head is missing"};
  else if (**there != kept.hash_hex)
    check.fault = chain_fault{kept.seq, "the commit has another hash than the kept head"};
  return nothing{};
}

void print(const chain_check& check, const std::optional<chain_head>& head, bool as_json) {
  if (as_json) {
    boost::json::object out{{"state", check.fault ? "changed" : "whole"}, {"commits_checked", check.commits}};
    if (check.fault) out["first_bad"] = {{"commit", check.fault->seq}, {"what", check.fault->what}};
    if (head) out["head"] = {{"commit", head->seq}, {"hash", head->hash_hex}, {"at", format_utc(head->at)}};
    std::cout << boost::json::serialize(out) << "\n";
    return;
  }
  if (check.fault)
    std::cout << "CHANGED at commit " << check.fault->seq << ": " << check.fault->what << "\n";
  else
    std::cout << "whole: " << check.commits << " commits\n";
  if (head) std::cout << "head " << head->seq << ":" << head->hash_hex << " of " << format_utc(head->at) << "\n";
}

result<chain_check> verify(const settings& config, const verify_arguments& what) {
  kept_head kept;
  if (!what.head.empty()) {
    auto parsed = parse_head(what.head);
    if (!parsed.ok()) return parsed.error();
    kept = std::move(*parsed);
  }
  auto source = open_store_reader(config.store);
  if (!source.ok()) return source.error();
  const auto head = (*source)->head();
  if (!head.ok()) return head.error();
  auto check = check_all(**source, *head);
  if (!check.ok()) return check.error();
  if (!what.head.empty())
    if (const auto compared = compare(**source, kept, *check); !compared.ok()) return compared.error();
  print(*check, *head, what.json);
  return check;
}

} // namespace

int verify_record(const settings& config, const verify_arguments& what) {
  const auto check = verify(config, what);
  if (check.ok()) return check->fault ? changed : 0;
  std::cerr << "coldvigil verify: " << check.error().text() << "\n";
  const error_code why = check.error().code;
  return why == error_code::invalid_argument || why == error_code::not_found ? wrong_usage : changed;
}

} // namespace coldvigil
