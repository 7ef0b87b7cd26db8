#pragma once

#include "client/identity/tls_identity.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/pac.hpp"
#include "resync/retrieval.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace provphone::client::transport {

// What turns a phone's fetch into an answer: sockets, a model, or a record. It decides nothing
// about phones. One driver has it for itself, and is called back on the driver's thread only.
class Exchange {
 public:
  using Id = std::uint64_t;
  // Of the server, where a name has become an address. At most once, before the end.
  using OnResolved = std::function<void(const std::string& address)>;
  // What there is to know of an exchange that has ended, besides its answer.
  struct Ended {
    transport::Stamps stamps;  // those that were reached
    // For the fetch that follows the answer (resync::Fetch::keeps_connection), and null where it
    // has no use. Who lets go of it closes it.
    std::shared_ptr<transport::Connection> connection;
  };
  // `lane` of the answer is for the driver to fill in.
  using OnDone = std::function<void(Result<resync::Answered> answer, const Ended& ended)>;
  using OnRecords = std::function<void(Result<std::vector<resync::SrvRecord>>)>;
  using OnSent = std::function<void(const Result<void>&)>;

  // A fetch, and what the network sees of who makes it.
  struct Order {
    std::uint32_t phone = 0;  // its number in the run
    resync::Fetch fetch;
    std::shared_ptr<const identity::TlsIdentity> tls;  // there for https
    std::string source_address;
    std::shared_ptr<transport::Connection> connection;  // of the answer that it follows; or null
  };

  virtual ~Exchange() = default;

  // Never calls back from within; `on_done` comes once, unless the exchange is cancelled.
  // `on_resolved` may be empty.
  virtual Id start(Order order, OnResolved on_resolved, OnDone on_done) = 0;
  // No call-back follows; unknown ids are ignored.
  virtual void cancel(Id id) = 0;

  // There is at least one record, or an error. Never calls back from within.
  virtual void look_up(const resync::LookUp& wanted, OnRecords on_records) = 0;

  // What the PAC file says, or why it cannot be used. Calls back once, never from within; no longer
  // once the exchange is gone.
  virtual void ask_pac(const resync::AskPac& wanted, OnPacSaid on_said) = 0;

  // A syslog message. Calls back once, from within or later: it was sent, which says nothing of its
  // arrival, or could not be.
  virtual void send(const resync::Log& log, OnSent on_sent) = 0;
};

// The host where that is an address and no name; empty where it has to be looked up.
std::string address_literal(const std::string& host);

}  // namespace provphone::client::transport
