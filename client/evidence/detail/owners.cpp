#include "client/evidence/detail/owners.hpp"

#include <algorithm>

namespace provphone::client::evidence::detail {
namespace {

// Within it a phone that is named at an address is taken to be there.
constexpr std::chrono::hours close_by{1};

struct Stay {
  Name name;
  Instant from, to;
};

// What is known of an address.
struct Place {
  std::vector<Stay> stays;  // a phone's whole time there is one
  bool has_phone = false;   // something came from there that a phone may have sent
};

using Places = std::unordered_map<std::uint32_t, Place>;

Places places_of(const std::vector<Line>& lines) {
  Places places;
  for (const auto& line : lines) {
    auto& place = places[line.address];
    if (line.by == Line::By::phone) place.has_phone = true;
    if (line.name == no_name || line.by == Line::By::other) continue;
    const auto known = std::find_if(place.stays.begin(), place.stays.end(),
                                    [&](const Stay& stay) { return stay.name == line.name; });
    if (known == place.stays.end()) {
      place.stays.push_back({line.name, line.at, line.at});
    } else {
      known->from = std::min(known->from, line.at);
      known->to = std::max(known->to, line.at);
    }
  }
  return places;
}

// The one phone that is named at the address alone, or alone at about that time.
Name only_one_at(const Place& place, Instant at) {
  if (place.stays.size() == 1) return place.stays.front().name;
  Name only = no_name;
  for (const auto& stay : place.stays) {
    if (at < stay.from - close_by || at > stay.to + close_by) continue;
    if (only != no_name) return no_name;
    only = stay.name;
  }
  return only;
}

// Names and addresses have numbers of their own.
Owner owner_of_name(Name name) {
  return (Owner{1} << 32U) + name;
}
Owner owner_of_address(std::uint32_t address) {
  return (Owner{2} << 32U) + address;
}

}  // namespace

void join_serials(std::vector<Identity>& identities, std::vector<Line>& lines) {
  std::unordered_map<std::string, Name> with_mac;
  for (Name name = 0; name < identities.size(); ++name)
    if (identities[name].mac && !identities[name].serial.empty())
      with_mac.emplace(identities[name].serial, name);
  std::vector<Name> joined(identities.size());
  for (Name name = 0; name < identities.size(); ++name) {
    const auto known = with_mac.find(identities[name].serial);
    joined[name] = identities[name].mac || known == with_mac.end() ? name : known->second;
  }
  for (auto& line : lines)
    if (line.name != no_name) line.name = joined[line.name];
}

std::size_t find_owners(std::vector<Line>& lines,
                        const std::unordered_map<std::uint32_t, Name>& leased) {
  const auto places = places_of(lines);
  std::size_t of_others = 0;
  for (auto& line : lines) {
    const auto& place = places.at(line.address);
    if (line.by == Line::By::other) {
      ++of_others;
      continue;
    }
    if (line.name == no_name) line.name = only_one_at(place, line.at);
    if (line.name == no_name && place.stays.empty()) {
      const auto lease = leased.find(line.address);
      if (lease != leased.end()) {
        line.name = lease->second;
        line.sureness = Sureness::leased;
      }
    }
    if (line.name != no_name) {
      line.owner = owner_of_name(line.name);
    } else if (place.has_phone) {
      line.owner = owner_of_address(line.address);
      line.sureness = Sureness::by_address;
    } else {
      ++of_others;
    }
  }
  return of_others;
}

bool of_earlier_owner(const Line& one, const Line& other) {
  return one.owner != other.owner ? one.owner < other.owner : one.at < other.at;
}

}  // namespace provphone::client::evidence::detail
