#pragma once

#include "client/serve/fault.hpp"
#include "client/serve/files.hpp"
#include "client/serve/server.hpp"

#include <memory>
#include <unordered_set>
#include <utility>

namespace provphone::client::serve {

class Connection;

// What all protocols share. Connections keep it alive; it knows them so that the server can close
// them.
struct State {
  Directory directory;
  FaultTable faults;
  Server::OnServed on_served;
  std::unordered_set<Connection*> open_connections;
  bool stopped = false;

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
