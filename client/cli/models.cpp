#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "resync/identity.hpp"
#include "resync/model.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ModelFlags {
  std::string model;
  std::string format = "text";
};

// A model as it leaves the factory.
struct Specimen {
  const resync::Model* model;
  resync::PhoneKind kind;
  resync::Identity identity;
};

Specimen specimen_of(const resync::Model& model) {
  Specimen it{&model, resync::kind_of({std::string(model.name), {}, std::nullopt}), {}};
  it.identity.model = it.kind.model;
  it.identity.firmware = it.kind.firmware;
  it.identity.serial = resync::serial_of(it.kind, 0);
  return it;
}

Json json_of(const Specimen& it) {
  const auto& personality = it.kind.personality;
  Json knobs = Json::object();
  const auto plain = resync::personality_of(personality.generation);
  for (const auto& row : resync::knob_table()) {
    const auto value = row.get(personality);
    if (value != row.get(plain)) knobs[std::string(row.name)] = resync::format_knob(row, value);
  }
  return {{"model", it.model->name},
          {"family", it.model->family->name},
          {"personality", profile::name(personality.generation)},
          {"firmware", it.kind.firmware},
          {"lines", it.model->lines},
          {"serial", it.identity.serial},
          {"psn", resync::product_series_name(it.identity, personality)},
          {"user_agent", resync::built_in_user_agent(it.identity, personality)},
          {"knobs", std::move(knobs)},
          {"status", resync::name(it.model->family->status)},
          {"source", it.model->family->source}};
}

void print_text(const std::vector<Specimen>& specimens) {
  constexpr auto form = "{:<13} {:<13} {:<6} {:>5}  {:<29} {}\n";
  std::cout << fmt::format(form, "MODEL", "FAMILY", "AS", "LINES", "FIRMWARE", "USER-AGENT");
  for (const auto& it : specimens) {
    const auto& personality = it.kind.personality;
    std::cout << fmt::format(
        form, it.model->name, it.model->family->name, profile::name(personality.generation),
        it.model->lines, it.kind.firmware, resync::built_in_user_agent(it.identity, personality));
  }
}

Exit list_models(const ModelFlags& flags) {
  if (flags.format != "text" && flags.format != "json")
    return refuse_usage({Errc::bad_argument, "--format: expected json or text"});
  std::vector<Specimen> specimens;
  if (flags.model.empty()) {
    for (const auto& model : resync::models()) specimens.push_back(specimen_of(model));
  } else if (const auto* const model = resync::find_model(flags.model)) {
    specimens.push_back(specimen_of(*model));
  } else {
    complain(fmt::format("no family has a model {}", flags.model));
    return Exit::failed;
  }
  if (flags.format == "text") {
    print_text(specimens);
    return Exit::as_expected;
  }
  Json list = Json::array();
  for (const auto& it : specimens) list.push_back(json_of(it));
  std::cout << list.dump(2) << '\n';
  return Exit::as_expected;
}

}  // namespace

Command models_command() {
  auto flags = std::make_shared<ModelFlags>();
  const OptionGroup options{{
      {"MODEL", flags->model, "", "one of them, in any usual spelling (all)"},
      {"--format", flags->format, "FORMAT", "json or text (text)"},
  }};
  return {"models",
          "the phones there are: family, firmware, lines, User-Agent",
          {options},
          "Example:\n  provphone models 7841 --format json",
          [flags] { return list_models(*flags); }};
}

}  // namespace provphone::client::cli
