#include "config/keys.hpp"
#include "core/url.hpp"
#include "tests/config/parse.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace coldvigil {
namespace {

std::string problem(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return problem(parse(text, overrides));
}

bool mentions(const std::string& text, const std::string& part) {
  BOOST_TEST_INFO(text);
  return text.find(part) != std::string::npos;
}

std::string file_text(const std::string& name) {
  std::ifstream file(std::string(COLDVIGIL_SOURCE_DIR) + "/config/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every key with its value, so that two settings can be compared by all that the table knows.
std::string values(settings of) {
  std::string out;
  for (const auto& key : setting_keys())
    out += std::string(key.name) + '=' + as_toml(key.at(of)) + '\n';
  return out;
}

const std::string customer = "[[customer]]\ncode = \"N\"\nurl = \"http://h:1/p?hours={hours}\"\n";

} // namespace

BOOST_AUTO_TEST_SUITE(config_settings)

BOOST_AUTO_TEST_CASE(shipped_file_is_the_printed_table) {
  BOOST_TEST(file_text("coldvigil.toml") == default_config_text(),
             "config/coldvigil.toml differs from the table of keys: print it anew with `coldvigil config`");
}

BOOST_AUTO_TEST_CASE(shipped_file_parses_to_the_defaults) {
  const auto parsed = parse(file_text("coldvigil.toml"));
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(file_text("coldvigil.toml")));
  BOOST_TEST(values(*parsed) == values(settings{}));
  BOOST_TEST(parsed->customers.empty());
}

BOOST_AUTO_TEST_CASE(commented_customer_of_the_shipped_file_parses_to_the_defaults) {
  const std::string text = file_text("coldvigil.toml");
  std::istringstream lines(text.substr(text.find("# [[customer]]")));
  std::string block;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) line.erase(0, 2);
    if (line == "code = \"\"") line = "code = \"N\"";
    block += line + '\n';
  }
  const auto parsed = parse(block);
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(block));
  source_settings read = parsed->customers.at(0);
  source_settings defaults;
  defaults.customer_code = "N";
  defaults.customer_name = "N";
  for (const auto& key : customer_keys())
    BOOST_TEST(as_toml(key.at(read)) == as_toml(key.at(defaults)));
}

BOOST_AUTO_TEST_CASE(demo_file_runs_the_simulation_at_ten_seconds_or_faster) {
  const auto parsed = parse(file_text("demo.toml"));
  BOOST_REQUIRE_MESSAGE(parsed.ok(), problem(file_text("demo.toml")));
  BOOST_TEST(parsed->demo.enabled);
  BOOST_TEST(parsed->demo.tokens_file.empty());
  BOOST_TEST(parsed->simulation.enabled);
  BOOST_TEST(parsed->simulation.interval.count() > 0);
  BOOST_TEST(parsed->simulation.interval.count() <= 10);
  BOOST_TEST(parsed->store.path == "var/demo/coldvigil.db");
}

BOOST_AUTO_TEST_CASE(values_of_every_type_are_read) {
  const auto parsed = parse("[server]\nport = 0\nmetrics_from_loopback = true\nidle_timeout_ms = 5\n"
                            "[store]\nkind = \"postgres\"\nurl = \"postgresql://db\"\n[log]\nlevel = \"debug\"\n");
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->server.port == 0);
  BOOST_TEST(parsed->server.metrics_from_loopback);
  BOOST_TEST(parsed->server.idle_timeout.count() == 5);
  BOOST_CHECK(parsed->store.kind == store_kind::postgres);
  BOOST_CHECK(parsed->log.level == log_level::debug);
}

BOOST_AUTO_TEST_CASE(overrides_follow_the_file_and_the_last_one_wins) {
  const auto parsed = parse("[server]\nport = 1\n", {"server.port=2", "server.port=3", "store.path=a=b",
                                                     "demo.enabled=true", "log.format=json"});
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->server.port == 3);
  BOOST_TEST(parsed->store.path == "a=b");
  BOOST_TEST(parsed->demo.enabled);
  BOOST_CHECK(parsed->log.format == log_format::json);
}

