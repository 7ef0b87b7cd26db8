#include "client/transport/detail/connection.hpp"

namespace provphone::client::transport {

Connection::Connection() : share_(curl_share_init()) {
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
}

Connection::~Connection() {
  curl_share_cleanup(share_);
}

}  // namespace provphone::client::transport
