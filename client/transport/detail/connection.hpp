#pragma once

namespace provphone::client::transport {

// What an exchange has with its server, where it is open still. A retrieval's next exchange may go
// on with it; nobody else ever sees it (R-HTTP-02). It closes with its last owner, on the thread of
// the loop.
class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
};

}  // namespace provphone::client::transport
