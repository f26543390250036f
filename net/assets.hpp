#pragma once
// The files of the dashboard as the binary carries them.

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace coldvigil {

/// All views live as long as the process.
struct asset {
  std::string_view path; ///< as asked for, with its leading slash: "/index.html", "/assets/app-1a2b3c.js"
  std::string_view mime;
  std::string_view hash;  ///< of the raw content; the entity tag is made of it
  bool immutable = false; ///< the name changes with the content: cached for a year
  std::span<const std::byte> raw;
  std::span<const std::byte> gzip; ///< empty = not kept in this coding
  std::span<const std::byte> brotli;
};

/// Null when there is no such file. Called from several threads.
using asset_lookup = std::function<const asset*(std::string_view path)>;

} // namespace coldvigil
