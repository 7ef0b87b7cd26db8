#pragma once

#include "client/identity/roots.hpp"
#include "client/transport/exchange.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/syslog.hpp"
#include "client/transport/targets.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport {

// Where phones may turn to, and where they learn addresses.
struct Network {
  transport::Targets targets;
  transport::NameSources names;
};

// The request that a fetch is on the wire. Dates of certificates count only where the phone knows
// the time (R-TLS-03).
transport::Request request_of(Exchange::Order order);

// The answer that came from the wire. Of the headers a phone looks at Location, Content-Encoding
// and the challenges.
resync::Answered answered(transport::Response response);

// Real servers. On the loop's thread alone; when it goes, whatever is under way is dropped without
// a call-back.
class SocketExchange final : public Exchange {
 public:
  // `loop` must outlive it.
  SocketExchange(boost::asio::io_context& loop, Network network);
  ~SocketExchange() override;
  SocketExchange(const SocketExchange&) = delete;
  SocketExchange& operator=(const SocketExchange&) = delete;

  Id start(Order order, OnResolved on_resolved, OnDone on_done) override;
  void cancel(Id id) override;
  void look_up(const resync::LookUp& wanted, OnRecords on_records) override;
  void send(const resync::Log& log, OnSent on_sent) override;

 private:
  // An order that goes as a PAC file says (R-HTTP-29): one proxy after the other, until one is
  // reached. What a name's addresses are to a server, these are to an order.
  struct Routed {
    Order order;
    std::vector<std::optional<resync::Proxy>> routes{};
    std::size_t next = 0;
    OnResolved on_resolved;  // null: it was called
    OnDone on_done;
    Id under_way = 0;
    std::shared_ptr<void> work;  // the loop does not run out of it meanwhile
    std::string why_direct{};    // the PAC file cannot be used; empty: it can
  };

  Id fetch(Order order, OnResolved on_resolved, OnDone on_done);
  Id start_routed(Order order, OnResolved on_resolved, OnDone on_done);
  void route(Id id, const Result<std::string>& said);
  void try_next(Id id);
  void route_ended(Id id, Result<resync::Answered> answer, const transport::Stamps& stamps);

  boost::asio::io_context& loop_;
  // Before all that refer to its targets.
  Network network_;
  transport::NameService names_;
  identity::TrustWithRoots trust_;
  transport::Fetcher fetcher_;
  transport::Syslog syslog_;
  std::map<Id, Routed> routed_;
  Id routed_ids_ = 0;
  // Of whoever waits for a PAC file's answer on another thread.
  struct Mailbox;
  std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace provphone::client::transport
