#include "client/evidence/detail/guessed_rules.hpp"

#include "client/evidence/access_lines.hpp"
#include "client/evidence/who.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"
#include "resync/identity.hpp"
#include "resync/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

namespace provphone::client::evidence::detail {
namespace {

struct Macro {
  std::string value;
  std::string_view name;
};

// The longest first: `CP-8841-3PCC` before `8841-3PCC`.
std::vector<Macro> macros_of(const Person& person) {
  std::vector<Macro> macros;
  if (const auto mac = person.phone->mac) {
    macros.push_back({format_colons(*mac), "$MAC"});
    macros.push_back({format_lower(*mac), "$MA"});
    macros.push_back({format_upper(*mac), "$MAU"});
  }
  constexpr std::size_t least_serial = 6;
  if (person.phone->serial.size() >= least_serial) macros.push_back({person.phone->serial, "$SN"});
  if (!person.model.empty()) {
    macros.push_back({person.model, "$PN"});
    const auto kind = resync::kind_of({person.model, {}, std::nullopt});
    resync::Identity identity;
    identity.model = person.model;
    macros.push_back({resync::product_series_name(identity, kind.personality), "$PSN"});
  }
  return macros;
}

// The text with `put(macro)` for each value that is in it.
template <class Put>
std::string replaced(const Person& person, std::string_view text, Put put) {
  const auto macros = macros_of(person);
  std::string out;
  while (!text.empty()) {
    const auto found = std::find_if(macros.begin(), macros.end(), [&](const Macro& macro) {
      return !macro.value.empty() && text.starts_with(macro.value);
    });
    if (found == macros.end()) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      text.remove_prefix(found->value.size());
      out += put(*found, text);
    }
  }
  return out;
}

// What a rule is made of besides its URL, and what ends one.
constexpr std::string_view not_in_rules = " \t\"'|()[]<>;$`\\^";
constexpr std::size_t longest_path = 400;

bool is_firmware(std::string_view path) {
  const auto low = ascii::lowered(path.substr(0, path.find('?')));
  constexpr std::string_view endings[] = {".loads", ".sbn", ".bin", ".zip", ".sgn", ".hex"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view each) { return low.ends_with(each); });
}

bool is_read(const std::string& method) {
  return method == "GET" || method == "RRQ" || method.empty();
}

struct Tally {
  std::size_t phones = 0, requests = 0;
  // Behind requests that succeeded: others are made again sooner.
  std::vector<std::int64_t> gaps_ms;
};

// A request, or a phone's message that it makes one (R-LOG-10).
struct Asking {
  Instant at;
  std::int16_t status;  // 0: nobody says
  const Requested* requested;
};

std::optional<Requested> requested_by(const SeenMessage& message) {
  const auto word = message.text.find("Requesting ");
  const auto scheme = message.text.find("://", word);
  if (word == std::string::npos || scheme == std::string::npos) return std::nullopt;
  const auto blank = message.text.rfind(' ', scheme);
  auto line = "GET " + message.text.substr(blank + 1);
  line = line.substr(0, line.find(' ', line.find("://")));
  Sighting seen;
  read_request_line(line, seen);
  return Requested{std::string(seen.method), std::string(seen.path), std::string(seen.host),
                   std::string(seen.scheme)};
}

// In the order of time. Messages only where no server has logged the requests themselves; what they
// say goes to `said`, where it stays.
std::vector<Asking> askings_of(const Seen& seen, const SeenPhone& phone,
                               std::deque<Requested>& said) {
  std::vector<Asking> all;
  for (const auto& request : phone.requests)
    all.push_back({request.at, request.status, &seen.requested[request.what]});
  if (!all.empty()) return all;
  for (const auto& message : phone.messages) {
    auto requested = requested_by(message);
    if (!requested) continue;
    said.push_back(*std::move(requested));
    all.push_back({message.at, 0, &said.back()});
  }
  return all;
}

// What somebody has sent as one may be anything.
bool is_host(std::string_view host) {
  constexpr std::size_t longest = 260;
  return !host.empty() && host.size() <= longest &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return ascii::is_alnum(c) ||
                  std::string_view(".-:[]_").find(c) != std::string_view::npos;
         });
}

std::string url_of(const Requested& requested, const std::string& path) {
  const bool is_known =
      requested.scheme == "https" || requested.scheme == "tftp" || requested.scheme == "http";
  // Documents reserve the name for nobody's server.
  return fmt::format("{}://{}{}", is_known ? requested.scheme : "http",
                     is_host(requested.host) ? requested.host : "prov.example.net",
                     macro::hide_query_secrets(path));
}

using Tallies = std::map<std::string, Tally>;

