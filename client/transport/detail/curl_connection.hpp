#pragma once

#include "client/transport/detail/connection.hpp"

#include <curl/curl.h>

#include <string>
#include <vector>

namespace provphone::client::transport::detail {

struct Transfer;

// One that libcurl made, and the addresses that it was given for the name.
class CurlConnection final : public Connection {
 public:
  CurlConnection();
  ~CurlConnection() override;

  CURLSH* share() const { return share_; }

  // The exchange that goes over it now, for what OpenSSL calls back; null between two.
  Transfer* transfer = nullptr;
  // `host:port` each, that curl has an address for. They stay until a list takes them out.
  std::vector<std::string> known_names;

 private:
  CURLSH* share_;
};

}  // namespace provphone::client::transport::detail
