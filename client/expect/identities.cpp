#include "client/expect/identities.hpp"

#include "client/expect/detail/document_scan.hpp"
#include "client/expect/detail/text_hash.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/selection.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace provphone::client::expect {
namespace {

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

// Whether rows of a list name them.
bool has_serials(const scenario::PhoneGroup& group) {
  return group.listed && group.listed->inventory->has(scenario::KnownColumn::serial);
}

}  // namespace

std::string_view name(Datum datum) {
  constexpr std::array<std::string_view, 4> names{"address", "serial number", "user name",
                                                  "secret"};
  return names[static_cast<std::size_t>(datum)];
}

struct Identities::Source {
  Datum datum;
  std::string_view element;  // that holds it, without its number
  const scenario::Template& value;
  const std::vector<std::uint32_t>& phones;

  // No fewer than the texts that it comes to.
  std::size_t most_texts(const scenario::Scenario& scenario) const {
    return value.differs_within_group() ? phones.size()
                                        : std::min(phones.size(), scenario.phones.size());
  }
};

Identities::Identities(const scenario::Scenario& scenario)
    : texts_([&] {
        std::size_t most = 0;
        each_source(scenario, [&](const Source& source) { most += source.most_texts(scenario); });
        for (const auto& group : scenario.phones) most += has_serials(group) ? group.count : 0;
        return most;
      }()) {
  for (const auto& group : scenario.phones) add_addresses(group);
  std::sort(addresses_.begin(), addresses_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  each_source(scenario, [&](const Source& source) { add(scenario, source); });
  for (const auto& group : scenario.phones)
    for (std::uint32_t i = 0; has_serials(group) && i < group.count; ++i)
      add({group.first + i, Datum::serial, {}, family_of("serial")},
          identity_of(scenario, group.first + i).serial);
}

void Identities::each_source(const scenario::Scenario& scenario,
                             const std::function<void(const Source&)>& take) {
  const auto set = [&](profile::ParameterId id, const scenario::Template& value,
                       const std::vector<std::uint32_t>& phones) {
    const auto& described = profile::parameter(id);
    if (const auto datum = datum_of(described))
      take({*datum, without_number(described.name), value, phones});
  };
  for (const auto& group : scenario.phones) {
    const auto phones = phones_of(group);
    if (!has_serials(group)) take({Datum::serial, "serial", group.serial, phones});
    for (const auto& [parameter, value] : group.set) set(parameter, value, phones);
  }
  for (std::size_t i = 0; i < scenario.events.size(); ++i) {
    const auto* action = std::get_if<scenario::SetParameters>(&scenario.events[i].action);
    if (action == nullptr) continue;
    // Of an event that is repeated the first occurrence alone: phones that later ones pick are not
    // known to have its texts.
    const auto phones = scenario::phones_of_event(scenario, i, 0);
    for (const auto& [parameter, value] : action->set) set(parameter, value, phones);
  }
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    const auto* value = std::get_if<scenario::ParameterValue>(&scenario.expect[i].what);
    if (value == nullptr || !value->parameter) continue;
    if (const auto* equals = std::get_if<scenario::ParameterValue::Equals>(&value->is))
      set(*value->parameter, equals->text, scenario::phones_of_expectation(scenario, i));
  }
}

void Identities::add_addresses(const scenario::PhoneGroup& group) {
  if (group.listed) {
    for (std::uint32_t i = 0; i < group.count; ++i)
      addresses_.push_back({group.listed->mac(group.listed_from + i).bits, 1, group.first + i});
    return;
  }
  if (!group.leased) return addresses_.push_back({group.mac.bits, group.count, group.first});
  for (std::uint32_t i = 0; i < group.count; ++i)
    addresses_.push_back({(*group.leased)[i].mac.bits, 1, group.first + i});
}

void Identities::add(const scenario::Scenario& scenario, const Source& source) {
  const auto family = family_of(source.element);
  for (const auto phone : source.phones)
    add({phone, source.datum, {}, family}, expand(source.value, values_of(scenario, phone)));
}

std::uint8_t Identities::family_of(std::string_view element) {
  std::string folded;
  std::transform(element.begin(), element.end(), std::back_inserter(folded), detail::folded);
  const auto known = std::find(families_.begin(), families_.end(), folded);
  if (known != families_.end()) return static_cast<std::uint8_t>(known - families_.begin());
  families_.push_back(folded);  // as many as the catalogue has kinds of secrets, some dozens
  return static_cast<std::uint8_t>(families_.size() - 1);
}

void Identities::add(const Known& what, std::string_view text) {
  constexpr std::size_t long_enough = 6;
  if (text.empty()) return;
  const bool has_letter = std::any_of(text.begin(), text.end(), detail::is_letter);
  // Short texts and bare numbers stand in documents for many reasons.
  const auto scope = text.size() < long_enough ? Scope::own_element
                     : has_letter              ? Scope::anywhere
                                               : Scope::whole_text;
  const auto marks = static_cast<unsigned>(what.family) << 4U |
                     static_cast<unsigned>(what.datum) << 2U | static_cast<unsigned>(scope);
  texts_.add(detail::folded_hash(text), {what.owner, static_cast<std::uint16_t>(marks)});
  openings_.set(opening_of(text));
  shortest_ = std::min(shortest_, text.size());
  longest_ = std::max(longest_, text.size());
}

std::size_t Identities::opening_of(std::string_view text) {
  const auto octet = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(detail::folded(text[at])) : 0U;
  };
  const std::size_t opening = octet(0) | octet(1) << 8U;
  return (opening ^ text.size() * 0x9e37U) & 0xffffU;
}

std::optional<Identities::Known> Identities::find(std::uint64_t hash) const {
  const auto found = texts_.find(hash);
  if (!found) return std::nullopt;
  return Known{found->phone, static_cast<Datum>(found->marks >> 2U & 3U),
               static_cast<Scope>(found->marks & 3U),
               static_cast<std::uint8_t>(found->marks >> 4U)};
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
  return DocumentScan(*this, document).scan();
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
