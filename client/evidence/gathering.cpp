#include "client/evidence/gathering.hpp"

#include "client/evidence/detail/owners.hpp"
#include "client/evidence/detail/texts.hpp"
#include "client/evidence/who.hpp"

#include <algorithm>
#include <unordered_map>

namespace provphone::client::evidence {

using detail::Line;
using detail::Name;
using detail::no_name;

struct Gathering::Store {
  detail::Texts requests, agents, addresses, names;
  std::vector<Requested> requested;
  std::vector<Name> name_of_request, name_of_agent;
  std::vector<AgentSays::Kind> kind_of_agent;
  std::unordered_map<std::string, Name> name_of_subject;
  std::vector<detail::Identity> identities;
  std::vector<Line> lines;
  std::vector<std::string> messages;
  std::size_t whole_seconds = 0;  // lines whose time is one
  std::string room;

  Name name(std::optional<MacAddress> mac, const std::string& serial);
  std::uint32_t place_of_request(const Sighting& seen);
  std::uint32_t place_of_agent(std::string_view agent);
  Name name_in_subject(std::string_view subject);
};

Name Gathering::Store::name(std::optional<MacAddress> mac, const std::string& serial) {
  if (!mac && serial.empty()) return no_name;
  const auto place = names.place_of(mac ? format_lower(*mac) : "serial " + serial);
  if (place == identities.size()) identities.push_back({mac, serial});
  if (identities[place].serial.empty()) identities[place].serial = serial;
  return place;
}

std::uint32_t Gathering::Store::place_of_request(const Sighting& seen) {
  room.clear();
  for (const auto part : {seen.method, seen.path, seen.host, seen.scheme})
    room.append(part) += '\0';
  const auto place = requests.place_of(room);
  if (place < requested.size()) return place;
  requested.push_back({std::string(seen.method), std::string(seen.path), std::string(seen.host),
                       std::string(seen.scheme)});
  name_of_request.push_back(name(mac_in(seen.path), serial_in(seen.path)));
  return place;
}

std::uint32_t Gathering::Store::place_of_agent(std::string_view agent) {
  const auto place = agents.place_of(agent);
  if (place < name_of_agent.size()) return place;
  const auto says = read_agent(agent);
  name_of_agent.push_back(name(says.mac, says.serial));
  kind_of_agent.push_back(says.kind);
  return place;
}

Name Gathering::Store::name_in_subject(std::string_view subject) {
  if (subject.empty()) return no_name;
  const auto [known, is_new] = name_of_subject.try_emplace(std::string(subject), no_name);
  if (is_new) known->second = name(mac_in(subject), {});
  return known->second;
}

Gathering::Gathering() : store_(std::make_unique<Store>()) {
  store_->place_of_agent({});
}
Gathering::~Gathering() = default;
Gathering::Gathering(Gathering&&) noexcept = default;
Gathering& Gathering::operator=(Gathering&&) noexcept = default;

namespace {

constexpr std::int64_t ms_a_second = 1000;

// As the log has it: at the beginning of a request, or at its end from which the beginning was
// counted.
bool is_whole_second(const Sighting& seen) {
  const auto at = seen.at.time_since_epoch().count();
  return at % ms_a_second == 0 || (seen.took_ms > 0 && (at + seen.took_ms) % ms_a_second == 0);
}

// Of times with milliseconds one in a thousand or two is a whole second.
resync::Duration resolution_of(std::size_t lines, std::size_t whole_seconds) {
  constexpr std::size_t many = 10;
  return resync::Duration(whole_seconds * many > lines ? ms_a_second : 1);
}

}  // namespace

void Gathering::take(const Sighting& seen, std::string_view text) {
  auto& store = *store_;
  Line line;
  line.at = seen.at;
  line.print = std::hash<std::string_view>{}(text);
  line.address = store.addresses.place_of(seen.address);
  if (is_whole_second(seen)) ++store.whole_seconds;
  if (!seen.text.empty()) {
    line.what = static_cast<std::uint32_t>(store.messages.size());
    line.is = Line::Is::message;
    line.by = Line::By::phone;
    store.messages.emplace_back(seen.text);
    line.name = store.name(seen.phone, {});
    store.lines.push_back(line);
    return;
  }
  line.what = store.place_of_request(seen);
  line.agent = store.place_of_agent(seen.agent);
  line.took_ms = seen.took_ms;
  line.status = seen.status;
  line.bytes = seen.bytes;
  const auto in_subject = store.name_in_subject(seen.subject);
  if (in_subject != no_name) {
    line.name = in_subject;
    line.sureness = Sureness::certificate;
  } else if (seen.phone) {
    line.name = store.name(seen.phone, {});
  } else {
    // The phone speaks of itself in its User-Agent; a path may be of another phone's file.
    const auto in_agent = store.name_of_agent[line.agent];
    line.name = in_agent != no_name ? in_agent : store.name_of_request[line.what];
  }
  const auto kind = store.kind_of_agent[line.agent];
  if (kind == AgentSays::Kind::phone || seen.agent.empty()) line.by = Line::By::phone;
  if (kind == AgentSays::Kind::other) line.by = Line::By::other;
  store.lines.push_back(line);
}

namespace {

// Messages have been moved into place where they are taken.
void put(const Line& line, std::vector<std::string>& messages, SeenPhone& phone) {
  if (line.is == Line::Is::message) {
    phone.messages.push_back({line.at, std::move(messages[line.what])});
  } else {
    phone.requests.push_back(
        {line.at, line.took_ms, line.what, line.agent, line.status, line.bytes});
  }
}

bool comes_before(const SeenPhone& one, const SeenPhone& other) {
  if (one.mac.has_value() != other.mac.has_value()) return one.mac.has_value();
  if (one.mac) return *one.mac < *other.mac;
  return one.address < other.address;
}

}  // namespace

Gathered Gathering::finish(const std::vector<scenario::LeasedPhone>& leases) {
  auto& store = *store_;
  Gathered made;
  detail::join_serials(store.identities, store.lines);
  std::unordered_map<std::uint32_t, Name> leased;
  for (const auto& lease : leases)
    leased[store.addresses.place_of(lease.ip)] = store.name(lease.mac, {});
  made.of_others = detail::find_owners(store.lines, leased);
  std::stable_sort(store.lines.begin(), store.lines.end(), detail::of_earlier_owner);

  auto& phones = made.seen.phones;
  const Line* last = nullptr;
  for (const auto& line : store.lines) {
    if (line.owner == detail::nobody) continue;
    const bool is_same_phone = last != nullptr && last->owner == line.owner;
    if (is_same_phone && last->at == line.at && last->print == line.print) {
      ++made.doubled;
      continue;
    }
    if (!is_same_phone) {
      SeenPhone phone;
      phone.address = store.addresses.text(line.address);
      phone.sureness = Sureness::certificate;
      if (line.name != no_name) {
        phone.mac = store.identities[line.name].mac;
        phone.serial = store.identities[line.name].serial;
      }
      phones.push_back(std::move(phone));
    }
    phones.back().sureness = std::max(phones.back().sureness, line.sureness);
    put(line, store.messages, phones.back());
    last = &line;
  }
  std::stable_sort(phones.begin(), phones.end(), comes_before);
  made.seen.requested = std::move(store.requested);
  made.seen.agents = store.agents.take();
  made.seen.resolution = resolution_of(store.lines.size(), store.whole_seconds);
  store_ = std::make_unique<Store>();
  return made;
}

}  // namespace provphone::client::evidence
