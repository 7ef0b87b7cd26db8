#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/socket_exchange.hpp"
#include "macro/error.hpp"
#include "resync/servers_asked.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace provphone::client::transport {

// A server that has not answered yet, and what came of the last attempt.
struct Unanswered {
  resync::AskedServer server;
  Error why;
};

// Asks servers again and again until each has answered once. HTTP and HTTPS answer by taking a TCP
// connection, which is closed without a word; TFTP by any packet that comes back for a read request
// of the file, and a transfer that begins is ended with an error packet. Goes to allowed targets
// only; what is none is not asked again. On the loop's thread.
class ServersUp {
 public:
  // So long each attempt has at most, and so long it is until the next one.
  static constexpr std::chrono::milliseconds patience{2'000}, pause{200};

  // `loop` must outlive it. `on_all` is called once, from the loop, when all have answered or one
  // never will since it is no target.
  ServersUp(boost::asio::io_context& loop, Network network,
            std::vector<resync::AskedServer> servers, std::function<void()> on_all);
  ~ServersUp();  // what is under way is dropped
  ServersUp(const ServersUp&) = delete;
  ServersUp& operator=(const ServersUp&) = delete;

  // Those that have not answered so far, in the order of `servers`.
  std::vector<Unanswered> unanswered() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
