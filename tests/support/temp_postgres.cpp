#include "tests/support/temp_postgres.hpp"

#include <pqxx/pqxx>

#include <csignal>
#include <future>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace coldvigil::test {
namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";
constexpr const char* unprivileged = "postgres";
constexpr int patience_ms = 60'000;
constexpr const char* ready = "database system is ready to accept connections";

bool as_root() {
  return ::geteuid() == 0;
}

/// What the program has said until its end.
std::string rest_of_output(child_process& from) {
  std::string out;
  while (const auto line = from.read_line(patience_ms))
    out += *line + '\n';
  return out;
}

} // namespace

temp_postgres::temp_postgres(syncing how) : how_(how) {
  if (as_root()) {
    const passwd* const user = ::getpwnam(unprivileged);
    if (user == nullptr) throw std::runtime_error("PostgreSQL does not run as root, and there is no user postgres");
    if (::chown(dir_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("cannot give " + dir_.path() + " to the user postgres");
  }
  make_cluster();
  start();
}

temp_postgres::~temp_postgres() {
  end(SIGQUIT); // "immediate": nobody needs what it would still write
}

std::string temp_postgres::url_of(const std::string& database) const {
  return "host=" + dir_.path() + " user=coldvigil dbname=" + database;
}

std::vector<std::string> temp_postgres::command(const std::string& program, std::vector<std::string> arguments) const {
  // The log goes to standard error, which child_process does not read.
  std::vector<std::string> out{"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", "/usr/bin/setpriv", "--pdeathsig", "INT"};
  if (as_root())
    for (const std::string& each :
         {std::string("--reuid=") + unprivileged, std::string("--regid=") + unprivileged, std::string("--init-groups")})
      out.push_back(each);
  out.push_back("--");
  out.push_back(programs + program);
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

void temp_postgres::make_cluster() const {
  child_process initdb(command("initdb", {"--pgdata=" + dir_.path("data"), "--username=coldvigil", "--auth=trust",
                                          "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"}));
  const std::string said = rest_of_output(initdb);
  if (initdb.wait(patience_ms) != 0) throw std::runtime_error("initdb failed: " + said);
}

void temp_postgres::start() {
  server_ = std::make_unique<child_process>(
      command("postgres", {"-D", dir_.path("data"), "-k", dir_.path(), "-c", "listen_addresses=", "-c", "lc_messages=C",
                           "-c", "log_checkpoints=off", "-c", how_ == syncing::never ? "fsync=off" : "fsync=on"}));
  std::promise<std::string> announced; // empty when the server is ready, else what it said
  std::future<std::string> outcome = announced.get_future();
  log_reader_ = std::jthread([&server = *server_, announced = std::move(announced)]() mutable {
    std::string said;
    bool waiting = true;
    while (const auto line = server.read_line(-1)) {
      if (!waiting) continue;
      said += *line + '\n';
      waiting = line->find(ready) == std::string::npos;
      if (!waiting) announced.set_value({});
    }
    if (waiting) announced.set_value("PostgreSQL did not start: " + said);
  });
  if (outcome.wait_for(std::chrono::milliseconds{patience_ms}) != std::future_status::ready) {
    server_->signal(SIGKILL);
    throw std::runtime_error("PostgreSQL was not ready in time");
  }
  if (const std::string problem = outcome.get(); !problem.empty()) throw std::runtime_error(problem);
}

void temp_postgres::stop() {
  end(SIGINT); // "fast": open transactions are undone
}

void temp_postgres::end(int signal) {
  if (!server_) return;
  server_->signal(signal);
  if (!server_->wait(patience_ms)) server_->signal(SIGKILL);
  if (log_reader_.joinable()) log_reader_.join();
  server_.reset();
}

std::string temp_postgres::fresh_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  pqxx::connection link(url());
  pqxx::nontransaction(link).exec("CREATE DATABASE " + name);
  return url_of(name);
}

} // namespace coldvigil::test
