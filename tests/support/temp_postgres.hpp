#pragma once
// A PostgreSQL of its own for one test program: a private cluster in a temporary folder, reachable through its socket
// only.

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace coldvigil::test {

/// Belongs to the thread that makes it, whose end ends the server too, even by SIGKILL. Every failure throws
/// std::runtime_error with what PostgreSQL said: a test without its database fails, it is not skipped.
class temp_postgres {
 public:
  /// Whether commits wait for the disk. A suite with a hundred databases does not need it, only a machine that loses
  /// power would tell; what measures or kills does.
  enum class syncing { as_in_production, never };

  /// Makes the cluster and starts it. As root, everything runs as the user "postgres".
  explicit temp_postgres(syncing how = syncing::as_in_production);
  /// Ends the server without a checkpoint and removes the cluster.
  ~temp_postgres();
  temp_postgres(const temp_postgres&) = delete;
  temp_postgres& operator=(const temp_postgres&) = delete;

  /// Of the database that every cluster has.
  [[nodiscard]] std::string url() const { return url_of("postgres"); }
  /// An empty database; answers its connection string.
  [[nodiscard]] std::string fresh_database();

  /// Cuts every connection, as a crash of the machine does not wait for clients either. Data stay.
  void stop();
  /// Starts a stopped server again; returns when it takes connections.
  void start();

 private:
  [[nodiscard]] std::string url_of(const std::string& database) const;
  /// The program of PostgreSQL as the cluster's user, ended when this thread ends.
  [[nodiscard]] std::vector<std::string> command(const std::string& program, std::vector<std::string> arguments) const;
  void make_cluster() const;
  void end(int signal);

  temp_dir dir_;
  syncing how_;
  int databases_ = 0;
  std::unique_ptr<child_process> server_;
  std::jthread log_reader_; ///< drains the server's log, or a full pipe would stop it; ends before the server's handle
};

} // namespace coldvigil::test