// Empty where no rule asks so.
std::string rule_of(const Person& person, const Requested& requested) {
  if (!is_read(requested.method)) return {};
  const auto path = rule_path(person, requested.path);
  return path.empty() ? path : url_of(requested, path);
}

Tallies tallies_of(const Seen& seen, const std::vector<Person>& people) {
  Tallies tallies;
  for (const auto& person : people) {
    struct Before {
      Instant at;
      std::int16_t status;
    };
    std::map<std::string, Before> last;
    std::deque<Requested> said;
    std::map<const Requested*, std::string> rules;
    for (const auto& asking : askings_of(seen, *person.phone, said)) {
      // What asks for a login is made again at once.
      constexpr std::int16_t failed = 400, unauthorized = 401;
      const auto [known, is_new] = rules.try_emplace(asking.requested);
      if (is_new) known->second = rule_of(person, *asking.requested);
      const auto& rule = known->second;
      if (rule.empty() || asking.status == unauthorized) continue;
      auto& tally = tallies[rule];
      ++tally.requests;
      const auto [before, is_first] = last.try_emplace(rule, Before{asking.at, asking.status});
      if (is_first) {
        ++tally.phones;
        continue;
      }
      if (before->second.status < failed)
        tally.gaps_ms.push_back((asking.at - before->second.at).count());
      before->second = {asking.at, asking.status};
    }
  }
  return tallies;
}

std::optional<std::chrono::seconds> median_gap(std::vector<std::int64_t> gaps, std::size_t phones) {
  // Of fewer nobody can tell a period from a restart.
  if (gaps.size() < 2 * phones || gaps.empty()) return std::nullopt;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  constexpr std::int64_t ms = 1000;
  const auto seconds = (*middle + ms / 2) / ms;
  return seconds > 0 ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

}  // namespace

Person person_of(const Seen& seen, const SeenPhone& phone) {
  Person person{&phone, {}, {}};
  std::uint32_t looked_at = 0;
  for (auto it = phone.requests.rbegin(); it != phone.requests.rend(); ++it) {
    if (it->agent == looked_at) continue;
    looked_at = it->agent;
    const auto says = read_agent(seen.agents[it->agent]);
    if (says.kind != AgentSays::Kind::phone) continue;
    person.model = says.model;
    person.release = says.firmware;
    return person;
  }
  // Messages begin with `$PN`, unless somebody has said otherwise.
  for (const auto& message : phone.messages) {
    const auto* const model = resync::find_model(message.text.substr(0, message.text.find(' ')));
    if (model == nullptr) continue;
    person.model = model->name;
    break;
  }
  return person;
}

std::string rule_path(const Person& person, const std::string& path) {
  const bool fits =
      path.starts_with('/') && path.size() <= longest_path &&
      path.find_first_of(not_in_rules) == std::string::npos &&
      std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!fits) return {};
  return replaced(person, path, [](const Macro& macro, std::string_view behind) {
    // A letter behind `$MA` would make another macro of it.
    const bool goes_on = !behind.empty() && ascii::is_alnum(behind.front());
    return goes_on ? fmt::format("$({})", macro.name.substr(1)) : std::string(macro.name);
  });
}

std::string path_pattern(const Person& person, const std::string& path) {
  return replaced(person, path, [](const Macro&, std::string_view) { return std::string("*"); });
}

void guess_rules(const Seen& seen, const std::vector<Person>& people, GuessedGroup& group) {
  const auto tallies = tallies_of(seen, people);
  std::vector<std::pair<std::string, const Tally*>> order;
  order.reserve(tallies.size());
  for (const auto& [rule, tally] : tallies) order.emplace_back(rule, &tally);
  std::stable_sort(order.begin(), order.end(), [](const auto& one, const auto& other) {
    return one.second->requests > other.second->requests;
  });
  constexpr std::size_t most_rules = 4, most_listed = 20;
  constexpr std::size_t few = 4;  // a quarter of the commonest, and of the phones
  const Tally* commonest = nullptr;
  for (const auto& [rule, tally] : order) {
    const GuessedRule made{rule, tally->phones, tally->requests};
    const bool is_common = commonest == nullptr || (tally->requests * few >= commonest->requests &&
                                                    tally->phones * few >= people.size());
    if (!is_firmware(rule) && is_common && group.rules.size() < most_rules) {
      if (commonest == nullptr) commonest = tally;
      group.rules.push_back(made);
    } else if (group.seldom.size() < most_listed) {
      group.seldom.push_back(made);
    }
  }
  if (commonest != nullptr) group.period = median_gap(commonest->gaps_ms, commonest->phones);
}

}  // namespace provphone::client::evidence::detail
