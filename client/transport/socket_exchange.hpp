#pragma once

#include "client/transport/exchange.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/resolver.hpp"
#include "client/transport/syslog.hpp"
#include "client/transport/targets.hpp"

#include <optional>
#include <string>

namespace provphone::client::transport {

// Where phones may turn to, and whom they ask for SRV records.
struct Network {
  transport::Targets targets;
  std::string dns;  // ADDRESS[:PORT] of a name server; empty: the system's
};

// The request that a fetch is on the wire.
transport::Request request_of(Exchange::Order order);

// The answer that came from the wire.
resync::Answered answered(transport::Response response);

// Real servers.
class SocketExchange final : public Exchange {
 public:
  // `loop` must outlive it.
  SocketExchange(boost::asio::io_context& loop, Network network);

  Id start(Order order, OnResolved on_resolved, OnDone on_done) override;
  void cancel(Id id) override { fetcher_.cancel(id); }
  void look_up(const std::string& name, OnRecords on_records) override;
  void send(const resync::Log& log, OnSent on_sent) override;

 private:
  boost::asio::io_context& loop_;
  Network network_;
  transport::Fetcher fetcher_;
  transport::Syslog syslog_;
  std::optional<transport::Resolver> resolver_;  // once somebody needs it
};

}  // namespace provphone::client::transport
