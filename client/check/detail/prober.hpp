#pragma once

#include "client/check/audit.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/name_service.hpp"
#include "resync/retrieval.hpp"

#include <chrono>
#include <string_view>

// The requests of an audit: a phone's retrievals (resync/retrieval.hpp), with a plan that was made
// here.
namespace provphone::client::check::detail {

// Whether a question waits for its time.
enum class Pause : std::uint8_t { kept, skipped };

// Who asks, as a server sees it.
struct Guise {
  const resync::Device& phone;           // outlives the question
  MacAddress mac;                        // in place of the phone's
  std::optional<resync::Login> account;  // for a rule that gives no login
  std::shared_ptr<const identity::TlsIdentity> tls;
  // Any version and any suite, where those that the phone has do not get an answer.
  bool speaks_any_tls = false;
  std::string forwarded_for = {};   // the header; empty: none
  std::string source_address = {};  // in place of the audit's; empty: that one
};

// A phone that asks for one thing after the other, with a pause between exchanges, until the budget
// is used up. What it makes of an answer is the phone's own decision (resync/retrieval.hpp).
class Prober {
 public:
  explicit Prober(const Audit& audit);
  ~Prober();

  // Takes one request from the budget, and waits for its time, asleep. False: there is none left.
  // For what does not go through ask(), which asks for itself.
  bool may_ask(Pause pause = Pause::kept);

  // A request and what a phone lets follow from it: redirects (R-HTTP-23), and a login where it is
  // asked for. Nothing where the budget is used up before the first; where that comes later, an
  // answer with redirect_limit. Blocks.
  std::optional<Answer> ask(const resync::Request& request, const Guise& guise,
                            Pause pause = Pause::kept);

  bool ran_out() const { return !ended_by_.empty(); }
  std::string_view ended_by() const { return ended_by_; }
  std::size_t asked() const { return audit_.requests - left_; }
  // Of the first exchange that found one; empty until then.
  const std::string& server_address() const { return server_address_; }

 private:
  std::string_view why_no_more() const;
  Result<transport::Response> fetch(resync::Fetch fetch, const Guise& guise);

  const Audit& audit_;
  std::unique_ptr<boost::asio::io_context> loop_;
  transport::NameService names_;
  transport::Fetcher fetcher_;
  std::size_t left_;
  std::chrono::steady_clock::time_point deadline_;
  std::size_t octets_ = 0;     // that have come
  std::string_view ended_by_;  // see Observations
  std::string server_address_;
  std::optional<resync::PacFile> pac_;  // R-HTTP-29: it is kept from one request to the next
  std::shared_ptr<transport::Connection> connection_;  // of the last answer
};

}  // namespace provphone::client::check::detail
