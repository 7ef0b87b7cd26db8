#include "resync/macros.hpp"

#include "macro/offsets.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace provphone::resync {
namespace {

using profile::parameter_ids;
using profile::ParameterId;
using profile::ParameterSet;

// The firmware families that know a macro.
enum class KnownTo : std::uint8_t { all, mpp, mpp12 };

// A macro whose value is one of the phone's own facts.
struct OwnMacro {
  std::string_view name;
  void (*append)(const MacroSource& source, std::string& out);
  KnownTo known_to = KnownTo::all;
};

// Sorted by name.
constexpr std::array own_macros{
    OwnMacro{"AUTHSTATUS",
             [](const MacroSource& s, std::string& out) { out += s.state.authstatus; },
             KnownTo::mpp12},
    OwnMacro{"CCERT",
             [](const MacroSource& s, std::string& out) {
               out += s.identity.certificate_installed ? "Installed" : "Not Installed";
             }},
    OwnMacro{"EMS", [](const MacroSource& s, std::string& out) { out += s.state.ems; },
             KnownTo::mpp},
    OwnMacro{"ERR", [](const MacroSource& s, std::string& out) { out += s.state.err; }},
    OwnMacro{"EXTIP",
             [](const MacroSource& s, std::string& out) { out += s.identity.external_ip; }},
    OwnMacro{"HWVER", [](const MacroSource& s, std::string& out) { out += s.identity.hardware; }},
    OwnMacro{"IP", [](const MacroSource& s, std::string& out) { out += s.identity.ip; }},
    OwnMacro{"ISCUST",
             [](const MacroSource& s, std::string& out) { out += fmt::to_string(s.state.iscust); }},
    OwnMacro{"MA",
             [](const MacroSource& s, std::string& out) { out += format_lower(s.identity.mac); }},
    OwnMacro{"MAC",
             [](const MacroSource& s, std::string& out) { out += format_colons(s.identity.mac); }},
    OwnMacro{"MAU",
             [](const MacroSource& s, std::string& out) { out += format_upper(s.identity.mac); }},
    OwnMacro{"METH", [](const MacroSource& s, std::string& out) { out += s.state.scheme; }},
    OwnMacro{"MPWD", [](const MacroSource& s, std::string& out) { out += s.state.mpwd; },
             KnownTo::mpp},
    OwnMacro{"MUID", [](const MacroSource& s, std::string& out) { out += s.state.muid; },
             KnownTo::mpp},
    OwnMacro{"ORIGTYPE", [](const MacroSource& s, std::string& out) { out += s.state.origtype; },
             KnownTo::mpp12},
    OwnMacro{"PATH", [](const MacroSource& s, std::string& out) { out += s.state.path; }},
    // R-MACRO-27: what stands behind the user's name in a login.
    OwnMacro{"PDOM",
             [](const MacroSource& s, std::string& out) {
               out += s.parameters.get(profile::parameter_id("EM_User_Domain"));
             },
             KnownTo::mpp},
    OwnMacro{"PN", [](const MacroSource& s, std::string& out) { out += s.identity.model; }},
    OwnMacro{"PORT", [](const MacroSource& s, std::string& out) { out += s.state.port; }},
    OwnMacro{"PRVST",
             [](const MacroSource& s, std::string& out) { out += fmt::to_string(s.state.prvst); }},
    OwnMacro{"PRVTMR",
             [](const MacroSource& s, std::string& out) { out += fmt::to_string(s.state.prvtmr); }},
    OwnMacro{"PSN",
             [](const MacroSource& s, std::string& out) {
               out += product_series_name(s.identity, s.personality);
             }},
    OwnMacro{"REGTMR1", [](const MacroSource& s,
                           std::string& out) { out += fmt::to_string(s.state.regtmr1); }},
    OwnMacro{"REGTMR2", [](const MacroSource& s,
                           std::string& out) { out += fmt::to_string(s.state.regtmr2); }},
    OwnMacro{"SCHEME", [](const MacroSource& s, std::string& out) { out += s.state.scheme; }},
    OwnMacro{"SERV", [](const MacroSource& s, std::string& out) { out += s.state.serv; }},
    OwnMacro{"SERVIP", [](const MacroSource& s, std::string& out) { out += s.state.servip; }},
    OwnMacro{"SN", [](const MacroSource& s, std::string& out) { out += s.identity.serial; }},
    OwnMacro{"SWVER", [](const MacroSource& s,
                         std::string& out) { out += software_version(s.identity, s.personality); }},
    OwnMacro{"UPGCOND", [](const MacroSource&, std::string& out) { out += '1'; }},
    OwnMacro{"UPGERR", [](const MacroSource& s, std::string& out) { out += s.state.upgerr; }},
    OwnMacro{"UPGST",
             [](const MacroSource& s, std::string& out) { out += fmt::to_string(s.state.upgst); }},
    OwnMacro{"UPGTMR",
             [](const MacroSource& s, std::string& out) { out += fmt::to_string(s.state.upgtmr); }},
};
static_assert(std::is_sorted(own_macros.begin(), own_macros.end(),
                             [](const OwnMacro& a, const OwnMacro& b) { return a.name < b.name; }));

constexpr auto plain_registers =
    parameter_ids({"GPP_A", "GPP_B", "GPP_C", "GPP_D", "GPP_E", "GPP_F", "GPP_G", "GPP_H", "GPP_I",
                   "GPP_J", "GPP_K", "GPP_L", "GPP_M", "GPP_N", "GPP_O", "GPP_P"});
constexpr auto secret_registers = parameter_ids({"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD"});

bool knows(const Personality& personality, const OwnMacro& macro) {
  switch (macro.known_to) {
    case KnownTo::all:
      break;
    case KnownTo::mpp:
      return personality.generation != profile::Generation::spa;
    case KnownTo::mpp12:
      return personality.generation == profile::Generation::mpp12;
  }
  return true;
}

// R-MACRO-12: `A` of `GPP_A`, where the personality knows that form. Secret registers have no long
// form: whether `$SA` may be told is decided by that name.
std::string_view without_long_form(std::string_view name, const Personality& personality) {
  const bool is_long = name.size() == 5 && name.starts_with("GPP_");
  return is_long && personality.gpp_macro_form == GppMacroForm::also_long ? name.substr(4) : name;
}

// $A..$P, $SA..$SD and $UIDn.
std::optional<ParameterId> parameter_macro(std::string_view name) {
  if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'P') {
    return plain_registers[static_cast<std::size_t>(name[0] - 'A')];
  }
  if (name.size() == 2 && name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D') {
    return secret_registers[static_cast<std::size_t>(name[1] - 'A')];
  }
  // `$UID01` is no name of line 1's user; a line that the catalogue lacks is an unknown name.
  if (name.starts_with("UID") && name.size() > 3 && name[3] != '0') {
    const auto line = name.substr(3);
    if (line.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    return profile::find_parameter(fmt::format("User_ID_{}_", line));
  }
  return std::nullopt;
}

bool append_macro(const MacroSource& source, std::string_view name, std::string& out) {
  const auto found =
      std::lower_bound(own_macros.begin(), own_macros.end(), name,
                       [](const OwnMacro& m, std::string_view n) { return m.name < n; });
  if (found != own_macros.end() && found->name == name) {
    if (!knows(source.personality, *found)) return false;
    found->append(source, out);
    return true;
  }
  const auto id = parameter_macro(without_long_form(name, source.personality));
  if (!id) return false;
  out += source.parameters.get(*id);
  return true;
}

std::int64_t* number_macro(MacroState& state, std::string_view name) {
  if (name == "PRVST") return &state.prvst;
  if (name == "PRVTMR") return &state.prvtmr;
  if (name == "UPGST") return &state.upgst;
  if (name == "UPGTMR") return &state.upgtmr;
  if (name == "REGTMR1") return &state.regtmr1;
  if (name == "REGTMR2") return &state.regtmr2;
  if (name == "ISCUST") return &state.iscust;
  return nullptr;
}

std::string* text_macro(MacroState& state, std::string_view name) {
  if (name == "UPGERR") return &state.upgerr;
  if (name == "EMS") return &state.ems;
  if (name == "MUID") return &state.muid;
  if (name == "MPWD") return &state.mpwd;
  if (name == "ORIGTYPE") return &state.origtype;
  if (name == "AUTHSTATUS") return &state.authstatus;
  if (name == "SCHEME") return &state.scheme;
  if (name == "SERV") return &state.serv;
  if (name == "SERVIP") return &state.servip;
  if (name == "PORT") return &state.port;
  if (name == "PATH") return &state.path;
  if (name == "ERR") return &state.err;
  return nullptr;
}

}  // namespace

