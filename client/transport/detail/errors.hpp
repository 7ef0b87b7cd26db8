#pragma once

#include "client/transport/detail/transfer.hpp"
#include "macro/error.hpp"

#include <curl/curl.h>

namespace provphone::client::transport::detail {

// What an operator is told about an exchange that curl ended with `code`, which is not CURLE_OK.
// What the transfer noted goes before what curl says. Before the transfer is retired.
Error explain_failure(const Transfer& transfer, CURLcode code);

// The same of one that curl takes for a success, though the connection ended within the header.
Error explain_cut(const Transfer& transfer);

// ... whose server's name was looked up for too long, or its proxy's.
Error explain_nameless(const Transfer& transfer);

// What an operator is told about an exchange that was silent for too long.
Error explain_stall(const Transfer& transfer);

}  // namespace provphone::client::transport::detail
