#include "client/transport/resolver.hpp"

#include "client/transport/detail/dns_channel.hpp"
#include "macro/whole_number.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <sys/socket.h>

namespace provphone::client::transport {
namespace {

using Outcome = NameAnswer::Outcome;
using Records = Result<std::vector<resync::SrvRecord>>;

// R-NAME-09: a hosts file is read anew after so long.
constexpr std::chrono::seconds hosts_file_kept{10};

Records records_of(const std::string& name, detail::SrvAnswer answer) {
  if (!answer.records.empty()) return std::move(answer.records);
  if (answer.why.empty())
    return fail(Errc::name_not_resolved, fmt::format("{} has no SRV records", name));
  return fail(Errc::name_not_resolved, fmt::format("SRV records of {}: {}", name, answer.why));
}

std::vector<int> families_of(AddressFamilies families) {
  switch (families) {
    case AddressFamilies::ipv4:
      return {AF_INET};
    case AddressFamilies::ipv6:
      return {AF_INET6};
    case AddressFamilies::ipv4_then_ipv6:
    case AddressFamilies::ipv4_asking_both:
      return {AF_INET, AF_INET6};
    case AddressFamilies::ipv6_then_ipv4:
      break;
  }
  return {AF_INET6, AF_INET};
}

}  // namespace

// Call-backs hold it weakly, since c-ares ends its questions when a channel goes.
struct Resolver::Impl : std::enable_shared_from_this<Resolver::Impl> {
  // What several channels say of one question, of which the first that is to the point counts, and
  // the last where none is.
  template <class Answer>
  struct FirstWord {
    std::size_t missing;
    std::function<void(Answer)> tell;

    void take(Answer answer) {
      --missing;
      if (!tell || (answer.outcome == Outcome::silent && missing > 0)) return;
      std::exchange(tell, nullptr)(std::move(answer));
    }
  };

  // What is known of a name family by family, in the order in which they are wanted.
  struct Both {
    std::vector<std::optional<NameAnswer>> parts;
    TellAddresses tell;

    void take(std::size_t part, NameAnswer answer) {
      parts[part] = std::move(answer);
      for (const auto& each : parts) {
        if (!each) return;
      }
      auto joined = *std::move(parts.front());
      for (std::size_t i = 1; i < parts.size(); ++i) join(joined, *std::move(parts[i]));
      tell(std::move(joined));
    }

    // R-NAME-03: one family is enough, whatever became of the other.
    static void join(NameAnswer& into, NameAnswer other) {
      if (other.outcome == Outcome::found && into.outcome == Outcome::found) {
        into.time_to_live = std::min(into.time_to_live, other.time_to_live);
        into.addresses.insert(into.addresses.end(), other.addresses.begin(), other.addresses.end());
      } else if (other.outcome == Outcome::found ||
                 (other.outcome == Outcome::silent && into.outcome == Outcome::none)) {
        into = std::move(other);
      }
    }
  };

  explicit Impl(boost::asio::io_context& given) : loop(given) {}

  void open(const NameServers& servers) {
    if (servers.mode == resync::QueryMode::parallel) {
      for (const auto& server : servers.servers) open_channel(server);
    } else {
      open_channel(fmt::format("{}", fmt::join(servers.servers, ",")));
    }
  }

  void open_channel(const std::string& servers) {
    auto channel = std::make_unique<detail::DnsChannel>(loop);
    if (channel->open(servers)) channels.push_back(std::move(channel));
  }

  // From the loop, and only as long as the resolver is there.
  template <class Told>
  void post(Told told) {
    boost::asio::post(loop, [weak = weak_from_this(), told = std::move(told)]() mutable {
      if (weak.lock()) told();
    });
  }

  void ask(const std::string& name, int family, TellAddresses tell) {
    const auto first = std::make_shared<FirstWord<NameAnswer>>(
        FirstWord<NameAnswer>{channels.size(), std::move(tell)});
    for (const auto& channel : channels) {
      channel->ask_addresses(name, family,
                             [first](NameAnswer answer) { first->take(std::move(answer)); });
    }
  }

