#pragma once

#include "client/identity/roots.hpp"
#include "client/transport/exchange.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/syslog.hpp"
#include "client/transport/targets.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace provphone::client::transport {

// Where phones may turn to, and where they learn addresses.
struct Network {
  transport::Targets targets;
  transport::NameSources names;
  transport::HttpCarrier http = transport::HttpCarrier::own;
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
  void ask_pac(const resync::AskPac& wanted, OnPacSaid on_said) override;
  void send(const resync::Log& log, OnSent on_sent) override;

 private:
  // The loop does not run out of work while somebody waits for its answer.
  struct PacQuestion {
    OnPacSaid on_said;
    std::shared_ptr<void> work;
  };
  void pac_said(std::uint64_t id, const Result<std::string>& said);

  boost::asio::io_context& loop_;
  // Before all that refer to its targets.
  Network network_;
  transport::NameService names_;
  identity::TrustWithRoots trust_;
  transport::Fetcher fetcher_;
  transport::Syslog syslog_;
  std::map<std::uint64_t, PacQuestion> pac_questions_;
  std::uint64_t pac_ids_ = 0;
  // Of whoever waits for a PAC file's answer on another thread.
  struct Mailbox;
  std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace provphone::client::transport
