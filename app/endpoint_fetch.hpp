#pragma once
// Customers' endpoints over HTTP: the client on threads of its own.

#include "config/settings.hpp"
#include "core/result.hpp"
#include "core/source.hpp"
#include "net/http_client/http_client.hpp"
#include "net/network_threads.hpp"

#include <functional>
#include <memory>
#include <string>

namespace coldvigil {

class endpoint_fetch {
 public:
  static result<std::unique_ptr<endpoint_fetch>> make(const ingestion_settings& settings);
  ~endpoint_fetch();

  /// Gives the body; an answer without content is an empty one.
  void fetch(const source_settings& source, const std::string& url, std::function<void(result<std::string>)> done);
  void stop();

 private:
  endpoint_fetch() : threads_(1) {}

  network_threads threads_;
  std::unique_ptr<http_client> client_;
};

} // namespace coldvigil