  boost::asio::io_context& loop;
  std::vector<std::unique_ptr<detail::DnsChannel>> channels;  // each asked for everything
};

Resolver::Resolver(boost::asio::io_context& loop, const NameServers& servers)
    : impl_(std::make_shared<Impl>(loop)) {
  impl_->open(servers);
}

Resolver::~Resolver() = default;

void Resolver::look_up(const std::string& name, OnRecords on_records) {
  auto& impl = *impl_;
  if (impl.channels.empty()) {
    return impl.post([on_records = std::move(on_records)] {
      on_records(fail(Errc::name_not_resolved, "no name server can be asked"));
    });
  }
  const auto tell = [weak = impl_->weak_from_this(), name,
                     on_records = std::move(on_records)](detail::SrvAnswer answer) {
    const auto self = weak.lock();
    if (!self) return;
    self->post([on_records, records = records_of(name, std::move(answer))]() mutable {
      on_records(std::move(records));
    });
  };
  const auto first = std::make_shared<Impl::FirstWord<detail::SrvAnswer>>(
      Impl::FirstWord<detail::SrvAnswer>{impl.channels.size(), tell});
  for (const auto& channel : impl.channels) {
    channel->ask_srv(name, [first](detail::SrvAnswer answer) { first->take(std::move(answer)); });
  }
}

void Resolver::find(const std::string& name, AddressFamilies families, TellAddresses tell) {
  auto& impl = *impl_;
  const auto later = [weak = impl_->weak_from_this(), tell = std::move(tell)](NameAnswer answer) {
    const auto self = weak.lock();
    if (!self) return;
    self->post([tell, answer = std::move(answer)]() mutable { tell(std::move(answer)); });
  };
  if (impl.channels.empty())
    return later({Outcome::silent, {}, {}, "no name server can be asked", {}});
  Addresses listed;
  for (const auto& address : impl.channels.front()->in_hosts_file(name)) {
    if (uses(families, address)) listed.push_back(address);
  }
  if (families == AddressFamilies::ipv6_then_ipv4) {
    std::stable_partition(listed.begin(), listed.end(),
                          [](const auto& address) { return address.is_v6(); });
  }
  if (!listed.empty()) return later({Outcome::found, std::move(listed), hosts_file_kept, {}, {}});
  const auto wanted = families_of(families);
  const auto both = std::make_shared<Impl::Both>(
      Impl::Both{std::vector<std::optional<NameAnswer>>(wanted.size()), later});
  for (std::size_t part = 0; part < wanted.size(); ++part) {
    impl.ask(name, wanted[part],
             [both, part](NameAnswer answer) { both->take(part, std::move(answer)); });
  }
}

Result<void> check_name_server(const std::string& text, const Targets& targets) {
  std::string address = text;
  std::optional<std::string> port;
  const auto closing = text.find(']');
  if (text.starts_with('[') && closing != std::string::npos) {
    address = text.substr(1, closing - 1);
    if (closing + 1 < text.size()) port = text.substr(closing + 1);
  } else if (const auto colon = text.find(':');
             colon != std::string::npos && colon == text.rfind(':')) {
    address = text.substr(0, colon);
    port = text.substr(colon);
  }
  boost::system::error_code no_address;
  boost::asio::ip::make_address(address, no_address);
  bool is_good = !no_address;
  if (port) {
    const auto number = parse_whole<std::uint16_t>(std::string_view(*port).substr(1));
    is_good = is_good && port->starts_with(':') && number && *number != 0;
  }
  if (!is_good) {
    return fail(Errc::bad_argument,
                fmt::format("name server \"{}\" is not an address, or one with :PORT", text));
  }
  if (targets.allows_address(address)) return {};
  return fail(Errc::target_refused, fmt::format("{} is not among the allowed targets", address));
}

}  // namespace provphone::client::transport
