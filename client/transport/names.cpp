#include "client/transport/names.hpp"

#include "client/transport/detail/name_threads.hpp"
#include "macro/ascii.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <optional>
#include <unordered_map>
#include <utility>

namespace provphone::client::transport {
namespace {

namespace ip = boost::asio::ip;

// The dot at the end stays: it keeps the resolver from trying the domains of its search list.
std::optional<ip::address> without_look_up(const std::string& host, const std::string& name) {
  if (name == "localhost" || name == "localhost.") return ip::address_v4::loopback();
  boost::system::error_code failed;
  const auto address = ip::make_address(host, failed);
  if (failed) return std::nullopt;
  return address;
}

tl::unexpected<Error> refused(const std::string& host) {
  return fail(Errc::target_refused, fmt::format("\"{}\" is not among the allowed targets", host));
}

tl::unexpected<Error> no_address(const std::string& host, std::string_view why = {}) {
  return fail(Errc::name_not_resolved, fmt::format("no address for \"{}\"{}", host, why));
}

Result<Addresses> answer_for(const std::string& host, const Addresses& addresses) {
  if (addresses.empty()) return no_address(host);
  return addresses;
}

}  // namespace

// What the loop may still call holds it weakly. A call-back may end the Names while the loop holds
// their Impl, so that it has to know.
struct Names::Impl : std::enable_shared_from_this<Names::Impl> {
  struct Waiting {
    std::string host;  // as whoever waits spells it
    OnAddresses on_addresses;
  };

  struct Entry {
    bool is_under_way = true;  // being looked up, or not everybody who waited has been told
    Addresses addresses;
    std::chrono::steady_clock::time_point answered{};
    std::vector<Waiting> waiting;
  };

  Impl(boost::asio::io_context& given, const Targets& allowed, NameOptions wanted)
      : loop(given), targets(allowed), options(std::move(wanted)) {
    if (options.ask) return;
    options.ask = detail::on_threads(loop, [family = options.family](const std::string& name) {
      return detail::ask_system(name, family);
    });
  }

  void find(const std::string& host, OnAddresses on_addresses) {
    const auto name = ascii::lowered(host);
    if (const auto answer = at_once(host, name)) return on_addresses(*answer);
    const auto [entry, is_new] = entries.try_emplace(name);
    const bool has_to_ask = is_new || !std::exchange(entry->second.is_under_way, true);
    entry->second.waiting.push_back({host, std::move(on_addresses)});
    ++waiting;
    if (has_to_ask) ask(name);
  }

  // Nothing: somebody has to be asked, and there is room to wait for the answer.
  std::optional<Result<Addresses>> at_once(const std::string& host, const std::string& name) {
    const bool is_allowed = options.scope == NameScope::any_name || targets.allows_name(host);
    if (const auto address = without_look_up(host, name)) {
      if (is_allowed || targets.allows_address(address->to_string())) return Addresses{*address};
      return refused(host);
    }
    if (!is_allowed) return refused(host);
    const auto entry = entries.find(name);
    if (entry != entries.end() && is_kept(entry->second))
      return answer_for(host, entry->second.addresses);
    if (waiting >= most_waiting)
      return no_address(host, fmt::format(" yet, and {} wait for one already", most_waiting));
    if (entry == entries.end() && !make_room())
      return no_address(host, fmt::format(" yet, {} are being looked up already", most_names));
    return std::nullopt;
  }

  // An address is good for ever, the lack of one for a while (R-LOG-04).
  bool is_kept(const Entry& entry) const {
    if (entry.is_under_way) return false;
    return !entry.addresses.empty() || options.now() - entry.answered < failure_kept;
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

  void ask(const std::string& name) {
    options.ask(name, [weak = weak_from_this(), name](Addresses addresses) {
      const auto self = weak.lock();
      if (!self || self->is_gone) return;
      auto& entry = self->entries.at(name);
      entry.addresses = std::move(addresses);
      entry.answered = self->options.now();
      self->tell(name);
    });
  }

  // Who asks from within a call-back has to wait for the next round, behind all others.
  void tell(const std::string& name) {
    auto& entry = entries.at(name);
    const auto round = std::exchange(entry.waiting, {});
    waiting -= round.size();
    for (const auto& [host, on_addresses] : round) {
      on_addresses(answer_for(host, entry.addresses));
      if (is_gone) return;
    }
    entry.is_under_way = !entry.waiting.empty();
    if (!entry.is_under_way) return;
    boost::asio::post(loop, [weak = weak_from_this(), name] {
      const auto self = weak.lock();
      if (self && !self->is_gone) self->tell(name);
    });
  }

  boost::asio::io_context& loop;
  const Targets& targets;
  NameOptions options;
  std::unordered_map<std::string, Entry> entries;  // by name in lower case
  std::size_t waiting = 0;                         // of all entries
  bool is_gone = false;
};

Names::Names(boost::asio::io_context& loop, const Targets& targets, NameOptions options)
    : impl_(std::make_shared<Impl>(loop, targets, std::move(options))) {}

Names::Names(Names&&) noexcept = default;

Names::~Names() {
  if (impl_) impl_->is_gone = true;
}

void Names::find(const std::string& host, OnAddresses on_addresses) {
  impl_->find(host, std::move(on_addresses));
}

}  // namespace provphone::client::transport
