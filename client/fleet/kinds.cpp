#include "client/fleet/kinds.hpp"

#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::fleet {
namespace {

using profile::ParameterSet;

// So many differences cost no more than what they differ from is worth.
constexpr std::size_t few_differences = 32;

// A base is as large as the catalogue; phones that share none of so many go without.
constexpr std::size_t most_bases = 8;

bool mentions_last_request(std::string_view rule) {
  if (rule.find('$') == std::string_view::npos) return false;
  constexpr std::array<std::string_view, 5> macros{"SCHEME", "SERV", "PORT", "PATH", "ERR"};
  return std::any_of(macros.begin(), macros.end(),
                     [&](auto name) { return rule.find(name) != std::string_view::npos; });
}

// R-MACRO-20: what the last request has left is seen by rules that are evaluated before the next.
bool recalls_request(const ParameterSet& parameters) {
  static const auto ids = [] {
    std::vector<profile::ParameterId> found;
    for (const auto* name :
         {"Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D", "Upgrade_Rule",
          "Report_Rule", "Resync_Trigger_1", "Resync_Trigger_2", "HTTP_User_Agent_Name"}) {
      if (const auto id = profile::find_parameter(name)) found.push_back(*id);
    }
    return found;
  }();
  return std::any_of(ids.begin(), ids.end(),
                     [&](auto id) { return mentions_last_request(parameters.get(id)); });
}

}  // namespace

FilePrints prints_of(const drive::DrivenPhone& phone) {
  FilePrints prints{};
  const auto revision = phone.setup.parameters.revision();
  for (std::size_t slot = 0; slot < prints.size(); ++slot) {
    const auto& file = phone.applied[slot];
    if (file && file->revision == revision) prints[slot] = file->fingerprint;
  }
  return prints;
}

std::size_t Kinds::Print::operator()(std::uint32_t kind) const {
  const auto& it = (*kinds)[kind];
  auto print = it.parameters.fingerprint() ^ it.group;
  for (const auto file : it.files) print = resync::mix(print ^ file);
  return print;
}

bool Kinds::Same::operator()(std::uint32_t a, std::uint32_t b) const {
  const auto& one = (*kinds)[a];
  const auto& other = (*kinds)[b];
  return one.group == other.group && one.files == other.files && one.parameters == other.parameters;
}

ParameterSet Kinds::compact(std::size_t group, const ParameterSet& parameters) {
  if (parameters.differences().size() <= few_differences) return parameters;
  auto& bases = bases_[group];
  std::optional<ParameterSet> best;
  for (const auto& base : bases) {
    auto rebased = parameters.rebased(base);
    const auto differences = rebased.differences().size();
    if (!best || differences < best->differences().size()) best = std::move(rebased);
    if (differences <= few_differences) return *std::move(best);
  }
  if (bases.size() < most_bases) {
    bases.push_back(parameters.as_base());
    return parameters.rebased(bases.back());
  }
  return best->differences().size() < parameters.differences().size() ? *std::move(best)
                                                                      : parameters;
}

std::uint32_t Kinds::place(Kind kind) {
  if (free_.empty()) {
    kinds_.push_back(std::move(kind));
    return static_cast<std::uint32_t>(kinds_.size() - 1);
  }
  const auto place = free_.back();
  free_.pop_back();
  kinds_[place] = std::move(kind);
  return place;
}

std::uint32_t Kinds::hold(std::size_t group, const drive::DrivenPhone& phone) {
  auto parameters = compact(group, phone.setup.parameters);
  const bool recalls = recalls_request(parameters);
  const auto fresh = place({group, std::move(parameters), prints_of(phone), nullptr, recalls, 0});
  const auto [known, is_new] = index_.insert(fresh);
  if (!is_new) free_.push_back(fresh);
  hold(*known);
  return *known;
}

void Kinds::release(std::uint32_t kind) {
  if (--kinds_[kind].holders > 0) return;
  index_.erase(kind);
  kinds_[kind] = Kind{0, ParameterSet(kinds_[kind].parameters.base()), {}, nullptr, false, 0};
  free_.push_back(kind);
}

std::shared_ptr<const resync::Settings> Kinds::settings(std::uint32_t kind,
                                                        const resync::Personality& personality) {
  auto& it = kinds_[kind];
  if (it.settings) return it.settings;
  auto made =
      std::make_shared<const resync::Settings>(resync::settings_of(it.parameters, personality));
  if (it.holders > 1) it.settings = made;
  return made;
}

void Kinds::assume(drive::DrivenPhone& phone, std::uint32_t kind) {
  const auto& it = kinds_[kind];
  phone.setup.parameters = it.parameters;
  phone.settings = settings(kind, phone.setup.personality);
  const auto revision = it.parameters.revision();
  for (std::size_t slot = 0; slot < it.files.size(); ++slot) {
    phone.applied[slot].reset();
    if (it.files[slot] != 0) phone.applied[slot] = drive::AppliedFile{it.files[slot], revision};
  }
  phone.kind = drive::KindAt{kind, revision};
}

}  // namespace provphone::client::fleet
