#include "client/transport/names.hpp"

#include "client/transport/resolver.hpp"
#include "macro/ascii.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <unordered_map>
#include <utility>

namespace provphone::client::transport {
namespace {

namespace ip = boost::asio::ip;
using Outcome = NameAnswer::Outcome;

// What is there may have both families, in any order.
Addresses of_families(const Addresses& addresses, AddressFamilies families) {
  Addresses fit;
  std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(fit),
               [&](const auto& address) { return uses(families, address); });
  const bool v6_first = families == AddressFamilies::ipv6_then_ipv4;
  std::stable_partition(fit.begin(), fit.end(), [&](const auto& address) {
    return address.is_v6() == v6_first || families == AddressFamilies::ipv6;
  });
  return fit;
}

// A name of RFC 6761 that is this host's, whoever is asked.
Addresses of_localhost(AddressFamilies families) {
  if (families == AddressFamilies::ipv6) return {ip::address_v6::loopback()};
  return {ip::address_v4::loopback()};
}

tl::unexpected<Error> refused(const std::string& host) {
  return fail(Errc::target_refused, fmt::format("\"{}\" is not among the allowed targets", host));
}

tl::unexpected<Error> no_address(const std::string& host, std::string_view why = {}) {
  return fail(Errc::name_not_resolved, fmt::format("no address for \"{}\"{}", host, why));
}

// R-NAME-04.
tl::unexpected<Error> of_other_family(const std::string& host, bool is_v6) {
  return fail(Errc::host_unreachable,
              fmt::format("{} is an IPv{} address, and the phone uses IPv{} alone", host,
                          is_v6 ? 6 : 4, is_v6 ? 4 : 6));
}

}  // namespace

std::optional<ip::address> address_in(const std::string& host) {
  boost::system::error_code failed;
  const auto address = ip::make_address(host, failed);
  if (!failed) return address;
  in_addr octets{};
  // It would take what stands behind a blank for a comment.
  const bool is_one_word = host.find_first_of(" \t\n\v\f\r") == std::string::npos;
  if (!is_one_word || ::inet_aton(host.c_str(), &octets) == 0) return std::nullopt;
  return ip::address_v4(ntohl(octets.s_addr));
}

