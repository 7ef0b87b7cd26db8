#pragma once

#include <memory>
#include <unordered_set>
#include <utility>

namespace provphone::client::serve {

class Connection;

// The clients being served at this moment. Whoever has served them must send them away before it
// goes itself, because they live as long as the loop has something for them.
class Connections {
 public:
  void close();

 private:
  friend class Connection;
  std::unordered_set<Connection*> open_;
};

// A client being served. It lives as long as an operation of its own is pending on the loop.
class Connection {
 public:
  explicit Connection(std::shared_ptr<Connections> among) : among_(std::move(among)) {
    among_->open_.insert(this);
  }
  virtual ~Connection() { among_->open_.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void close() = 0;  // ends every pending operation; the loop's next turn ends the rest

 private:
  std::shared_ptr<Connections> among_;
};

inline void Connections::close() {
  for (Connection* connection : open_) connection->close();
}

}  // namespace provphone::client::serve