std::optional<Result<void>> set_macro(MacroState& state, std::string_view name,
                                      std::string_view value) {
  if (auto* text = text_macro(state, name)) {
    *text = value;
    return Result<void>{};
  }
  auto* number = number_macro(state, name);
  if (number == nullptr) return std::nullopt;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *number);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return Result<void>(fail(Errc::bad_argument, fmt::format("{} takes a whole number", name)));
  }
  return Result<void>{};
}

macro::Lookup lookup_of(const MacroSource& source) {
  return [&source](std::string_view name, std::string& out) {
    return append_macro(source, name, out);
  };
}

std::string expand_rule(std::string_view text, const MacroSource& source) {
  return macro::expand(text, lookup_of(source), source.personality.secret_macros,
                       source.personality.macro_name_extent);
}

Error as_typed(Error error, std::string_view text, const MacroSource& source, std::size_t part_at) {
  const auto lookup = lookup_of(source);
  const macro::Expansion how{lookup, source.personality.secret_macros,
                             source.personality.macro_name_extent};
  error.detail = macro::with_offsets(error.detail, [&](std::size_t offset) {
    return macro::offset_as_typed(text, how, part_at + offset);
  });
  return error;
}

std::string expand_text(std::string_view text, const MacroSource& source) {
  return macro::expand(text, lookup_of(source), macro::SecretScope::nowhere,
                       source.personality.macro_name_extent);
}

std::string expand_user_agent(std::string_view text, const MacroSource& source) {
  const auto lookup = [&source](std::string_view name, std::string& out) {
    if (name != "VERSION") return append_macro(source, name, out);
    out += version_string(source.identity, source.personality);
    return true;
  };
  return macro::expand(text, lookup, macro::SecretScope::nowhere,
                       source.personality.macro_name_extent);
}

std::string_view register_value(const ParameterSet& parameters, char letter) {
  return parameters.get(plain_registers[static_cast<std::size_t>(letter - 'a')]);
}

}  // namespace provphone::resync
