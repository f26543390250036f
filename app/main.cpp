// The composition root's front door: arguments to a subcommand.
#include "app/coldvigil_version.hpp"
#include "app/commands.hpp"
#include "app/evaluation_commands.hpp"
#include "app/train.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <functional>
#include <iostream>
#include <memory>
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

using coldvigil::chosen_command;
using coldvigil::settings;

/// A command that needs the configuration: its options live as long as what is chosen.
template <class Options> struct configured {
  config_options config{};
  Options what{};
};

void add_serve(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("serve", "Run the engine, its API and the live page");
  const auto with = std::make_shared<config_options>();
  with->add_to(*command)->required();
  command->callback([&chosen, with] { chosen = [with] { return with->with_settings(coldvigil::serve); }; });
}

void add_simulate(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("simulate", "Run only the simulated customers' endpoints, or export a fleet");
  const auto with = std::make_shared<config_options>();
  with->add_to(*command);
  coldvigil::add_simulate_options(*command, chosen, [with] { return with->with_settings(coldvigil::simulate); });
}

void add_poll(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("poll", "Fetch a customer's endpoint once and show what is understood");
  const auto with = std::make_shared<configured<coldvigil::poll_arguments>>();
  with->config.add_to(*command)->required();
  command->add_option("--customer", with->what.customer, "The customer's code")->required();
  command->add_option("--rows", with->what.rows, "Rows to show")->capture_default_str();
  command->add_flag("--history", with->what.history, "Ask the history URL");
  command->add_flag("--dry-run", with->what.dry_run, "Store nothing (the only way there is)")->required();
  command->callback([&chosen, with] {
    chosen = [with] {
      return with->config.with_settings([&](const settings& s) { return coldvigil::poll_dry_run(s, with->what); });
    };
  });
}

void add_token(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("token", "Make an access token (its text is printed once), list or revoke them");
  const auto with = std::make_shared<configured<coldvigil::token_arguments>>();
  with->config.add_to(*command)->required();
  command->add_option("--name", with->what.name, "Whom or what it is for");
  command->add_flag("--list", with->what.list, "Show the tokens that there are");
  command->add_flag("--revoke", with->what.revoke, "End the tokens of this name");
  command->add_option("--customer", with->what.customer,
                      "The customer's code; without it the token sees all (admin only)");
  command->add_option("--permission", with->what.level, "read, write or admin")
      ->check(CLI::IsMember({"read", "write", "admin"}))
      ->capture_default_str();
  command->add_option("--days", with->what.days, "Days until it expires; 0 = never")->capture_default_str();
  command->callback([&chosen, with] {
    chosen = [with] {
      return with->config.with_settings([&](const settings& s) { return coldvigil::manage_tokens(s, with->what); });
    };
  });
}

void add_verify(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("verify", "Check that the stored record is as it was committed");
  const auto with = std::make_shared<configured<coldvigil::verify_arguments>>();
  with->config.add_to(*command)->required();
  command->add_option("--head", with->what.head,
                      "COMMIT:HASH kept from an earlier check: shows an end that was cut off");
  command->add_flag("--json", with->what.json, "Print JSON");
  command->callback([&chosen, with] {
    chosen = [with] {
      return with->config.with_settings([&](const settings& s) { return coldvigil::verify_record(s, with->what); });
    };
  });
}

void add_rules(CLI::App& app, chosen_command& chosen) {
  auto* group = app.add_subcommand("rules", "Try alarm rules before they count");
  group->require_subcommand(1);
  auto* command = group->add_subcommand("preview", "What other rules would have done to a unit");
  const auto with = std::make_shared<configured<coldvigil::preview_arguments>>();
  with->config.add_to(*command)->required();
  command->add_option("--unit", with->what.unit, "The unit's code or uuid")->required();
  command->add_option("--customer", with->what.customer, "The customer's code, where others have such a unit, too");
  command->add_option("--scope", with->what.scope, "Whose rules these would be")
      ->check(CLI::IsMember({"customer", "kind", "facility", "unit"}))
      ->capture_default_str();
  auto* file = command->add_option("--rules", with->what.rules_file, "JSON: {\"rules\": [...]}");
  command->add_option("--profile", with->what.profile, "A preset, such as usp_cct")->excludes(file);
  command
      ->add_option(
          "--days", with->what.days,
          "Days before the unit's newest reading; else 90, or as far back as server.max_preview_readings reach")
      ->check(CLI::Range(1, 366));
  command->callback([&chosen, with] {
    chosen = [with] {
      return with->config.with_settings([&](const settings& s) { return coldvigil::preview_rules(s, with->what); });
    };
  });
}

void add_config(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("config", "Print the commented default configuration");
  command->callback([&chosen] {
    chosen = [] {
      std::cout << coldvigil::default_config_text();
      return 0;
    };
  });
}

void add_train(CLI::App& app, chosen_command& chosen) {
  auto* command = app.add_subcommand("train", "Train a model");
  const auto with = std::make_shared<coldvigil::train_arguments>();
  coldvigil::add_train_options(*command, *with);
  command->callback([&chosen, with] { chosen = [with] { return coldvigil::run_train(*with); }; });
}

} // namespace

int main(int argc, char** argv) {
  ::umask(0077);                 // customers' readings and the hashes of tokens are nobody else's
  std::signal(SIGPIPE, SIG_IGN); // a peer that is gone is an error of that connection, not of the process
  CLI::App app{"Coldvigil watches cold storage", "coldvigil"};
  app.set_version_flag("--version", "coldvigil " + coldvigil::program_version());
  app.require_subcommand(1);
  chosen_command chosen;
  for (const auto add : {add_serve, add_simulate, coldvigil::add_evaluate_command, coldvigil::add_backtest_command,
                         coldvigil::add_calibrate_command, coldvigil::add_models_command, coldvigil::add_plot_command,
                         add_poll, add_token, add_rules, add_verify, add_config, add_train})
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  return chosen();
}
