#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/naming.hpp"
#include "resync/plan.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

// Addresses and SRV records (RFC 2782) of names, through c-ares on an event loop. Nothing blocks
// and nothing is kept: see names.hpp. Used from the loop's thread alone.
namespace provphone::client::transport {

// Who is asked, and how.
struct NameServers {
  std::vector<std::string> servers;  // ADDRESS[:PORT] each; empty: the system's
  resync::QueryMode mode = resync::QueryMode::in_order;
};

class Resolver {
 public:
  // Called once, on the event loop, never from within look_up(). There is at least one record.
  using OnRecords = std::function<void(Result<std::vector<resync::SrvRecord>>)>;

  // Who may be asked is not looked at here: see check_name_server. `loop` must outlive it.
  Resolver(boost::asio::io_context& loop, const NameServers& servers);
  ~Resolver();  // drops what is under way without calling back
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // `name` is the whole name, `_ciscoprov-http._tcp.example.net`. A name without records, a server
  // that does not answer and one that cannot be asked are name_not_resolved.
  void look_up(const std::string& name, OnRecords on_records);

  // The addresses of a name: what the system's hosts file says of it, else what the name servers do
  // (R-NAME-01). Of two families those of the first come first; one of them is enough.
  void find(const std::string& name, AddressFamilies families, TellAddresses tell);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Whether `text` is a name server that may be asked: ADDRESS[:PORT], an IPv6 address with a port in
// brackets, with an address among the targets. Fails with bad_argument or target_refused.
Result<void> check_name_server(const std::string& text, const Targets& targets);

}  // namespace provphone::client::transport
