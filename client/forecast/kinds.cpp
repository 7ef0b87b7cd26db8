#include "client/forecast/kinds.hpp"

#include "client/scenario/happenings.hpp"

#include <algorithm>
#include <utility>

namespace provphone::client::forecast {
namespace {

bool differ_within_group(const std::vector<scenario::Setting>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const auto& each) { return each.value.differs_within_group(); });
}

void append(std::string& key, std::string_view text) {
  key.append(std::to_string(text.size())).append(1, ':').append(text);
}

void append(std::string& key, const profile::ParameterSet& parameters) {
  for (const auto& [id, value] : parameters.differences()) {
    append(key, std::to_string(static_cast<unsigned>(id)));
    append(key, value);
  }
}

// Equal memories have equal keys, and no others.
std::string key_of(const Memory& memory) {
  std::string key;
  for (const auto file : memory.files) append(key, std::to_string(file));
  if (!memory.keepsake) return key;
  const auto& kept = *memory.keepsake;
  auto state = kept.state;
  for (std::size_t i = 0; i < resync::RequestMacros{}.size(); ++i)
    append(key, resync::request_macro(state, i));
  append(key, state.upgerr);
  append(key, kept.firmware);
  append(key, kept.one_time_rule);
  if (kept.tried_upgrade) {
    append(key, kept.tried_upgrade->rule);
    append(key, format(kept.tried_upgrade->url));
  }
  if (kept.reported) append(key += '!', *kept.reported);
  return key;
}

}  // namespace

Kinds::Kinds(const scenario::Scenario& scenario, const std::vector<scenario::GroupSetup>& groups)
    : scenario_(scenario),
      groups_(groups),
      set_by_hand_(scenario::macros_set_by_hand(scenario)),
      initial_(scenario.phones.size()) {}

std::uint32_t Kinds::variant_with(std::size_t group, const resync::Device& device) {
  const auto print = device.parameters.fingerprint() ^ group;
  const auto [first, last] = known_variants_.equal_range(print);
  const auto known = std::find_if(first, last, [&](const auto& each) {
    const auto& variant = variants_[each.second];
    return variant.group == group && variant.parameters == device.parameters;
  });
  if (known != last) return known->second;
  const auto number = static_cast<std::uint32_t>(variants_.size());
  auto settings = device.settings;
  if (!settings)
    settings = std::make_shared<const resync::Settings>(
        resync::settings_of(device.parameters, device.personality));
  variants_.push_back(Variant{group, device.parameters, std::move(settings),
                              resync::recalled_macros(device.parameters) | set_by_hand_});
  known_variants_.emplace(print, number);
  return number;
}

std::uint32_t Kinds::memory_with(Memory memory) {
  const auto [known, is_new] =
      known_memories_.try_emplace(key_of(memory), static_cast<std::uint32_t>(memories_.size()));
  if (is_new) memories_.push_back(std::move(memory));
  return known->second;
}

std::uint32_t Kinds::kind_with(std::uint32_t variant, std::uint32_t memory) {
  const auto [known, is_new] = known_kinds_.try_emplace((std::uint64_t{variant} << 32U) | memory,
                                                        static_cast<std::uint32_t>(kinds_.size()));
  if (is_new) kinds_.push_back({variant, memory, {}, {}});
  return known->second;
}

std::uint32_t Kinds::initial(std::uint32_t phone) {
  const auto group = scenario::group_of(scenario_, phone);
  if (initial_[group]) return *initial_[group];
  auto device = scenario::device_of(scenario_, groups_[group], phone);
  const auto kind = settle(group, device);
  if (!differ_within_group(scenario_.phones[group].set)) initial_[group] = kind;
  return kind;
}

std::uint32_t Kinds::settle(std::size_t group, resync::Device& device) {
  const auto variant = variant_with(group, device);
  const auto& firmware = scenario_.phones[group].firmware;
  Memory memory;
  memory.files = resync::prints_of(device);
  memory.keepsake =
      resync::keepsake_of(device, firmware.empty() ? resync::Identity{}.firmware : firmware,
                          variants_[variant].recalled);
  return kind_with(variant, memory_with(std::move(memory)));
}

void Kinds::assume(resync::Device& device, std::uint32_t kind) const {
  const auto& variant = variant_of(kind);
  const auto& memory = memory_of(kind);
  device.parameters = variant.parameters;
  device.settings = variant.settings;
  resync::recall(device, memory.files);
  if (memory.keepsake) resync::recall(device, *memory.keepsake);
}

}  // namespace provphone::client::forecast
