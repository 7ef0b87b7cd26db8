#pragma once

#include "client/transport/detail/http_engine.hpp"

// The times of an exchange over HTTP: when which of its limits is over (R-HTTP-11), and what it
// took.
namespace provphone::client::transport::detail {

// 0 is no limit.
HttpExchange::Clock::time_point end_of_limit(HttpExchange::Clock::time_point from,
                                             std::chrono::milliseconds limit);

// How long the address that is tried from now on has to accept a connection: each but the last half
// of what is left (R-NAME-10).
HttpExchange::Clock::time_point connect_due_of(const HttpExchange& exchange,
                                               HttpExchange::Clock::time_point now);

// When the exchange has waited too long for what it waits for. Of one that has begun.
HttpExchange::Clock::time_point due_of(const HttpExchange& exchange);

// How far it came until now. Before it is retired.
Stamps stamps_of(const HttpExchange& exchange);

}  // namespace provphone::client::transport::detail
