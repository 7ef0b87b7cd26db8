#pragma once

#include <memory>
#include <unordered_set>
#include <utility>

namespace provphone::client::serve {

class Connection;

// The clients being served at this moment. Whoever has served them must send them away before it
// goes itself, because they live as long as the loop has something for them. On the loop's thread
// alone.
class Connections {
 public:
  // Of all. None of them goes within the call.
  void close();

 private:
  friend class Connection;
  std::unordered_set<Connection*> open_;
};

// A client being served, owned by whatever operation of its own is pending on the loop.
class Connection {
 public:
  explicit Connection(std::shared_ptr<Connections> among) : among_(std::move(among)) {
    among_->open_.insert(this);
  }
  virtual ~Connection() { among_->open_.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Ends every pending operation; the loop's next turn ends the rest. Must not destroy the
  // connection, and may come again.
  virtual void close() = 0;

 private:
  std::shared_ptr<Connections> among_;
};

inline void Connections::close() {
  for (Connection* connection : open_) connection->close();
}

}  // namespace provphone::client::serve
