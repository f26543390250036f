// Readings per second through the whole path (receive, score, judge, commit, tell), with the load generator on the same
// machine. What a user would run: batches over keep-alive connections, one listener on the live feed.
//
//   bench_throughput --binary build/release/coldvigil [--store sqlite|postgres] [--units 10000] [--rate 0]
//                    [--url postgresql://...] [--warm 15] [--seconds 60] [--batch 500] [--connections 2] [--model
//                    shipped|none] [--alarms 0]
//
// --url: an empty database of yours instead of a cluster on this machine; the memory of a unit is not measured then.
// --rate 0 = as fast as it takes. --alarms 100 = one reading in a hundred is out of its limits. Prints one row of a
// Markdown table, and one about alarms when there are any:
// ms to the commit, from there to the commit of the call, and from the making of the batch to the WebSocket.
#include "core/time.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/http_test_client.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/temp_postgres.hpp"
#include "tests/support/ws_test_client.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

namespace {

using namespace coldvigil;
using namespace coldvigil::test;
using steady = std::chrono::steady_clock;

struct arguments {
  std::string binary = "build/release/coldvigil";
  std::string store = "sqlite";
  std::string url; ///< of PostgreSQL; empty = a cluster of its own
  std::string model = "shipped";
  std::size_t units = 10'000;
  double rate = 0;
  int warm = 15, seconds = 60;
  std::size_t batch = 500, connections = 2;
  std::size_t alarms = 0;             ///< one reading in so many raises one, and calls somebody; 0 = none
  std::vector<std::string> overrides; ///< further --set of the server
};

std::int64_t now_ms() {
  return to_ms(system_clock{}.now());
}

std::string read_all(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every alarm calls somebody at once; nobody listens there, so that only the way to the outbox is measured.
constexpr const char* calls_text = R"([notifications]
self_test_days = 0
max_waiting = 1000000
[[channel]]
name = "nobody"
kind = "http"
url = "http://127.0.0.1:9/{address}"
[[person]]
id = "anna"
name = "Anna"
zone = "UTC"
[[person.way]]
channel = "nobody"
address = "anna"
[[policy]]
id = "usual"
quiet_seconds = 0
[[policy.step]]
to = "anna"
[[route]]
policy = "usual"
)";

std::string config_text(const arguments& args, std::size_t units) {
  std::string out = "[demo]\nenabled = true\n[server]\nmetrics_from_loopback = true\n";
  if (args.model == "none") out += "[model]\npath = \"none\"\n";
  out += "[[customer]]\ncode = \"T\"\nname = \"Load\"\nmax_units = 1000000\n";
  for (std::size_t u = 0; u < units; ++u)
    out += "[[customer.unit]]\nfacility = \"f" + std::to_string(u / 100) + "\"\ncode = \"u" + std::to_string(u) +
           "\"\nset_temperature = -20.0\nlow_limit = -30.0\nhigh_limit = -10.0\n";
  if (args.alarms > 0) out += calls_text;
  return out;
}

/// A server under test with its own folder (and PostgreSQL cluster).
class subject {
 public:
  subject(const arguments& args, std::size_t units) {
    std::ofstream(folder_.path("bench.toml")) << config_text(args, units);
    std::vector<std::string> command{
        args.binary, "serve",         "--config", folder_.path("bench.toml"),
        "--set",     "server.port=0", "--set",    "store.path=" + folder_.path("coldvigil.db")};
    if (args.store == "postgres") {
      if (args.url.empty()) cluster_ = std::make_unique<temp_postgres>();
      const std::string url = cluster_ ? cluster_->fresh_database() : args.url;
      command.insert(command.end(), {"--set", "store.kind=postgres", "--set", "store.url=" + url, "--set",
                                     "demo.tokens_file=" + folder_.path("tokens.json")});
    }
    for (const std::string& each : args.overrides)
      command.insert(command.end(), {"--set", each});
    process_ = std::make_unique<child_process>(command, folder_.path("log"));
    while (const auto line = process_->read_line(300'000)) {
      const auto event = boost::json::parse(*line).as_object();
      if (event.at("event") != "listening") continue;
      const std::string address(event.at("address").as_string());
      port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
      break;
    }
    if (port == 0) throw std::runtime_error("the server did not start: " + read_all(folder_.path("log")));
    const auto tokens = boost::json::parse(read_all(folder_.path("tokens.json"))).as_object();
    token = std::string(tokens.at("T").as_object().at("write").as_string());
  }
  ~subject() {
    process_->signal(SIGTERM);
    process_->wait(30'000);
  }
  [[nodiscard]] double rss_kib() const {
    std::ifstream in("/proc/" + std::to_string(process_->pid()) + "/status");
    std::string line;
    while (std::getline(in, line))
      if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
    return 0;
  }
  [[nodiscard]] std::map<std::string, double> metrics() const {
    std::map<std::string, double> out;
    const std::string text = get(port, "/metrics").body;
    std::size_t at = 0;
    while (at < text.size()) {
      const auto end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      if (const auto blank = line.rfind(' '); !line.starts_with('#') && blank != std::string::npos)
        out[line.substr(0, blank)] = std::atof(line.c_str() + blank);
      at = end + 1;
    }
    return out;
  }

  std::uint16_t port = 0;
  std::string token;

 private:
  temp_dir folder_;
  std::unique_ptr<temp_postgres> cluster_;
  std::unique_ptr<child_process> process_;
};

struct shared_state {
  std::atomic<bool> measuring{false};
  std::atomic<bool> done{false};
  std::atomic<std::size_t> next_unit{0};
  std::atomic<std::uint64_t> stored{0};
  std::atomic<std::uint64_t> refused{0};
  std::mutex mutex;
  std::vector<double> answer_ms;
  std::vector<double> feed_ms;
  std::vector<double> alarm_ms;
};

/// Every unit begins with readings of the last 75 minutes, because the detector scores nothing before it knows a unit.
constexpr std::size_t filling_rounds = 50;
constexpr std::chrono::seconds filling_step{90};

bool filled(const arguments& args, const shared_state& state) {
  return state.next_unit >= filling_rounds * args.units;
}

/// A batch of readings for the next units in turn, measured now once the units are filled; a freezer's slow cycle with
/// a little noise.
std::string batch_body(const arguments& args, shared_state& state) {
  const std::size_t first = state.next_unit.fetch_add(args.batch);
  const std::size_t round = first / args.units;
  const auto rounds_back = static_cast<std::int64_t>(filling_rounds - std::min(round, filling_rounds));
  const auto back = rounds_back * filling_step;
  const std::string at = format_utc(from_ms(now_ms()) - back);
  std::string out = "[";
  char item[160];
  for (std::size_t i = 0; i < args.batch; ++i) {
    const std::size_t unit = (first + i) % args.units;
    const double turn = static_cast<double>((first + i) / args.units);
    const bool out_of_limits =
        args.alarms > 0 && round >= filling_rounds && (first + i) % args.alarms == round % args.alarms;
    const double value =
        out_of_limits ? -5
                      : -20 + std::sin(turn / 7 + static_cast<double>(unit)) + 0.01 * static_cast<double>(unit % 10);
    const int size =
        std::snprintf(item, sizeof item, "%s{\"storage_unit_id\":\"u%zu\",\"temperature\":%.2f,\"recorded_at\":\"%s\"}",
                      i == 0 ? "" : ",", unit, value, at.c_str());
    out.append(item, static_cast<std::size_t>(size));
  }
  return out + "]";
}

void send_load(const arguments& args, const subject& server, shared_state& state) {
  raw_connection connection(server.port, 30'000);
  const double batches_per_second = args.rate / static_cast<double>(args.batch * args.connections);
  auto next = steady::now();
  while (!state.done) {
    if (args.rate > 0 && filled(args, state)) {
      next = std::max(next, steady::now() - std::chrono::seconds{1});
      std::this_thread::sleep_until(next);
      next += std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(1 / batches_per_second));
    }
    http_call what{
        "POST", "/api/v1/temperature", server.token, batch_body(args, state), {"Content-Type: application/json"}};
    const auto sent = steady::now();
    if (!connection.send(request_text(what, true))) return;
    const auto reply = connection.read_reply();
    if (!reply) return;
    const std::chrono::duration<double, std::milli> took = steady::now() - sent;
    if (reply->status != 201) {
      state.refused += args.batch;
      continue;
    }
    if (!state.measuring) continue;
    const auto at = reply->body.find("\"stored\":");
    state.stored += static_cast<std::uint64_t>(std::atoll(reply->body.c_str() + at + 9));
    const std::lock_guard lock(state.mutex);
    state.answer_ms.push_back(took.count());
  }
}

/// From the making of the readings that raised alarms to the arrival of these.
void note_alarms(const std::string& text, double arrived, shared_state& state) {
  for (std::size_t at = 0; (at = text.find("\"event\":\"raised\"", at)) != std::string::npos; ++at) {
    constexpr std::string_view name = "\"raised_at\":\"";
    const auto begin = text.find(name, at);
    if (begin == std::string::npos) return;
    const auto raised = parse_utc(
        std::string_view(text).substr(begin + name.size(), text.find('"', begin + name.size()) - begin - name.size()));
    if (raised) state.alarm_ms.push_back(arrived - static_cast<double>(to_ms(*raised)));
  }
}

/// Latency from the making of a reading to its arrival here, taken from the last item of every frame.
void listen(const subject& server, shared_state& state) {
  ws_client live(server.port, "/api/v1/live", {"Authorization: Bearer " + server.token}, 30'000);
  while (!state.done) {
    const auto text = live.read_text();
    if (!text) return;
    const auto at = text->rfind("\"t\":");
    if (at == std::string::npos || !state.measuring) continue;
    const auto arrived = static_cast<double>(now_ms());
    const std::lock_guard lock(state.mutex);
    state.feed_ms.push_back(arrived - static_cast<double>(std::atoll(text->c_str() + at + 4)));
    note_alarms(*text, arrived, state);
  }
}

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

double scored_share(const std::map<std::string, double>& before, const std::map<std::string, double>& after) {
  double scored = 0;
  double all = 0;
  for (const auto& [name, value] : after) {
    if (!name.starts_with("coldvigil_readings_by_score_total")) continue;
    const auto old = before.find(name);
    const double gained = value - (old == before.end() ? 0 : old->second);
    all += gained;
    if (name.find("\"scored\"") != std::string::npos) scored += gained;
  }
  return all > 0 ? scored / all : 0;
}

/// The upper end of the bucket in which so much of what a histogram gained lies, in milliseconds.
double bucket_of(const std::string& histogram, double share, const std::map<std::string, double>& before,
                 const std::map<std::string, double>& after) {
  const auto gained = [&](const std::string& name) {
    const auto old = before.find(name);
    const auto now = after.find(name);
    return (now == after.end() ? 0 : now->second) - (old == before.end() ? 0 : old->second);
  };
  const double all = gained(histogram + "_count");
  std::map<double, double> buckets;
  for (const auto& [name, value] : after)
    if (const std::string start = histogram + "_bucket{le=\"";
        name.starts_with(start) && name.find("Inf") == std::string::npos)
      buckets[1000 * std::atof(name.c_str() + start.size())] = gained(name);
  for (const auto& [end, count] : buckets)
    if (count >= share * all) return end;
  return std::nan("");
}

int run(const arguments& args) {
  double empty_kib = std::nan("");
  if (args.url.empty()) {
    const subject one(args, 1);
    empty_kib = one.rss_kib();
  }
  const subject server(args, args.units);
  shared_state state;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < args.connections; ++i)
    threads.emplace_back([&] { send_load(args, server, state); });
  threads.emplace_back([&] { listen(server, state); });
  while (!filled(args, state))
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  std::this_thread::sleep_for(std::chrono::seconds{args.warm});
  const auto before = server.metrics();
  state.measuring = true;
  const auto began = steady::now();
  std::this_thread::sleep_for(std::chrono::seconds{args.seconds});
  state.measuring = false;
  const double took = std::chrono::duration<double>(steady::now() - began).count();
  const auto after = server.metrics();
  const double kib_per_unit = (server.rss_kib() - empty_kib) / static_cast<double>(args.units);
  state.done = true;
  for (std::thread& each : threads)
    each.join();
  std::printf("| %s | %s | %zu | %s | %.0f | %.1f %% | %.0f / %.0f | %.0f / %.0f | %.2f | %llu |\n", args.store.c_str(),
              args.model.c_str(), args.units,
              args.rate > 0 ? std::to_string(static_cast<int>(args.rate)).c_str() : "max",
              static_cast<double>(state.stored) / took, 100 * scored_share(before, after),
              percentile(state.answer_ms, 0.5), percentile(state.answer_ms, 0.99), percentile(state.feed_ms, 0.5),
              percentile(state.feed_ms, 0.99), kib_per_unit, static_cast<unsigned long long>(state.refused.load()));
  if (args.alarms == 0) return 0;
  const auto ends = [&](const char* histogram) {
    std::array<char, 100> out{};
    std::snprintf(out.data(), out.size(), "<= %.0f / <= %.0f / <= %.0f", bucket_of(histogram, 0.5, before, after),
                  bucket_of(histogram, 0.99, before, after), bucket_of(histogram, 0.999, before, after));
    return std::string(out.data());
  };
  std::printf("| %s | %zu | %.0f | %zu | %s | %s | %.0f / %.0f / %.0f |\n", args.store.c_str(), args.units,
              static_cast<double>(state.stored) / took, state.alarm_ms.size(),
              ends("coldvigil_alarm_latency_seconds").c_str(), ends("coldvigil_first_call_seconds").c_str(),
              percentile(state.alarm_ms, 0.5), percentile(state.alarm_ms, 0.99), percentile(state.alarm_ms, 0.999));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  arguments args;
  CLI::App app{"Readings per second through the whole path"};
  app.add_option("--binary", args.binary);
  app.add_option("--store", args.store)->check(CLI::IsMember({"sqlite", "postgres"}));
  app.add_option("--url", args.url);
  app.add_option("--model", args.model)->check(CLI::IsMember({"shipped", "none"}));
  app.add_option("--units", args.units);
  app.add_option("--rate", args.rate);
  app.add_option("--warm", args.warm);
  app.add_option("--seconds", args.seconds);
  app.add_option("--batch", args.batch);
  app.add_option("--connections", args.connections);
  app.add_option("--alarms", args.alarms);
  app.add_option("--set", args.overrides)->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  return run(args);
}
