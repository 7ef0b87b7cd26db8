#pragma once

#include "client/serve/challenge.hpp"
#include "client/serve/fault.hpp"
#include "client/serve/files.hpp"
#include "client/serve/server.hpp"
#include "client/serve/uploads.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <utility>

namespace provphone::client::serve {

class Connection;

// What all protocols share. Connections keep it alive; it knows them so that the server can close
// them.
struct State {
  Directory directory;
  Uploads uploads;
  FaultTable faults;
  Server::OnServed on_served;
  Gate gate{};
  std::uint16_t http_port = 0;  // where a redirect to plain HTTP leads
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::unordered_set<Connection*> open_connections{};
  bool stopped = false;

  std::chrono::milliseconds age() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 started);
  }

  void report(const Served& served) const {
    if (!stopped && on_served) on_served(served);
  }
};

// A client being served. It lives as long as an operation of its own is pending on the loop.
class Connection {
 public:
  explicit Connection(std::shared_ptr<State> state) : state_(std::move(state)) {
    state_->open_connections.insert(this);
  }
  virtual ~Connection() { state_->open_connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void close() = 0;  // ends every pending operation

 protected:
  State& state() { return *state_; }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace provphone::client::serve