std::string canonical_name(const std::string& host) {
  auto name = ascii::lowered(host);
  if (name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

bool uses(AddressFamilies families, const ip::address& address) {
  if (!address.is_v6()) return families != AddressFamilies::ipv6;
  return families != AddressFamilies::ipv4 && families != AddressFamilies::ipv4_asking_both;
}

Result<Addresses> allowed_of(const std::string& host, const Addresses& addresses,
                             const Targets& targets) {
  if (targets.allows_name(host)) return addresses;
  Addresses allowed;
  std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(allowed),
               [&](const auto& address) { return targets.allows_address(address.to_string()); });
  if (!allowed.empty() || addresses.empty()) return allowed;
  const auto first = addresses.front().to_string();
  if (first == host) return refused(host);
  return fail(
      Errc::target_refused,
      fmt::format("\"{}\" leads to {}, which is not among the allowed targets", host, first));
}

// What the loop may still call holds it weakly. A call-back may end the Names while the loop holds
// their Impl, so that it has to know.
struct Names::Impl : std::enable_shared_from_this<Names::Impl> {
  struct Key {
    std::string name;
    AddressFamilies families;

    friend bool operator==(const Key&, const Key&) = default;
  };

  struct HashOfKey {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string>{}(key.name) * 8 + static_cast<std::size_t>(key.families);
    }
  };

  struct Waiting {
    std::string host;  // as whoever waits spells it
    OnAddresses on_addresses;
  };

  struct Entry {
    bool is_under_way = true;  // being looked up, or not everybody who waited has been told
    Addresses addresses;       // as last known, whether or not they are good any more
    std::string why;           // there are none
    std::optional<Error> refusal;
    std::chrono::steady_clock::time_point answered{}, good_until{};
    std::vector<Waiting> waiting;
  };

  Impl(boost::asio::io_context& given, const Targets& allowed, NameOptions wanted)
      : loop(given), targets(allowed), options(std::move(wanted)) {
    if (options.ask) return;
    // Most runs have no name to ask for, and c-ares reads the system's files to begin with.
    options.ask = [this](const std::string& name, AddressFamilies families, TellAddresses tell) {
      if (!resolver) resolver = std::make_unique<Resolver>(loop, NameServers{});
      resolver->find(name, families, std::move(tell));
    };
  }

  void find(const std::string& host, AddressFamilies families, OnAddresses on_addresses) {
    const Key key{canonical_name(host), families};
    if (const auto answer = at_once(host, key)) return on_addresses(*answer);
    const auto [entry, is_new] = entries.try_emplace(key);
    const bool has_to_ask = is_new || !std::exchange(entry->second.is_under_way, true);
    entry->second.waiting.push_back({host, std::move(on_addresses)});
    ++waiting;
    if (has_to_ask) ask(key);
  }

  // Nothing: somebody has to be asked, and there is room to wait for the answer.
  std::optional<Result<Addresses>> at_once(const std::string& host, const Key& key) {
    if (const auto literal = address_in(host)) {
      if (!uses(key.families, *literal)) return of_other_family(host, literal->is_v6());
      return in_scope(host, {*literal});
    }
    if (host.empty()) return no_address(host);
    if (const auto known = without_look_up(key)) {
      if (known->empty()) return no_address(host, " of the families that the phone uses");
      return in_scope(host, *known);
    }
    const auto entry = entries.find(key);
    if (entry != entries.end() && is_kept(entry->second)) return answer_for(host, entry->second);
    if (waiting >= most_waiting)
      return no_address(host, fmt::format(" yet, and {} wait for one already", most_waiting));
    if (entry == entries.end() && !make_room())
      return no_address(host, fmt::format(" yet, {} are being looked up already", most_names));
    return std::nullopt;
  }

  std::optional<Addresses> without_look_up(const Key& key) const {
    if (options.hosts) {
      const auto known = options.hosts->find(key.name);
      if (known != options.hosts->end()) return of_families(known->second, key.families);
    }
    if (key.name == "localhost") return of_localhost(key.families);
    return std::nullopt;
  }

  Result<Addresses> in_scope(const std::string& host, const Addresses& addresses) const {
    if (options.scope == NameScope::any_name) return addresses;
    return allowed_of(host, addresses, targets);
  }

  Result<Addresses> answer_for(const std::string& host, const Entry& entry) const {
    if (entry.refusal) return tl::unexpected(*entry.refusal);
    if (entry.addresses.empty()) return no_address(host, entry.why.empty() ? "" : ": " + entry.why);
    return in_scope(host, entry.addresses);
  }

  bool is_kept(const Entry& entry) const {
    return !entry.is_under_way && options.now() < entry.good_until;
  }

  bool make_room() {
    if (entries.size() < most_names) return true;
    auto oldest = entries.end();
    for (auto each = entries.begin(); each != entries.end(); ++each) {
      if (each->second.is_under_way) continue;
      if (oldest == entries.end() || each->second.answered < oldest->second.answered) oldest = each;
    }
    if (oldest == entries.end()) return false;
    entries.erase(oldest);
    return true;
  }

  void ask(const Key& key) {
    options.ask(key.name, key.families, [weak = weak_from_this(), key](NameAnswer answer) {
      const auto self = weak.lock();
      if (!self || self->is_gone) return;
      self->keep(self->entries.at(key), std::move(answer));
      self->tell(key);
    });
  }

  void keep(Entry& entry, NameAnswer answer) const {
    entry.answered = options.now();
    entry.refusal = std::move(answer.refusal);
    // R-NAME-08: where nobody answers, what was known last is better than nothing.
    const bool is_stale = answer.outcome == Outcome::silent && options.keeps_answers;
    if (answer.outcome == Outcome::found || !is_stale) {
      entry.addresses = std::move(answer.addresses);
      entry.why = std::move(answer.why);
    } else if (entry.addresses.empty()) {
      entry.why = std::move(answer.why);
    }
    entry.good_until = entry.answered;
    if (!options.keeps_answers) return;
    entry.good_until += answer.outcome == Outcome::found ? answer.time_to_live : failure_kept;
  }

  // Who asks from within a call-back has to wait for the next round, behind all others.
  void tell(const Key& key) {
    auto& entry = entries.at(key);
    const auto round = std::exchange(entry.waiting, {});
    waiting -= round.size();
    for (const auto& [host, on_addresses] : round) {
      on_addresses(answer_for(host, entry));
      if (is_gone) return;
    }
    entry.is_under_way = !entry.waiting.empty();
    if (!entry.is_under_way) return;
    boost::asio::post(loop, [weak = weak_from_this(), key] {
      const auto self = weak.lock();
      if (self && !self->is_gone) self->tell(key);
    });
  }

  boost::asio::io_context& loop;
  const Targets& targets;
  NameOptions options;
  std::unique_ptr<Resolver> resolver;  // where nobody else is to be asked, once somebody has to be
  std::unordered_map<Key, Entry, HashOfKey> entries;
  std::size_t waiting = 0;  // of all entries
  bool is_gone = false;
};

Names::Names(boost::asio::io_context& loop, const Targets& targets, NameOptions options)
    : impl_(std::make_shared<Impl>(loop, targets, std::move(options))) {}

Names::Names(Names&&) noexcept = default;

Names::~Names() {
  if (impl_) impl_->is_gone = true;
}

void Names::find(const std::string& host, AddressFamilies families, OnAddresses on_addresses) {
  impl_->find(host, families, std::move(on_addresses));
}

void Names::find(const std::string& host, OnAddresses on_addresses) {
  impl_->find(host, impl_->options.families, std::move(on_addresses));
}

}  // namespace provphone::client::transport
