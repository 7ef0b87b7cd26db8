#include "client/expect/identities.hpp"

#include "client/expect/detail/document_scan.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/selection.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace provphone::client::expect {
namespace {

constexpr std::uint32_t nobody = UINT32_MAX;  // owns what several phones have

// Nothing for parameters that are no identity.
std::optional<Datum> datum_of(const profile::Parameter& parameter) {
  if (parameter.secret) return Datum::secret;
  const bool names_user =
      parameter.name.starts_with("Auth_ID_") ||
      (parameter.name.starts_with("User_ID_") && !parameter.name.starts_with("User_ID_with"));
  return names_user ? std::optional(Datum::user_name) : std::nullopt;
}

// `User_ID` of User_ID_1_.
std::string_view without_number(std::string_view element) {
  return element.substr(0, element.find_last_not_of("_0123456789") + 1);
}

std::vector<std::uint32_t> phones_of(const scenario::PhoneGroup& group) {
  std::vector<std::uint32_t> phones(group.count);
  std::iota(phones.begin(), phones.end(), group.first);
  return phones;
}

}  // namespace

std::string_view name(Datum datum) {
  constexpr std::array<std::string_view, 4> names{"address", "serial number", "user name",
                                                  "secret"};
  return names[static_cast<std::size_t>(datum)];
}

Identities::Identities(const scenario::Scenario& scenario) {
  // A power of two, as the masks below want it.
  entries_.resize(1024);
  for (const auto& group : scenario.phones) add_group(scenario, group);
  std::sort(addresses_.begin(), addresses_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < scenario.events.size(); ++i) {
    const auto* action = std::get_if<scenario::SetParameters>(&scenario.events[i].action);
    if (action == nullptr) continue;
    for (const auto& [parameter, value] : action->set)
      // Of an event that is repeated the first occurrence alone: phones that later ones pick are
      // not known to have its texts.
      add_setting(scenario, parameter, value, scenario::phones_of_event(scenario, i, 0));
  }
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    const auto* value = std::get_if<scenario::ParameterValue>(&scenario.expect[i].what);
    if (value == nullptr || !value->parameter) continue;
    if (const auto* equals = std::get_if<scenario::ParameterValue::Equals>(&value->is))
      add_setting(scenario, *value->parameter, equals->text,
                  scenario::phones_of_expectation(scenario, i));
  }
}

void Identities::add_group(const scenario::Scenario& scenario, const scenario::PhoneGroup& group) {
  if (group.leased) {
    for (std::uint32_t i = 0; i < group.count; ++i)
      addresses_.push_back({(*group.leased)[i].mac.bits, 1, group.first + i});
  } else {
    addresses_.push_back({group.mac.bits, group.count, group.first});
  }
  const auto serial = family_of("serial");
  for (auto phone = group.first; phone < group.first + group.count; ++phone)
    add(phone, Datum::serial, expand(group.serial, values_of(scenario, phone)), serial);
  for (const auto& [parameter, value] : group.set) {
    if (datum_of(profile::parameter(parameter)))
      add_setting(scenario, parameter, value, phones_of(group));
  }
}

void Identities::add_setting(const scenario::Scenario& scenario, profile::ParameterId parameter,
                             const scenario::Template& value,
                             const std::vector<std::uint32_t>& phones) {
  const auto& described = profile::parameter(parameter);
  const auto datum = datum_of(described);
  if (!datum) return;
  const auto family = family_of(without_number(described.name));
  for (const auto phone : phones)
    add(phone, *datum, expand(value, values_of(scenario, phone)), family);
}

std::uint8_t Identities::family_of(std::string_view element) {
  std::string folded;
  std::transform(element.begin(), element.end(), std::back_inserter(folded), detail::folded);
  const auto known = std::find(families_.begin(), families_.end(), folded);
  if (known != families_.end()) return static_cast<std::uint8_t>(known - families_.begin());
  families_.push_back(folded);  // as many as the catalogue has kinds of secrets, some dozens
  return static_cast<std::uint8_t>(families_.size() - 1);
}

void Identities::add(std::uint32_t owner, Datum datum, std::string_view text, std::uint8_t family) {
  constexpr std::size_t long_enough = 6;
  if (text.empty()) return;
  // Half of it empty, so that probing is short and find() always comes to an end.
  if (used_ * 2 >= entries_.size()) grow();
  const auto hash = detail::hash_of(text);
  auto at = hash & (entries_.size() - 1);
  while (entries_[at].is_used && entries_[at].hash != hash) at = (at + 1) & (entries_.size() - 1);
  auto& entry = entries_[at];
  if (entry.is_used) {
    // It stays in the table: a third phone must not become its owner.
    if (entry.owner != owner) entry.owner = nobody;
    return;
  }
  const bool has_letter = std::any_of(text.begin(), text.end(), detail::is_letter);
  // Short texts and bare numbers stand in documents for many reasons.
  const auto scope = text.size() < long_enough ? Scope::own_element
                     : has_letter              ? Scope::anywhere
                                               : Scope::whole_text;
  entry = {hash, owner, datum, scope, family, true};
  ++used_;
  shortest_ = std::min(shortest_, text.size());
  longest_ = std::max(longest_, text.size());
}

void Identities::grow() {
  std::vector<Entry> larger(entries_.size() * 2);
  for (const auto& entry : entries_) {
    if (!entry.is_used) continue;
    auto at = entry.hash & (larger.size() - 1);
    while (larger[at].is_used) at = (at + 1) & (larger.size() - 1);
    larger[at] = entry;
  }
  entries_ = std::move(larger);
}

const Identities::Entry* Identities::find(std::uint64_t hash) const {
  auto at = hash & (entries_.size() - 1);
  for (; entries_[at].is_used; at = (at + 1) & (entries_.size() - 1)) {
    if (entries_[at].hash == hash) return entries_[at].owner == nobody ? nullptr : &entries_[at];
  }
  return nullptr;
}

const Identities::AddressRange* Identities::range_of(std::uint64_t address) const {
  // Ranges do not overlap, so that the last one which begins at or before the address is the only
  // one.
  const auto behind =
      std::upper_bound(addresses_.begin(), addresses_.end(), address,
                       [](std::uint64_t bits, const auto& range) { return bits < range.first; });
  if (behind == addresses_.begin()) return nullptr;
  const auto& range = *std::prev(behind);
  return address - range.first < range.count ? &range : nullptr;
}

std::vector<Mention> Identities::named_in(std::string_view document) const {
  return DocumentScan(*this).scan(document);
}

std::vector<Incident> Identities::foreign_in(std::uint32_t phone, std::string_view document) const {
  return foreign_to(phone, named_in(document));
}

std::vector<Incident> foreign_to(std::uint32_t phone, const std::vector<Mention>& mentions) {
  std::vector<Incident> incidents;
  for (const auto& [owner, datum] : mentions) {
    if (owner != phone && incidents.size() < max_incidents)
      incidents.push_back({phone, owner, datum});
  }
  return incidents;
}

}  // namespace provphone::client::expect