BOOST_AUTO_TEST_CASE(bad_overrides_name_the_key_and_the_reason) {
  BOOST_CHECK(mentions(problem("", {"server.port"}), "key=value"));
  BOOST_CHECK(mentions(problem("", {"server.prot=1"}), "did you mean server.port?"));
  BOOST_CHECK(mentions(problem("", {"server.port=many"}),
                       "server.port must be a whole number from 0 to 65535 (--set server.port)"));
  BOOST_CHECK(mentions(problem("", {"server.port=65536"}), "from 0 to 65535"));
  BOOST_CHECK(mentions(problem("", {"demo.enabled=yes"}), "true or false"));
  BOOST_CHECK(mentions(problem("", {"store.kind=oracle"}), "one of sqlite, postgres"));
  BOOST_CHECK(mentions(problem("", {"customer.code=A"}), "no known key"));
}

BOOST_AUTO_TEST_CASE(room_for_bodies_holds_one_of_the_largest) {
  BOOST_CHECK(mentions(problem("[server]\nmax_body_bytes = 5000\nmax_bodies_bytes = 4999\n"),
                       "server.max_bodies_bytes is smaller than server.max_body_bytes (test.toml line 3)"));
  BOOST_CHECK(mentions(problem("", {"server.max_bodies_bytes_per_customer=1024"}),
                       "server.max_bodies_bytes_per_customer is smaller"));
  BOOST_TEST(problem("[server]\nmax_body_bytes = 5000\nmax_bodies_bytes = 5000\n"
                     "max_bodies_bytes_per_customer = 5000\n") == "");
}

BOOST_AUTO_TEST_CASE(errors_name_key_line_and_reason) {
  BOOST_TEST(problem("[server]\n\nport = 70000\n") ==
             "server.port must be a whole number from 0 to 65535 (test.toml line 3)");
  BOOST_TEST(problem("[server]\nport = \"80\"\n") ==
             "server.port must be a whole number from 0 to 65535 (test.toml line 2)");
  BOOST_TEST(problem("[sevrer]\nport = 80\n") ==
             "sevrer is no known key (test.toml line 1): config/coldvigil.toml lists every key");
  BOOST_TEST(problem("[server]\nprot = 80\n") ==
             "server.prot is no known key (test.toml line 2): did you mean server.port?");
  BOOST_CHECK(mentions(problem("server = 3\n"), "server is no known key (test.toml line 1)"));
  BOOST_CHECK(mentions(problem("[store]\npath = \"\"\n"), "store.path must not be empty (test.toml line 2)"));
  BOOST_CHECK(mentions(problem("[server]\nport = 1.5\n"), "server.port must be"));
  BOOST_CHECK(mentions(problem("[server]\nport = 1979-05-27\n"), "server.port must be"));
  BOOST_CHECK(mentions(problem("[server\nport = 1\n"), "test.toml line 1"));
  BOOST_CHECK(mentions(problem("[store]\nkind = \"postgres\"\n"), "store.url is missing (test.toml line 2)"));
  BOOST_CHECK(mentions(problem("[ingestion]\nbackoff_max_ms = 10\n"),
                       "smaller than ingestion.backoff_initial_ms (test.toml line 2)"));
}

