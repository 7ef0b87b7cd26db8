#include "resync/model.hpp"

#include "macro/ascii.hpp"
#include "macro/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::resync {
namespace {

using macro::VersionOrder;
using profile::Generation;

// The release whose phones leave the factory as mpp11 does: a load that the guides print.
constexpr std::string_view mpp11_release = "11-2-4MPP-395";

// What tells one model from another: `7841` of CP-7841-3PCC and of cp-7841, `SPA942` of SPA-942.
std::string bare_name(std::string_view name) {
  std::string bare;
  for (const char c : name) {
    if (c != '-') bare += static_cast<char>(ascii::to_upper(c));
  }
  for (const std::string_view prefix : {"CP", "DP"}) {
    if (bare.starts_with(prefix)) bare.erase(0, prefix.size());
  }
  for (const std::string_view suffix : {"K9", "3PCC", "3PW", "MPP"}) {
    if (bare.ends_with(suffix)) bare.erase(bare.size() - suffix.size());
  }
  return bare;
}

bool is_mpp(Generation generation) {
  return generation != Generation::spa;
}

// Whether that load is older than another, whichever way the two are spelt; nothing where one of
// them is no version.
std::optional<bool> is_older(std::string_view load, std::string_view release,
                             std::string_view legacy_release) {
  if (const auto order = macro::compare_versions(load, release, VersionOrder::mpp)) {
    return *order < 0;
  }
  if (const auto order = macro::compare_versions(load, legacy_release, VersionOrder::legacy)) {
    return *order < 0;
  }
  return std::nullopt;
}

// R-MODEL-03: what loads before 11.3 do differs. A name that is no version says nothing.
Generation mpp_generation(std::string_view load) {
  return is_older(load, "11-3-0", "11.3.0").value_or(false) ? Generation::mpp11 : Generation::mpp12;
}

Generation generation_of(const PhoneRequest& request, const Model* model) {
  if (request.generation) return *request.generation;
  const bool is_legacy_load = macro::is_version(request.firmware, VersionOrder::legacy);
  if (model == nullptr && request.model.empty() && is_legacy_load) {
    // A bare 11.0.1 is an MPP release; no SPA phone came beyond 7.
    return is_older(request.firmware, "10-0-0", "10.0.0").value_or(false) ? Generation::spa
                                                                          : Generation::mpp11;
  }
  if (model != nullptr && model->family->name != "mpp") return model->family->generation;
  return mpp_generation(request.firmware);
}

std::string factory_load(const Model& model, Generation generation) {
  const auto& family = *model.family;
  const bool is_old = is_mpp(family.generation) && generation == Generation::mpp11;
  const auto release = is_old ? mpp11_release : family.firmware;
  return model.load_prefix.empty() ? std::string(release)
                                   : fmt::format("{}.{}", model.load_prefix, release);
}

// A phone whose generation is not its family's takes nothing from the family: what it would be is
// anybody's guess.
bool goes_with(const Family& family, Generation generation) {
  return is_mpp(family.generation) == is_mpp(generation);
}

Personality personality_for(const Family& family, Generation generation) {
  auto personality = personality_of(generation);
  if (!goes_with(family, generation)) return personality;
  for (auto rest = family.knobs; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    // A test sees to it that each of them is taken.
    (void)set_knob(personality, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return personality;
}

void object_to_model(const PhoneRequest& request, const Model* model, Generation generation,
                     std::vector<std::string>& said) {
  if (model == nullptr) {
    said.push_back(
        fmt::format("no family has a model {}; it behaves as {}", request.model, name(generation)));
  } else if (!goes_with(*model->family, generation)) {
    said.push_back(fmt::format(
        "{} is a phone of the family {}, which behaves as {}; {} was asked for", request.model,
        model->family->name, name(model->family->generation), name(generation)));
  }
}

void object_to_load(const PhoneRequest& request, const Model& model, Generation generation,
                    std::vector<std::string>& said) {
  const auto& load = request.firmware;
  const auto dot = load.find('.');
  const bool has_prefix = dot != std::string::npos && ascii::is_alpha(load.front());
  if (has_prefix && load.substr(0, dot) != model.load_prefix) {
    said.push_back(model.load_prefix.empty()
                       ? fmt::format("{} is no load for {}", load, model.name)
                       : fmt::format("{} is no load for {}, whose loads begin with {}", load,
                                     model.name, model.load_prefix));
    return;
  }
  const bool is_known =
      macro::is_version(load, VersionOrder::mpp) || macro::is_version(load, VersionOrder::legacy);
  if (!is_known || model.family->name != "mpp") return;
  if (const auto expected = mpp_generation(load); is_mpp(generation) && expected != generation) {
    said.push_back(fmt::format("phones with {} behave as {}; {} was asked for", load,
                               name(expected), name(generation)));
  }
}

}  // namespace

const Model* find_model(std::string_view name) {
  const auto wanted = bare_name(name);
  const auto all = models();
  const auto exact =
      std::find_if(all.begin(), all.end(), [&](const Model& model) { return model.name == name; });
  if (exact != all.end()) return &*exact;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Model& model) { return bare_name(model.name) == wanted; });
  return found == all.end() ? nullptr : &*found;
}

PhoneKind kind_of(const PhoneRequest& request) {
  const Model* const asked = request.model.empty() ? nullptr : find_model(request.model);
  const auto generation = generation_of(request, asked);
  // Where no model is given or none is known, the family is that of the generation's own example.
  const Model& like =
      asked != nullptr ? *asked : *find_model(is_mpp(generation) ? "CP-8841-3PCC" : "SPA504G");
  PhoneKind kind;
  if (!request.model.empty()) object_to_model(request, asked, generation, kind.contradictions);
  const bool is_known = request.model.empty() || asked != nullptr;
  if (!request.firmware.empty() && is_known)
    object_to_load(request, like, generation, kind.contradictions);
  kind.model = request.model.empty() ? std::string(like.name) : request.model;
  kind.firmware = request.firmware.empty() ? factory_load(like, generation) : request.firmware;
  kind.personality = personality_for(*like.family, generation);
  kind.serial_prefix = like.family->serial_prefix;
  kind.serial_digits = like.family->serial_digits;
  return kind;
}

std::string serial_of(const PhoneKind& kind, std::uint32_t number) {
  return fmt::format("{}{:0{}X}", kind.serial_prefix, number, kind.serial_digits);
}

}  // namespace provphone::resync
