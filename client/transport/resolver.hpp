#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/plan.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

// SRV records, through c-ares on an event loop. Addresses of names are libcurl's business.
namespace provphone::client::transport {

class Resolver {
 public:
  // Called once, on the event loop, never from within look_up(). There is at least one record.
  using OnRecords = std::function<void(Result<std::vector<resync::SrvRecord>>)>;

  // Asks `server`, ADDRESS[:PORT], or the system's name servers where that is empty.
  Resolver(boost::asio::io_context& loop, const std::string& server);
  ~Resolver();  // drops what is under way without calling back
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  void look_up(const std::string& name, OnRecords on_records);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Whether `text` is a name server that may be asked: ADDRESS[:PORT], with an address among the
// targets. Fails with bad_argument or target_refused.
Result<void> check_name_server(const std::string& text, const Targets& targets);

}  // namespace provphone::client::transport
