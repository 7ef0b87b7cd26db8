#pragma once

#include "client/check/audit.hpp"
#include "client/transport/fetcher.hpp"

#include <boost/asio/io_context.hpp>

namespace provphone::client::check::detail {

// One exchange at a time, with a pause between them, until the budget is used up.
class Prober {
 public:
  explicit Prober(const Audit& audit)
      : audit_(audit), fetcher_(loop_, audit.targets), left_(audit.requests) {}

  // Takes one request from the budget, and waits for its time. False: there is none left.
  bool may_ask();

  // A request and the redirects that a phone follows. Nothing where the budget is used up before
  // the first.
  std::optional<Answer> ask(transport::Request request);

  bool ran_out() const { return ran_out_; }
  std::size_t asked() const { return audit_.requests - left_; }
  const std::string& server_address() const { return server_address_; }

 private:
  Result<transport::Response> fetch(transport::Request request);

  const Audit& audit_;
  boost::asio::io_context loop_;
  transport::Fetcher fetcher_;
  std::size_t left_;
  bool ran_out_ = false;
  std::string server_address_;
};

}  // namespace provphone::client::check::detail
