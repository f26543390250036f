// `coldvigil models`: which there are, which one is active, and another one instead.
#include "app/evaluation_commands.hpp"
#include "app/open_parts.hpp"
#include "config/settings.hpp"
#include "model/model_registry.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace coldvigil {
namespace {

struct models_arguments {
  std::string folder, config, version, who;
  std::vector<std::string> overrides;
  bool json = false;
};

int fail(const failure& error) {
  return report_failure("models", error);
}

result<model_registry> registry_of(const models_arguments& with) {
  if (!with.folder.empty()) return model_registry(with.folder);
  const auto config = load_settings(with.config, with.overrides);
  if (!config.ok()) return config.error();
  return model_registry(config->model.registry);
}

boost::json::object to_json(const listed_model& each) {
  boost::json::object out{{"version", each.version}, {"active", each.active}, {"usable", each.model.has_value()}};
  if (!each.model) {
    out["trouble"] = each.trouble;
    return out;
  }
  out["name"] = each.model->name;
  out["trained_on"] = each.model->trained_on;
  out["calibrated_on"] = each.model->calibrated_on;
  out["customers"] = boost::json::array(each.model->customers.begin(), each.model->customers.end());
  out["made_with"] = each.model->made_with;
  out["seed"] = each.model->seed;
  out["held_out_error"] = each.model->held_out_error;
  return out;
}

int list(const models_arguments& with) {
  const auto models = registry_of(with);
  if (!models.ok()) return fail(models.error());
  const auto all = models->list();
  if (!all.ok()) return fail(all.error());
  boost::json::array rows;
  for (const listed_model& each : *all) {
    if (with.json) {
      rows.push_back(to_json(each));
      continue;
    }
    std::cout << (each.active ? "* " : "  ") << each.version << "  ";
    if (!each.model) {
      std::cout << "cannot be used: " << each.trouble << "\n";
      continue;
    }
    std::cout << each.model->name << "; trained on " << each.model->trained_on << "; "
              << (each.model->calibrated_on.empty() ? "the shipped calibration"
                                                    : "calibrated on " + each.model->calibrated_on)
              << "\n";
  }
  if (with.json) {
    std::cout << boost::json::serialize(rows) << "\n";
    return 0;
  }
  const auto note = models->last_retraining();
  if (!note.ok()) return fail(note.error());
  if (*note) std::cout << "last retraining " << format_utc((*note)->at) << ", " << (*note)->outcome << "\n";
  return 0;
}

int said(const models_arguments& with, const std::string& version) {
  if (with.json)
    std::cout << boost::json::serialize(boost::json::object{{"active", version}}) << "\n";
  else
    std::cout << version
              << " is active; a running server takes it up within a minute and says in its log from when on\n";
  return 0;
}

/// A version of the folder, or a file that is taken into it.
result<std::string> version_of(const models_arguments& with, const model_registry& models) {
  if (with.version.empty())
    return failure{error_code::invalid_argument, "no version is named", "version",
                   "`coldvigil models list` shows the versions"};
  if (auto known = models.find(with.version); known.ok() || known.error().code != error_code::not_found) return known;
  const auto bytes = model_bytes(with.version);
  if (!bytes.ok() && bytes.error().code != error_code::not_found) return bytes.error();
  if (!bytes.ok())
    return failure{error_code::not_found, "neither a version nor a model file", with.version,
                   "`coldvigil models list` shows the versions"};
  return models.add(*bytes, with.version);
}

int activate(const models_arguments& with) {
  const auto models = registry_of(with);
  if (!models.ok()) return fail(models.error());
  const auto version = version_of(with, *models);
  if (!version.ok()) return fail(version.error());
  const auto done = models->activate(*version, with.who, system_clock().now());
  return done.ok() ? said(with, *version) : fail(done.error());
}

int rollback(const models_arguments& with) {
  const auto models = registry_of(with);
  if (!models.ok()) return fail(models.error());
  const auto version = models->rollback(with.who, system_clock().now());
  return version.ok() ? said(with, *version) : fail(version.error());
}

} // namespace

void add_models_command(CLI::App& app, chosen_command& chosen) {
  auto with = std::make_shared<models_arguments>();
  if (const char* user = std::getenv("USER")) with->who = user;
  auto* command = app.add_subcommand("models", "List the models, make another one active, or go back");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* meaning, int (*run)(const models_arguments&)) {
    auto* each = command->add_subcommand(name, meaning);
    auto* folder = each->add_option("--folder", with->folder, "The folder of models, instead of the configuration's");
    each->add_option("--config", with->config, "Configuration file: model.registry")->excludes(folder);
    each->add_option("--set", with->overrides, "Overrides one key: key=value")->allow_extra_args(false);
    each->add_flag("--json", with->json, "Print JSON");
    each->callback([&chosen, with, run] { chosen = [with, run] { return run(*with); }; });
    return each;
  };
  add("list", "What there is, and which one is active", list);
  auto* other = add("activate", "Make a version, or a model file, the active one", activate);
  other->add_option("version", with->version, "Version, the beginning of one, \"shipped\", or a model file")
      ->required();
  other->add_option("--who", with->who, "Who decides, for the record");
  add("rollback", "Go back to the version that was active before", rollback)
      ->add_option("--who", with->who, "Who decides, for the record");
}

} // namespace coldvigil
