#include "profile/decode.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/decoded_text.hpp"
#include "client/cli/layer_flags.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/input/file.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/enum_array.hpp"
#include "profile/aes.hpp"
#include "profile/parameter_id.hpp"
#include "profile/plain_text.hpp"
#include "profile/snapshot.hpp"
#include "resync/apply.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* no_phone_reads_it =
    "no phone reads plain text; it is a profile compiler's source";

struct DecodeFlags {
  PhoneFlags phone;
  LayerFlags layers;
  std::string file;
  std::string format = "text";
  std::string from = "file";
  bool list_knobs = false;
};

Exit list_knobs() {
  for (const auto& row : resync::knob_table()) {
    std::cout << fmt::format("{}: {}\n", row.name, row.meaning);
    const auto choices = resync::choice_names(row);
    if (!choices.empty()) std::cout << fmt::format("  choices: {}\n", choices);
    for (const auto generation : every<profile::Generation>) {
      const auto& cell = row.cells[generation];
      std::cout << fmt::format("  {:<6} {:<22} {}: {}\n", name(generation),
                               resync::format_knob(row, cell.value), name(cell.status),
                               cell.source);
    }
  }
  return Exit::as_expected;
}

// What became of a file. A phone that applies a part of what it refuses has both (R-XML-10), and so
// has plain text, which a person may want to see although no phone reads it (R-TEXT-07).
struct Reading {
  profile::Decoded content;  // without layers: nothing
  std::optional<profile::DecodeFailure> refusal;

  bool has_content() const { return !content.layers.empty(); }
};

bool is_plain_text(const profile::Decoded& content) {
  return content.layers == std::vector{profile::Layer::plain_text};
}

// What the phone's page is printed for: with --from plain-text, as if it had come compiled.
bool is_applied(const Reading& reading) {
  return reading.has_content() && !(reading.refusal && is_plain_text(reading.content));
}

Reading read_plain_text(std::string_view bytes, const profile::DecodeOptions& options) {
  auto decoded = profile::parse_plain_text(bytes, options.values);
  if (decoded) return {*std::move(decoded), std::nullopt};
  return {{}, profile::DecodeFailure{std::move(decoded.error()), {}, {}, {}}};
}

Reading read_as_phone(std::string_view bytes, const profile::DecodeOptions& options) {
  auto decoded = profile::decode_or_explain(bytes, options);
  if (decoded) return {*std::move(decoded), std::nullopt};
  auto refusal = std::move(decoded.error());
  // R-LAYER-21
  if (options.key) {
    refusal.error =
        profile::with_key_diagnosis(std::move(refusal.error), bytes, *options.key, options.digests);
  }
  // R-XML-10: with the knob malformed_profile a part of what is refused counts.
  auto content = std::exchange(refusal.before_fault, {});
  // R-TEXT-07: refused, and shown to whoever wants to know what is in it.
  if (refusal.error.code == Errc::not_a_profile && profile::looks_like_plain_text(bytes)) {
    auto shown = read_plain_text(bytes, options);
    content = std::move(shown.content);
    if (shown.refusal) refusal.error.detail += "; " + shown.refusal->error.detail;
  }
  return {std::move(content), std::move(refusal)};
}

Json document_of(const Reading& reading) {
  Json document = reading.has_content() ? json_of(reading.content) : Json::object();
  if (is_plain_text(reading.content)) document["note"] = no_phone_reads_it;
  if (reading.refusal) {
    const auto& error = reading.refusal->error;
    document["error"] = {{"code", name(error.code)}, {"detail", error.detail}};
  }
  return document;
}

void print_content(const profile::Decoded& content) {
  std::cout << text_of(content);
  if (is_plain_text(content)) std::cout << "  " << no_phone_reads_it << '\n';
}

void print_page(const DecodeFlags& flags, const profile::Decoded& content,
                const drive::DrivenPhone& before) {
  auto after = before.device.parameters;
  profile::apply(after, content.changes);
  const auto generation = before.device.personality.generation;
  std::cout << (flags.format == "delta"
                    ? profile::format_delta(after, before.device.parameters, generation)
                    : profile::format_snapshot(after, generation,
                                               resync::reader_of(before.device.personality)));
}

Exit print_reading(const DecodeFlags& flags, const Reading& reading,
                   const drive::DrivenPhone& setup) {
  const auto exit = reading.refusal ? Exit::failed : Exit::as_expected;
  if (flags.format == "json") {
    std::cout << trace::json_text(document_of(reading), 2) << '\n';
    return exit;
  }
  if (flags.format == "text") {
    if (reading.has_content()) print_content(reading.content);
  } else if (is_applied(reading)) {
    print_page(flags, reading.content, setup);
  }
  if (const auto& refusal = reading.refusal) {
    complain(fmt::format("{}: {}", flags.file, format(refusal->error)));
    if (refusal->position) std::cerr << profile::excerpt(refusal->text, *refusal->position);
  }
  return exit;
}

std::optional<Error> check_choices(const DecodeFlags& flags) {
  const auto is_one_of = [](std::string_view text, std::initializer_list<std::string_view> all) {
    return std::find(all.begin(), all.end(), text) != all.end();
  };
  if (!is_one_of(flags.format, {"json", "text", "cfg.xml", "delta"})) {
    return Error{Errc::bad_argument, "--format: expected json, text, cfg.xml or delta"};
  }
  if (!is_one_of(flags.from, {"file", "plain-text"})) {
    return Error{Errc::bad_argument, "--from: expected file or plain-text"};
  }
  return std::nullopt;
}

Exit decode(const DecodeFlags& flags) {
  if (flags.list_knobs) return list_knobs();
  if (flags.file.empty())
    return refuse_usage({Errc::bad_argument, "decode needs a FILE; - is standard input"});
  if (auto wrong = check_choices(flags)) return refuse_usage(*wrong);
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  // More than a phone takes (R-LAYER-17), so that it can be said that it would not.
  const auto bytes = input::read_file(flags.file, profile::max_unpacked_bytes);
  if (!bytes) return refuse_usage(bytes.error());
  const auto options = with_layers(resync::decode_options_of(setup->device.personality),
                                   flags.layers, setup->device);
  const auto reading = flags.from == "plain-text" ? read_plain_text(*bytes, options)
                                                  : read_as_phone(*bytes, options);
  return print_reading(flags, reading, *setup);
}

}  // namespace

Command decode_command() {
  auto flags = std::make_shared<DecodeFlags>();
  OptionGroup options{{
      {"FILE", flags->file, "", "the file; - is standard input"},
      {"--format", flags->format, "FORMAT",
       "text, json, cfg.xml (the phone's own page after the file) or delta (what of it changed) "
       "(text)"},
      {"--from", flags->from, "KIND",
       "file, as a phone takes it, or plain-text, which only compilers read (file)"},
      {"--list-knobs", flags->list_knobs, "",
       "print every knob with its values and where they come from"},
  }};
  for (const auto& option : layer_options(flags->layers)) options.options.push_back(option);
  return {"decode",
          "what a phone would make of a file: layers, parameters, or the error",
          {options, phone_options(flags->phone)},
          "Values are printed as they are, secret ones too; cfg.xml and delta leave secrets out.\n"
          "Example:\n  provphone decode basic.cfg --key MyOwnSecret --format json\n"
          "Exit status: 0 decoded, 1 a phone would refuse the file, 2 wrong usage.",
          [flags] { return decode(*flags); }};
}

}  // namespace provphone::client::cli
