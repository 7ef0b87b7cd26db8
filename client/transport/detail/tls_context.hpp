#pragma once

#include "client/transport/detail/transfer.hpp"

namespace provphone::client::transport::detail {

// Makes the transfer's connection speak TLS as its identity says: certificate, key and trust are
// handed to OpenSSL as objects, and the server's certificate is judged here rather than by curl
// (R-TLS-*).
void set_tls(Transfer& transfer);

}  // namespace provphone::client::transport::detail