BOOST_AUTO_TEST_CASE(the_bounds_of_a_fraction_are_those_that_are_said) {
  BOOST_TEST(parse("[watch]\ndisk_free_percent = 0")->watch.disk_free_percent == 0.0); // no part is too little
  BOOST_TEST(parse("[watch]\ndisk_free_percent = 100").ok());
  BOOST_TEST(problem("[watch]\ndisk_free_percent = -0.1").find("a number from 0 to 100") != std::string::npos);
  BOOST_TEST(!parse("[watch]\ndisk_free_percent = 100.1").ok());
  for (const char* key : {"[watch]\nsite_percent = ", "[model]\nbudget = "}) {
    BOOST_TEST(problem(std::string(key) + "0").find("a number above 0 to 100") != std::string::npos, key);
    BOOST_TEST(parse(std::string(key) + "0.001").ok(), key);
    BOOST_TEST(parse(std::string(key) + "100").ok(), key);
  }
  const std::string text = default_config_text();
  BOOST_TEST(text.find("only the bytes count.\n# (0 to 100)\ndisk_free_percent") != std::string::npos);
  BOOST_TEST(text.find("(above 0 to 100)\nsite_percent") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once_and_at_most_twenty) {
  const auto two = problem("[server]\nport = -1\nthreads = 0\n");
  BOOST_CHECK(mentions(two, "server.port"));
  BOOST_CHECK(mentions(two, "server.threads"));
  std::string many = "[server]\n";
  for (int i = 0; i < 25; ++i)
    many += "x" + std::to_string(i) + " = 1\n";
  BOOST_CHECK(mentions(problem(many), "and 5 more"));
}

BOOST_AUTO_TEST_CASE(customers_are_mapped) {
  const auto parsed =
      parse(customer + "name = \"North\"\nformat = \"csv\"\ninterval_seconds = 60\nregister_units = true\n"
                       "header_name = \"X-Key\"\nheader_value = \"s\"\n"
                       "[customer.fields]\ntime = \"at\"\nzone = \"Europe/London\"\ndelimiter = \";\"\n"
                       "time_format = \"pattern\"\ntime_pattern = \"%d.%m.%Y %H:%M\"\ndefault_scale = \"F\"\n");
  BOOST_REQUIRE_MESSAGE(parsed.ok(), (parsed ? "" : parsed.error().text()));
  const auto& read = parsed->customers.at(0);
  BOOST_TEST(read.customer_code == "N");
  BOOST_TEST(read.customer_name == "North");
  BOOST_CHECK(read.format == payload_format::csv);
  BOOST_TEST(read.interval.count() == 60);
  BOOST_TEST(read.fields.time == "at");
  BOOST_TEST(read.fields.delimiter == ';');
  BOOST_CHECK(read.fields.format == time_format::pattern);
  BOOST_CHECK(read.fields.default_scale == temperature_scale::fahrenheit);
}

BOOST_AUTO_TEST_CASE(customer_errors_name_the_customer_the_line_and_the_reason) {
  BOOST_CHECK(
      mentions(problem("[[customer]]\nurl = \"http://h/\"\n"), "customer[1].code is missing (test.toml line 1)"));
  BOOST_CHECK(
      mentions(problem(customer + customer), "customer[2].code 'N' is used by another customer (test.toml line 5)"));
  BOOST_CHECK(mentions(problem(customer + "hisory_url = \"\"\n"), "did you mean customer[1].history_url?"));
  BOOST_CHECK(mentions(problem(customer + "history_url = \"ftp://h/\"\n"),
                       "customer[1].history_url the URL does not start with"));
  BOOST_CHECK(mentions(problem(customer + "history_url = \"http://h/{houres}\"\n"), "unknown placeholder"));
  BOOST_CHECK(mentions(
      problem(customer + "[customer.fields]\nzone = \"Europe/Londn\"\n"),
      "customer[1].fields.zone 'Europe/Londn' is no IANA time zone, e.g. \"Europe/London\" (test.toml line 5)"));
  BOOST_CHECK(
      mentions(problem(customer + "[customer.fields]\ntime_format = \"pattern\"\n"), "time_pattern is missing"));
  BOOST_CHECK(
      mentions(problem(customer + "[customer.fields]\ntmie = \"x\"\n"), "did you mean customer[1].fields.time?"));
  BOOST_CHECK(mentions(problem(customer + "header_name = \"X\"\n"), "go together"));
  BOOST_CHECK(mentions(problem(customer + "header_name = \"X\"\nheader_value = \"a\\nb\"\n"), "control character"));
  BOOST_CHECK(mentions(problem("[customer]\ncode = \"A\"\n"), "[[customer]]"));
  BOOST_CHECK(mentions(problem("[[customer]]\ncode = \"a b\"\n"), "1 to 64 letters"));
}

BOOST_AUTO_TEST_CASE(declared_units_are_converted) {
  const auto parsed =
      parse(customer + "[[customer.unit]]\ncode = \"u1\"\nfacility = \"f\"\nscale = \"F\"\n"
                       "set_temperature = 32\nlow_limit = 23.0\nhigh_limit = 41\n"
                       "[[customer.unit]]\ncode = \"u2\"\nfacility = \"f\"\nname = \"Two\"\ninterval_seconds = 60\n");
  BOOST_REQUIRE_MESSAGE(parsed.ok(), (parsed ? "" : parsed.error().text()));
  const auto& units = parsed->customers.at(0).units;
  BOOST_REQUIRE(units.size() == 2);
  BOOST_TEST(units[0].set_point.value_or(1) == 0);
  BOOST_CHECK(units[0].own_limits == (limits{-5'000, 5'000}));
  BOOST_CHECK(units[0].scale == temperature_scale::fahrenheit);
  BOOST_TEST(units[1].unit_name.value_or("") == "Two");
  BOOST_TEST(units[1].interval.count() == 60);
  BOOST_TEST(!units[1].own_limits.has_value());
}

BOOST_AUTO_TEST_CASE(errors_of_declared_units_name_the_unit) {
  const std::string unit = customer + "[[customer.unit]]\ncode = \"u\"\nfacility = \"f\"\n";
  BOOST_CHECK(mentions(problem(customer + "[[customer.unit]]\ncode = \"u\"\n"),
                       "customer[1].unit[1].facility is missing (test.toml line 4)"));
  BOOST_CHECK(mentions(problem(unit + "[[customer.unit]]\ncode = \"u\"\nfacility = \"f\"\n"),
                       "customer[1].unit[2].code 'u' is used by another unit"));
  BOOST_CHECK(mentions(problem(unit + "low_limit = 1\n"), "go together"));
  BOOST_CHECK(mentions(problem(unit + "low_limit = 1\nhigh_limit = 1\n"), "low_limit is not below high_limit"));
  BOOST_CHECK(mentions(problem(unit + "set_temperature = -300\n"),
                       "set_temperature is no plausible temperature (test.toml line 7)"));
  BOOST_CHECK(mentions(problem(unit + "set_temperature = nan\n"), "must be a finite number"));
  BOOST_CHECK(mentions(problem(unit + "facilty = \"x\"\n"), "did you mean customer[1].unit[1].facility?"));
  BOOST_CHECK(mentions(problem(customer + "unit = 3\n"), "[[customer.unit]]"));
  BOOST_CHECK(mentions(problem(customer + "max_units = 1\n[[customer.unit]]\ncode = \"a\"\nfacility = \"f\"\n"
                                          "[[customer.unit]]\ncode = \"b\"\nfacility = \"f\"\n"),
                       "max_units is smaller"));
}

BOOST_AUTO_TEST_CASE(an_error_about_a_url_never_repeats_its_credentials) {
  const auto text = problem("[[customer]]\ncode = \"A\"\nurl = \"http://me:hunter2@h/\"\n");
  BOOST_CHECK(mentions(text, "credentials"));
  BOOST_TEST(text.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_failures) {
  BOOST_TEST(!load_settings("/nonexistent/coldvigil.toml", {}).ok());
  BOOST_TEST(!load_settings("/tmp", {}).ok());
  BOOST_TEST(load_settings("", {}).ok());
}

BOOST_AUTO_TEST_CASE(a_file_may_have_32_mib_and_not_a_byte_more) {
  const test::temp_dir folder;
  const std::string path = folder.path("big.toml");
  constexpr std::size_t limit = 32u * 1024 * 1024;
  std::ofstream(path) << std::string(limit - 1, '#') << '\n';
  BOOST_TEST(load_settings(path, {}).ok());
  std::ofstream(path, std::ios::app) << '\n';
  const auto refused = load_settings(path, {});
  BOOST_REQUIRE(!refused.ok());
  BOOST_CHECK(mentions(refused.error().text(), "larger than 32 MiB"));
}

BOOST_AUTO_TEST_CASE(what_contradicts_is_named_where_it_stands) {
  BOOST_CHECK(mentions(problem("[[customer]]\ncode = \"n\"\nregister_units = true\n"), "register_units needs a url"));
  BOOST_CHECK(mentions(problem("[server]\naddress = \"example.com\"\n"), "is no IP address"));
  BOOST_CHECK(mentions(problem("[simulation]\naddress = \"\"\n"), "simulation.address"));
  BOOST_TEST(problem("[server]\naddress = \"::1\"\n").empty());
  BOOST_CHECK(mentions(problem("[store]\nurl = \"garbage\"\n"), "store.url is no connection"));
  BOOST_TEST(problem("[store]\nurl = \"host=/tmp dbname=x\"\n").empty());
}

BOOST_AUTO_TEST_CASE(a_simulated_customers_code_is_nobody_elses) {
  const std::string customer = "[[customer]]\ncode = \"C\"\nurl = \"http://h/\"\n";
  BOOST_TEST(problem(customer).empty());
  const auto text = problem(customer + "[simulation]\nenabled = true\n");
  BOOST_CHECK(mentions(text, "'C' is a simulated customer's"));
  BOOST_CHECK(mentions(text, "test.toml line 2"));
  BOOST_TEST(problem("[[customer]]\ncode = \"CC\"\n[simulation]\nenabled = true\n").empty());
}

BOOST_AUTO_TEST_CASE(urls_are_taken_apart) {
  const auto full = parse_url("https://[::1]:8443/a/b?c=d");
  BOOST_REQUIRE(full.ok());
  BOOST_TEST(full->tls);
  BOOST_TEST(full->host == "::1");
  BOOST_TEST(full->port == 8443);
  BOOST_TEST(full->target == "/a/b?c=d");
  BOOST_TEST(to_string(*full) == "https://[::1]:8443/a/b?c=d");
  const auto bare = parse_url("http://host?q");
  BOOST_REQUIRE(bare.ok());
  BOOST_TEST(bare->target == "/?q");
  BOOST_TEST(bare->port == 80);
  const auto loud = parse_url("HTTPS://Hook.Example./");
  BOOST_REQUIRE(loud.ok());
  BOOST_TEST(loud->tls);
  BOOST_TEST(to_string(*loud) == "https://Hook.Example./");
  for (const char* good : {"http://my_container:8080/", "http://127.0.0.1/", "http://xn--mnchen-3ya.de/"})
    BOOST_TEST(parse_url(good).ok(), good);
  for (const char* nowhere : {"http://./", "http://x..y/", "http://-/", "http://a.-b/", "http://.x/"})
    BOOST_TEST(!parse_url(nowhere).ok(), nowhere);
  for (const char* bad :
       {"", "host", "ftp://h/", "http://", "http:///p", "http://h:0/", "http://h:99999/", "http://h:8x/", "http://u@h/",
        "http://h/#f", "http://h/ ", "http://h\r\n/", "http://[::1/", "http://[::1]x/"})
    BOOST_TEST(!parse_url(bad).ok(), bad);
  BOOST_TEST(!parse_url("http://h/" + std::string(3000, 'a')).ok());
}

BOOST_AUTO_TEST_CASE(percent_encoding_leaves_only_unreserved_letters) {
  BOOST_TEST(percent_encode("a-Z_0.~") == "a-Z_0.~");
  BOOST_TEST(percent_encode("a b/é&") == "a%20b%2F%C3%A9%26");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
