// The composition root's front door: arguments to a subcommand.
#include "app/coldvigil_version.hpp"
#include "app/commands.hpp"
#include "app/evaluation_commands.hpp"
#include "app/train.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <functional>
#include <iostream>
#include <sys/stat.h>

namespace {

constexpr int wrong_usage = 2;

struct config_options {
  std::string file;
  std::vector<std::string> overrides;

  CLI::Option* add_to(CLI::App& command) {
    auto* option =
        command.add_option("--config", file, "Configuration file (config/coldvigil.toml explains every key)");
    command.add_option("--set", overrides, "Overrides one key: key=value; may be repeated")->allow_extra_args(false);
    return option;
  }
  /// Runs with the settings, or says what is wrong with them.
  int with_settings(const std::function<int(const coldvigil::settings&)>& run) const {
    if (file.empty()) {
      std::cerr << "coldvigil: --config is missing: name a configuration file\n";
      return wrong_usage;
    }
    const auto loaded = coldvigil::load_settings(file, overrides);
    if (loaded.ok()) return run(*loaded);
    std::cerr << "coldvigil: " << loaded.error().text() << "\n";
    return wrong_usage;
  }
};

} // namespace

int main(int argc, char** argv) {
  ::umask(0077);                 // customers' readings and the hashes of tokens are nobody else's
  std::signal(SIGPIPE, SIG_IGN); // a peer that is gone is an error of that connection, not of the process
  CLI::App app{"Coldvigil watches cold storage", "coldvigil"};
  app.set_version_flag("--version", "coldvigil " + coldvigil::program_version());
  app.require_subcommand(1);
  config_options config;
  std::function<int()> chosen;

  auto* serve = app.add_subcommand("serve", "Run the engine, its API and the live page");
  config.add_to(*serve)->required();
  serve->callback([&] { chosen = [&] { return config.with_settings(coldvigil::serve); }; });

  auto* simulate = app.add_subcommand("simulate", "Run only the simulated customers' endpoints, or export a fleet");
  config.add_to(*simulate);
  coldvigil::add_simulate_options(*simulate, chosen, [&] { return config.with_settings(coldvigil::simulate); });
  coldvigil::add_evaluate_command(app, chosen);
  coldvigil::add_backtest_command(app, chosen);
  coldvigil::add_calibrate_command(app, chosen);
  coldvigil::add_plot_command(app, chosen);

  coldvigil::poll_arguments poll_what;
  bool dry_run = false;
  auto* poll = app.add_subcommand("poll", "Fetch a customer's endpoint once and show what is understood");
  config.add_to(*poll)->required();
  poll->add_option("--customer", poll_what.customer, "The customer's code")->required();
  poll->add_option("--rows", poll_what.rows, "Rows to show")->capture_default_str();
  poll->add_flag("--history", poll_what.history, "Ask the history URL");
  poll->add_flag("--dry-run", dry_run, "Store nothing (the only way there is)")->required();
  poll->callback([&] {
    chosen = [&] {
      return config.with_settings([&](const coldvigil::settings& s) { return coldvigil::poll_dry_run(s, poll_what); });
    };
  });

  coldvigil::token_arguments token_what;
  auto* token = app.add_subcommand("token", "Make an access token (its text is printed once), list or revoke them");
  config.add_to(*token)->required();
  token->add_option("--name", token_what.name, "Whom or what it is for");
  token->add_flag("--list", token_what.list, "Show the tokens that there are");
  token->add_flag("--revoke", token_what.revoke, "End the tokens of this name");
  token->add_option("--customer", token_what.customer,
                    "The customer's code; without it the token sees all (admin only)");
  token->add_option("--permission", token_what.level, "read, write or admin")
      ->check(CLI::IsMember({"read", "write", "admin"}))
      ->capture_default_str();
  token->add_option("--days", token_what.days, "Days until it expires; 0 = never")->capture_default_str();
  token->callback([&] {
    chosen = [&] {
      return config.with_settings(
          [&](const coldvigil::settings& s) { return coldvigil::manage_tokens(s, token_what); });
    };
  });

  coldvigil::verify_arguments verify_what;
  auto* verify = app.add_subcommand("verify", "Check that the stored record is as it was committed");
  config.add_to(*verify);
  verify->add_option("--head", verify_what.head,
                     "COMMIT:HASH kept from an earlier check: shows an end that was cut off");
  verify->add_flag("--json", verify_what.json, "Print JSON");
  verify->callback([&] {
    chosen = [&] {
      return config.with_settings(
          [&](const coldvigil::settings& s) { return coldvigil::verify_record(s, verify_what); });
    };
  });

  auto* print_config = app.add_subcommand("config", "Print the commented default configuration");
  print_config->callback([&] {
    chosen = [] {
      std::cout << coldvigil::default_config_text();
      return 0;
    };
  });

  coldvigil::train_arguments train_what;
  auto* train = app.add_subcommand("train", "Train a model");
  coldvigil::add_train_options(*train, train_what);
  train->callback([&] { chosen = [&] { return coldvigil::run_train(train_what); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  return chosen();
}
