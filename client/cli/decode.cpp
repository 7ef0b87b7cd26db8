#include "profile/decode.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/input.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/drive/intake.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DecodeFlags {
  PhoneFlags phone;
  std::string file;
  std::string key, ikm, alias, content_encoding;
  std::string format = "text";
  bool list_knobs = false;
};

Exit list_knobs() {
  for (const auto& row : resync::knob_table()) {
    std::cout << fmt::format("{}: {}\n", row.name, row.meaning);
    if (!row.choices.empty()) std::cout << fmt::format("  choices: {}\n", row.choices);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& cell = row.cells[i];
      std::cout << fmt::format("  {:<6} {:<22} {}: {}\n", name(static_cast<profile::Generation>(i)),
                               resync::format_knob(row, cell.value), name(cell.status),
                               cell.source);
    }
  }
  return Exit::as_expected;
}

Json json_of(const profile::Decoded& decoded) {
  Json layers = Json::array();
  for (const auto layer : decoded.layers) layers.push_back(name(layer));
  Json parameters = Json::array();
  for (const auto& change : decoded.changes) {
    Json entry{{"name", profile::parameter(change.id).name}};
    if (change.value) entry["value"] = *change.value;
    if (change.access) entry["ua"] = name(*change.access);
    parameters.push_back(entry);
  }
  Json ignored = Json::array();
  for (const auto& [element, why] : decoded.ignored)
    ignored.push_back({{"name", element}, {"why", why}});
  return {{"layers", layers}, {"parameters", parameters}, {"ignored", ignored}};
}

void print_text(const profile::Decoded& decoded) {
  std::string layers;
  for (const auto layer : decoded.layers)
    layers.append(layers.empty() ? "" : " -> ").append(name(layer));
  std::cout << fmt::format("{}: {} parameters, {} ignored\n", layers, decoded.changes.size(),
                           decoded.ignored.size());
  std::size_t widest = 0;
  for (const auto& change : decoded.changes) {
    widest = std::max(widest, profile::parameter(change.id).name.size());
  }
  for (const auto& change : decoded.changes) {
    const auto right = change.access ? fmt::format("  [{}]", name(*change.access)) : std::string{};
    const auto value =
        change.value ? fmt::format("= {}", *change.value) : std::string{"(value kept)"};
    std::cout << fmt::format("  {:<{}} {}{}\n", profile::parameter(change.id).name, widest, value,
                             right);
  }
  for (const auto& [element, why] : decoded.ignored)
    std::cout << fmt::format("  ignored {}: {}\n", element, why);
}

Exit report_failure(const DecodeFlags& flags, const profile::DecodeFailure& failure) {
  const auto& error = failure.error;
  if (flags.format != "json") {
    complain(fmt::format("{}: {}", flags.file, format(error)));
    if (failure.position) std::cerr << profile::excerpt(failure.text, *failure.position);
    return Exit::failed;
  }
  const Json document{{"error", {{"code", name(error.code)}, {"detail", error.detail}}}};
  std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  return Exit::failed;
}

// What a rule and a server would say, from flags; registers and the IKM may come from the phone as
// well.
profile::DecodeOptions options_of(const DecodeFlags& flags, const drive::PhoneSetup& setup) {
  profile::DecodeOptions options;
  if (!flags.key.empty()) options.key = flags.key;
  const auto own_ikm = setup.parameters.get(*profile::find_parameter("IKM_HTTP_Encrypt_Content"));
  if (!flags.ikm.empty() || !own_ikm.empty()) options.ikm = flags.ikm.empty() ? own_ikm : flags.ikm;
  options.aes128gcm = drive::says_aes128gcm(flags.content_encoding);
  const bool names_register =
      flags.alias.size() == 1 && flags.alias[0] >= 'a' && flags.alias[0] <= 'p';
  options.alias_map =
      names_register ? resync::register_value(setup.parameters, flags.alias[0]) : flags.alias;
  options.digests = resync::key_digests_of(setup.personality);
  options.self_closed = resync::self_closed_of(setup.personality);
  return options;
}

Exit decode(const DecodeFlags& flags) {
  if (flags.list_knobs) return list_knobs();
  if (flags.file.empty())
    return refuse_usage({Errc::bad_argument, "decode needs a FILE; - is standard input"});
  if (flags.format != "json" && flags.format != "text") {
    return refuse_usage({Errc::bad_argument, "--format: expected json or text"});
  }
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto bytes = read_file(flags.file);
  if (!bytes) return refuse_usage(bytes.error());
  const auto options = options_of(flags, *setup);
  const auto decoded = profile::decode_or_explain(*bytes, options);
  if (!decoded) return report_failure(flags, decoded.error());
  if (flags.format == "text") {
    print_text(*decoded);
  } else {
    std::cout << json_of(*decoded).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  return Exit::as_expected;
}

}  // namespace

void add_decode(CLI::App& app, Action& action) {
  auto flags = std::make_shared<DecodeFlags>();
  auto* command = app.add_subcommand(
      "decode", "what a phone would make of a file: layers, parameters, or the error");
  command->add_option("FILE", flags->file, "the file; - is standard input");
  command->add_option("--key", flags->key, "the phrase of a rule's --key")->type_name("PHRASE");
  command->add_option("--ikm", flags->ikm, "IKM_HTTP_Encrypt_Content")->type_name("TEXT");
  command
      ->add_option("--content-encoding", flags->content_encoding,
                   "the header of the answer, such as aes128gcm")
      ->type_name("TEXT");
  command->add_option("--alias", flags->alias, "the alias map of a rule's --alias")
      ->type_name("MAP");
  command->add_option("--format", flags->format, "json or text (text)")->type_name("FORMAT");
  command->add_flag("--list-knobs", flags->list_knobs,
                    "print every knob with its values and where they come from");
  add_phone_flags(*command, flags->phone);
  command->footer(
      "Values are printed as they are, secret ones too.\n"
      "Example:\n  provphone decode basic.cfg --key MyOwnSecret --format json\n"
      "Exit status: 0 decoded, 1 a phone would refuse the file, 2 wrong usage.");
  command->callback([flags, &action] { action = [flags] { return decode(*flags); }; });
}

}  // namespace provphone::client::cli
