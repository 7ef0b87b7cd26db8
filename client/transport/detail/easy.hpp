#pragma once

#include "client/transport/detail/transfer.hpp"
#include "macro/error.hpp"

namespace provphone::client::transport::detail {

// Turns the transfer's request into the options of its curl handle, which must be fresh or reset.
// curl keeps pointers into the transfer, which has to stay where it is, unchanged, until its end.
// Fails before anything is sent: with request_url's codes, target_refused for an address that is no
// target, bad_argument.
Result<void> set_options(Transfer& transfer);

// Has curl connect to the next of the transfer's addresses, of which there must be one, in what is
// left of its time. After set_options(), and while curl does not have the transfer. It is given one
// at a time: of several, libcurl 7.88 does not tell an event loop of the second one's socket.
void set_next_address(Transfer& transfer);

// Whether an exchange that ended with `code` found nobody at an address, and has another one
// (R-NAME-10). Before the transfer is retired.
bool may_try_next_address(const Transfer& transfer, CURLcode code);

// How far the exchange came until now. Before the transfer is retired.
Stamps stamps_of(const Transfer& transfer);

// What the proxy answered to CONNECT last; 0: there was no such answer.
long connect_status(const Transfer& transfer);

// Whether the proxy wants a login before it connects to the server. curl calls that a failure, and
// phones an answer.
bool is_challenge_to_connect(const Transfer& transfer);

// Whether the connection ended within the answer's header (R-HTTP-13). curl calls that a success
// with an empty body.
bool is_cut_short(const Transfer& transfer);

// The end of an exchange that curl calls good: what the server answered, moved out of the transfer.
// The status of a challenge to CONNECT is 407. The stamps are not filled in.
Response take_response(Transfer& transfer);

}  // namespace provphone::client::transport::detail
