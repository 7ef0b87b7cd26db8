#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/plan.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

// SRV records (RFC 2782), through c-ares on an event loop. Addresses of names are libcurl's
// business. Used from the loop's thread alone.
namespace provphone::client::transport {

class Resolver {
 public:
  // Called once, on the event loop, never from within look_up(). There is at least one record.
  using OnRecords = std::function<void(Result<std::vector<resync::SrvRecord>>)>;

  // Asks `server`, ADDRESS[:PORT], or the system's name servers where that is empty. Who may be
  // asked is not looked at here: see check_name_server. `loop` must outlive it.
  Resolver(boost::asio::io_context& loop, const std::string& server);
  ~Resolver();  // drops what is under way without calling back
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // `name` is the whole name, `_ciscoprov-http._tcp.example.net`. A name without records, a server
  // that does not answer and one that cannot be asked are name_not_resolved.
  void look_up(const std::string& name, OnRecords on_records);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Whether `text` is a name server that may be asked: ADDRESS[:PORT], with an address among the
// targets. Fails with bad_argument or target_refused.
Result<void> check_name_server(const std::string& text, const Targets& targets);

}  // namespace provphone::client::transport
