#include "client/transport/name_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <tuple>
#include <utility>

namespace provphone::client::transport {
namespace {

// Whom a phone asks, whatever families it wants.
using ListKey = std::tuple<std::vector<std::string>, resync::QueryMode, bool>;

// The servers that may be asked, or why there is none.
Result<std::vector<std::string>> allowed_servers(const std::vector<std::string>& servers,
                                                 const Targets& targets) {
  std::vector<std::string> allowed, refused;
  for (const auto& server : servers)
    (check_name_server(server, targets) ? allowed : refused).push_back(server);
  if (!allowed.empty() || refused.empty()) return allowed;
  return fail(Errc::target_refused, fmt::format("name server {} is not among the allowed targets",
                                                fmt::join(refused, ", ")));
}

}  // namespace

Result<void> add_host(Hosts& hosts, const std::string& name,
                      const std::vector<std::string>& addresses) {
  boost::system::error_code is_name;
  boost::asio::ip::make_address(name, is_name);
  const bool is_bad_name =
      !is_name || name.empty() || name.find_first_of(" /:[]@=,") != std::string::npos;
  if (is_bad_name || addresses.empty())
    return fail(Errc::bad_argument, fmt::format("\"{}\" is no name with addresses", name));
  Addresses parsed;
  for (const auto& text : addresses) {
    boost::system::error_code failed;
    parsed.push_back(boost::asio::ip::make_address(text, failed));
    if (failed) return fail(Errc::bad_argument, fmt::format("\"{}\" is no address", text));
  }
  hosts.insert_or_assign(canonical_name(name), std::move(parsed));
  return {};
}

struct NameService::Impl : std::enable_shared_from_this<NameService::Impl> {
  // What asks one list of servers. The resolver is made when somebody has to be asked.
  struct List {
    Result<std::vector<std::string>> servers;
    resync::QueryMode mode;
    std::unique_ptr<Resolver> resolver;
    std::unique_ptr<Names> names;
  };

  Impl(boost::asio::io_context& given, const Targets& allowed, NameSources from)
      : loop(given), targets(allowed), sources(std::move(from)) {}

  List& list_of(const resync::Naming& naming) {
    ListKey key{naming.servers, naming.mode, naming.keeps_answers};
    const auto known = lists.find(key);
    if (known != lists.end()) return *known->second;
    auto list = std::make_unique<List>();
    list->mode = naming.mode;
    if (lists.size() >= most_lists) {
      // All of those share one that asks nobody.
      if (!overflow) {
        list->servers =
            fail(Errc::name_not_resolved,
                 fmt::format("phones name more than {} lists of name servers", most_lists));
        overflow = std::move(list);
        add_names(*overflow, true);
      }
      return *overflow;
    }
    // The network's were judged by whoever gave them.
    list->servers = naming.servers.empty() ? Result<std::vector<std::string>>(sources.servers)
                                           : allowed_servers(naming.servers, targets);
    add_names(*list, naming.keeps_answers);
    return *lists.emplace(std::move(key), std::move(list)).first->second;
  }

  void add_names(List& list, bool keeps_answers) {
    NameOptions options;
    options.scope = NameScope::any_name;
    options.hosts = sources.hosts;
    options.keeps_answers = keeps_answers;
    options.ask = [this, &list](const std::string& name, AddressFamilies families,
                                TellAddresses tell) {
      if (list.servers && sources.ask) return sources.ask(name, families, std::move(tell));
      if (list.servers) return resolver_of(list).find(name, families, std::move(tell));
      NameAnswer answer;
      answer.refusal = list.servers.error();
      post([tell = std::move(tell), answer = std::move(answer)] { tell(answer); });
    };
    list.names = std::make_unique<Names>(loop, targets, std::move(options));
  }

  Resolver& resolver_of(List& list) {
    if (!list.resolver)
      list.resolver = std::make_unique<Resolver>(loop, NameServers{*list.servers, list.mode});
    return *list.resolver;
  }

  template <class Told>
  void post(Told told) {
    boost::asio::post(loop, [weak = weak_from_this(), told = std::move(told)] {
      if (weak.lock()) told();
    });
  }

  boost::asio::io_context& loop;
  const Targets& targets;
  NameSources sources;
  // Each stays where it is, for what is under way refers to it.
  std::map<ListKey, std::unique_ptr<List>> lists;
  std::unique_ptr<List> overflow;
};

NameService::NameService(boost::asio::io_context& loop, const Targets& targets, NameSources sources)
    : impl_(std::make_shared<Impl>(loop, targets, std::move(sources))) {}

NameService::~NameService() = default;

void NameService::find(const std::string& host, const resync::Naming& naming,
                       Names::OnAddresses on_addresses) {
  impl_->list_of(naming).names->find(host, naming.families, std::move(on_addresses));
}

void NameService::look_up(const std::string& name, const resync::Naming& naming,
                          Resolver::OnRecords on_records) {
  auto& list = impl_->list_of(naming);
  if (list.servers) return impl_->resolver_of(list).look_up(name, std::move(on_records));
  impl_->post([on_records = std::move(on_records), error = list.servers.error()] {
    on_records(tl::unexpected(error));
  });
}

}  // namespace provphone::client::transport
