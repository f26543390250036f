#pragma once
// The demo's tokens: random, made at the first start, written with mode 0600 to a file beside the store.

#include "core/registry.hpp"
#include "core/result.hpp"
#include "db/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// Where the file is: `configured`, or tokens.json beside the store's file (in the working folder for other stores).
[[nodiscard]] std::string demo_tokens_path(const std::string& configured, const std::string& store_path);

/// Keeps the file when every token in it is in the store; otherwise makes fresh ones: one admin token, and a read and a
/// write token a customer.
status ensure_demo_tokens(store& durable, const std::vector<customer_record>& customers, const std::string& path,
                          timestamp now);

/// Without the demo its tokens open nothing: they are everybody's who ever read the file.
status end_demo_tokens(store& durable, timestamp now);
/// Names that begin with "demo " are the demo's.
[[nodiscard]] bool is_demo_token(std::string_view name);

} // namespace coldvigil
