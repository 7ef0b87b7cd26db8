#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "client/transport/resolver.hpp"
#include "client/transport/targets.hpp"
#include "resync/naming.hpp"

#include <memory>
#include <string>
#include <vector>

// Whom phones ask for names, and what they know already: one for all that one loop does.
namespace provphone::client::transport {

// Adds the addresses of a name, in place of those that it had; names are compared without case and
// without the dot that may end them. Fails with bad_argument: what is no name or no address, or
// none.
Result<void> add_host(Hosts& hosts, const std::string& name,
                      const std::vector<std::string>& addresses);

// What the network that phones are in says.
struct NameSources {
  // ADDRESS[:PORT] each, asked in this order by phones that name none; empty: the system's.
  std::vector<std::string> servers;
  std::shared_ptr<const Hosts> hosts;  // null: none
  // Who is asked for addresses in the place of all name servers; empty: nobody is.
  AskForName ask;
};

// Phones that ask alike share what is known (R-NAME-06): there is one Names for each list of name
// servers. Used from the thread of the loop alone.
class NameService {
 public:
  // So many lists; a phone that has one more finds no name.
  static constexpr std::size_t most_lists = 256;

  // `loop` and `targets` must outlive it.
  NameService(boost::asio::io_context& loop, const Targets& targets, NameSources sources = {});
  ~NameService();  // drops what is under way without calling back
  NameService(const NameService&) = delete;
  NameService& operator=(const NameService&) = delete;

  // All addresses of the name in the order in which they are to be tried, whether or not they are
  // targets: see allowed_of(). As Names::find() else. Fails with target_refused too, where
  // somebody has to be asked and no name server of the phone's is a target (R-NAME-05).
  //
  // Whether a name leads to an address, as a phone sees it, is to be read from the same.
  void find(const std::string& host, const resync::Naming& naming, Names::OnAddresses on_addresses);

  // SRV records of a whole name, asked for anew each time; as Resolver::look_up(), and
  // target_refused as above.
  void look_up(const std::string& name, const resync::Naming& naming,
               Resolver::OnRecords on_records);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
