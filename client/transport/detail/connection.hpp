#pragma once

#include <curl/curl.h>

#include <string>
#include <vector>

namespace provphone::client::transport {
namespace detail {
struct Transfer;
}

// What an exchange has with its server: the connection, where one is open, and the addresses that
// curl was given for the name. A retrieval's next exchange may go on with it; nobody else ever sees
// it (R-HTTP-02). It closes with its last owner, on the thread of the loop.
class Connection {
 public:
  Connection();
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  CURLSH* share() const { return share_; }

  // The exchange that goes over it now, for what OpenSSL calls back; null between two.
  detail::Transfer* transfer = nullptr;
  // `host:port` each, that curl has an address for. They stay until a list takes them out.
  std::vector<std::string> known_names;

 private:
  CURLSH* share_;
};

}  // namespace provphone::client::transport
