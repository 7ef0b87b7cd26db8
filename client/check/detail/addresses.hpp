#pragma once

#include "client/check/observations.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "macro/rule.hpp"

#include <chrono>
#include <memory>
#include <string>

// Names of an audit turned into addresses, on a loop of its own, which runs only while somebody
// waits.
namespace provphone::client::check::detail {

// The addresses of an audit's names. Waits for what is not known yet, for `patience` at most; a
// name without an answer by then has no address.
class AddressBook {
 public:
  // `naming` is of the phone that asks; `targets` must outlive it.
  AddressBook(const transport::Targets& targets, std::chrono::milliseconds patience,
              resync::Naming naming, transport::NameSources sources);
  ~AddressBook();

  // The addresses behind a URL that traffic may go to, as a phone has them: at least one, in the
  // order in which they are to be tried. Fails as Names::find(), or with target_refused.
  Result<transport::Addresses> addresses_of(const macro::Url& url);

  // The addresses of a name, whatever the targets are: the question goes to name servers alone.
  NameLookUp look_up(const std::string& name);

 private:
  Result<transport::Addresses> wait_for(const std::string& name);

  const transport::Targets& targets_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<boost::asio::io_context> loop_;
  resync::Naming naming_;
  transport::NameService names_;
};

}  // namespace provphone::client::check::detail
