#pragma once

#include "client/transport/detail/transfer.hpp"
#include "client/transport/names.hpp"
#include "macro/error.hpp"

namespace provphone::client::transport::detail {

// Turns the transfer's request into the options of its curl handle, which must be fresh or reset.
// curl keeps pointers into the transfer, which has to stay where it is, unchanged, until its end.
// Fails before anything is sent: with request_url's codes, target_refused for an address that is no
// target, bad_argument.
Result<void> set_options(Transfer& transfer);

// Gives the transfer the addresses of its server's name, in the order in which they are to be
// tried, and what is left of its time. After set_options(), at most once.
void set_addresses(Transfer& transfer, const Addresses& addresses);

// How far the exchange came until now. Before the transfer is retired.
Stamps stamps_of(const Transfer& transfer);

// The end of an exchange that curl calls good: what the server answered, moved out of the transfer.
// The status of TFTP is 200. The stamps are not filled in.
Response take_response(Transfer& transfer);

}  // namespace provphone::client::transport::detail
