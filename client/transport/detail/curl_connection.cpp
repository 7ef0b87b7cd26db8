#include "client/transport/detail/curl_connection.hpp"

namespace provphone::client::transport::detail {

CurlConnection::CurlConnection() : share_(curl_share_init()) {
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
}

CurlConnection::~CurlConnection() {
  curl_share_cleanup(share_);
}

}  // namespace provphone::client::transport::detail
