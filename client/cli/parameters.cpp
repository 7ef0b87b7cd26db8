#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "macro/ascii.hpp"
#include "profile/catalogue.hpp"
#include "profile/origin.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;
using profile::ParameterId;
using OtherKind = profile::OtherName::Kind;

struct ParameterFlags {
  std::string pattern;
  std::string personality = "mpp12";
  std::string format = "text";
  bool stored = false;
  std::string tab;
};

// A pattern with a wildcard is matched as a whole, any other anywhere; case does not count.
bool matches(const std::string& name, const std::string& pattern) {
  // A part of a name is what people remember.
  if (pattern.find_first_of("*?[") == std::string::npos)
    return ascii::lowered(name).find(ascii::lowered(pattern)) != std::string::npos;
  return fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
}

bool is_wanted(const profile::Parameter& parameter, const ParameterFlags& flags) {
  if (flags.stored && parameter.role != profile::Role::stored) return false;
  if (!flags.tab.empty() && ascii::lowered(parameter.tab) != ascii::lowered(flags.tab))
    return false;
  return matches(parameter.name, flags.pattern);
}

std::vector<ParameterId> found(const ParameterFlags& flags) {
  std::vector<ParameterId> ids;
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<ParameterId>(i);
    if (is_wanted(profile::parameter(id), flags)) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string_view> sources_of(ParameterId id) {
  std::vector<std::string_view> sources;
  auto codes = profile::origin(id).sources;
  while (!codes.empty()) {
    const auto end = std::min(codes.find(' '), codes.size());
    sources.push_back(profile::source_of(codes.substr(0, end)));
    codes.remove_prefix(std::min(end + 1, codes.size()));
  }
  return sources;
}

// `since 11.3(7)`, `until 11.3(1)`, `since 12.0(7)SR2, was TLS_Min_Version`;
// of the older name `NAME since 12.0(7)SR2`.
std::string spoken_firmware(ParameterId id) {
  const auto& origin = profile::origin(id);
  std::vector<std::string> parts;
  if (!origin.since.empty()) parts.push_back(fmt::format("since {}", origin.since));
  if (!origin.until.empty()) parts.push_back(fmt::format("until {}", origin.until));
  if (!origin.was.empty()) parts.push_back(fmt::format("was {}", origin.was));
  if (const auto newer = profile::renamed_to(id))
    parts.push_back(
        fmt::format("{} since {}", profile::parameter(*newer).name, profile::origin(*newer).since));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Of every line of products about which anybody knows.
Json presence_json(ParameterId id) {
  Json lines = Json::object();
  for (const auto line : every<profile::ProductLine>) {
    const auto presence = profile::presence(id, line);
    if (presence != profile::Presence::unknown)
      lines[std::string(name(line))] = presence == profile::Presence::has;
  }
  return lines;
}

// Where it is known from; what there is nothing of is left out.
void add_origin(Json& json, ParameterId id) {
  const auto& origin = profile::origin(id);
  json["lines"] = presence_json(id);
  json["sources"] = sources_of(id);
  const auto add = [&](const char* what, std::string_view text) {
    if (!text.empty()) json[what] = text;
  };
  add("numbers", profile::numbers_of_row(origin.row));
  add("since", origin.since);
  add("until", origin.until);
  add("was", origin.was);
  for (const auto& other : profile::other_names(id))
    json[other.kind == OtherKind::misprint ? "misprints" : "also"].push_back(other.name);
}

void print_json(const std::vector<ParameterId>& ids, profile::Generation generation) {
  Json list = Json::array();
  for (const auto id : ids) {
    const auto& parameter = profile::parameter(id);
    list.push_back({{"name", parameter.name},
                    {"type", parameter.type},
                    {"allowed", parameter.allowed},
                    {"secret", parameter.secret},
                    {"elsewhere", parameter.elsewhere},
                    {"role", name(parameter.role)},
                    {"tab", parameter.tab},
                    {"why", parameter.why},
                    {"default", profile::default_value(id, generation)}});
    add_origin(list.back(), id);
  }
  std::cout << list.dump(2) << '\n';
}

// With a leading | the value may be empty too.
std::string spoken_allowed(std::string_view allowed) {
  return allowed.starts_with('|') ? fmt::format("{} or empty", allowed.substr(1))
                                  : std::string(allowed);
}

// All that is known of one parameter, a line for each thing.
void print_details(ParameterId id) {
  const auto print = [](std::string_view what, std::string_view text) {
    if (!text.empty()) std::cout << fmt::format("  {:<10} {}\n", what, text);
  };
  const auto& origin = profile::origin(id);
  if (const auto numbers = profile::numbers_of_row(origin.row); !numbers.empty())
    print("numbers", fmt::format("{}: {}", origin.row, numbers));
  for (const auto generation : every<profile::Generation>)
    print(name(generation), profile::default_value(id, generation));
  print("has it", profile::owners(id));
  print("lacks it", profile::those_without(id));
  print("firmware", spoken_firmware(id));
  for (const auto& other : profile::other_names(id))
    print(other.kind == OtherKind::misprint ? "misprint" : "also", other.name);
  for (const auto& source : sources_of(id)) print("source", source);
}

// All is said of `detailed`.
void print_parameters(const std::vector<ParameterId>& ids, profile::Generation generation,
                      std::optional<ParameterId> detailed) {
  std::size_t widest = 0;
  for (const auto id : ids) widest = std::max(widest, profile::parameter(id).name.size());
  for (const auto id : ids) {
    const auto& parameter = profile::parameter(id);
    auto line = fmt::format("{:<{}}  {:<6}  {:<10}", parameter.name, widest, name(parameter.role),
                            parameter.type);
    if (const auto value = profile::default_value(id, generation); !value.empty())
      line += fmt::format("  = {}", value);
    if (!parameter.allowed.empty())
      line += fmt::format("  ({})", spoken_allowed(parameter.allowed));
    if (parameter.secret) line += "  secret";
    if (parameter.elsewhere) line += "  elsewhere";
    if (parameter.role == profile::Role::stored && !parameter.why.empty())
      line += fmt::format("  -- {}", parameter.why);
    // Columns are padded, and a factory value may be empty.
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    if (id == detailed) print_details(id);
  }
}

Exit list_parameters(const ParameterFlags& flags) {
  const auto generation = profile::parse_generation(flags.personality);
  if (!generation)
    return refuse_usage({Errc::bad_argument, "--personality: expected spa, mpp11 or mpp12"});
  if (flags.format != "text" && flags.format != "json") {
    return refuse_usage({Errc::bad_argument, "--format: expected json or text"});
  }
  const auto ids = found(flags);
  if (flags.format == "json") {
    print_json(ids, *generation);
  } else {
    const auto named = profile::find_parameter(flags.pattern);
    print_parameters(ids, *generation, ids.size() == 1 ? ids.front() : named);
  }
  if (!ids.empty()) return Exit::as_expected;
  complain(flags.pattern.empty() ? "there is no such parameter"
                                 : fmt::format("no such parameter is like {}", flags.pattern));
  return Exit::failed;
}

}  // namespace

Command parameters_command() {
  auto flags = std::make_shared<ParameterFlags>();
  const OptionGroup options{{
      {"PATTERN", flags->pattern, "", "a part of the name, or a pattern such as 'Resync_*'"},
      {"--personality", flags->personality, "NAME",
       "whose factory values: spa, mpp11 or mpp12 (mpp12)"},
      {"--stored", flags->stored, "", "those alone that are stored and not acted on"},
      {"--tab", flags->tab, "NAME",
       "those alone of that tab of the web page, such as Provisioning"},
      {"--format", flags->format, "FORMAT", "json or text (text)"},
  }};
  return {"parameters",
          "the catalogue: names, what acts, types, factory values",
          {options},
          "Examples:\n  provphone parameters 'Resync_*' --personality spa\n"
          "  provphone parameters --stored --tab Provisioning",
          [flags] { return list_parameters(*flags); }};
}

}  // namespace provphone::client::cli
