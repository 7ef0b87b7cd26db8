#pragma once

#include "client/check/observations.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "macro/rule.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

// Names of an audit turned into addresses, on a loop of its own, which runs only while somebody
// waits.
namespace provphone::client::check::detail {

// The addresses of an audit's names. Waits for what is not known yet, for `patience` at most; a
// name without an answer by then has no address.
class AddressBook {
 public:
  // How names are looked up on the loop that it is given; empty: by the system's resolver.
  using AskOn = std::function<transport::AskForName(boost::asio::io_context&)>;

  // `targets` must outlive it.
  AddressBook(const transport::Targets& targets, std::chrono::milliseconds patience,
              const AskOn& ask_on = {});
  ~AddressBook();

  // The addresses behind a URL that traffic may go to, as a phone has them. Fails with
  // name_not_resolved or target_refused.
  // At least one address, the best first.
  Result<transport::Addresses> addresses_of(const macro::Url& url);

  // The IPv4 addresses of a name, as the system has them, whatever the targets are: the question
  // goes to the resolver alone.
  NameLookUp look_up(const std::string& name);

 private:
  transport::Addresses wait_for(const std::string& name);

  const transport::Targets& targets_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<boost::asio::io_context> loop_;
  transport::Names names_;
};

}  // namespace provphone::client::check::detail
