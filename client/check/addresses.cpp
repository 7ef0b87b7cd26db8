#include "client/check/detail/addresses.hpp"

#include "macro/try.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

namespace provphone::client::check::detail {

using transport::Addresses;

AddressBook::AddressBook(const transport::Targets& targets, std::chrono::milliseconds patience,
                         resync::Naming naming, transport::NameSources sources)
    : targets_(targets),
      patience_(patience),
      loop_(std::make_unique<boost::asio::io_context>()),
      naming_(std::move(naming)),
      names_(*loop_, targets, std::move(sources)) {}

AddressBook::~AddressBook() = default;

// An answer that comes too late finds nobody who waits, so what it is put into is its own.
Result<Addresses> AddressBook::wait_for(const std::string& name) {
  const auto answer = std::make_shared<std::optional<Result<Addresses>>>();
  names_.find(name, naming_, [answer](const Result<Addresses>& found) { *answer = found; });
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  loop_->restart();
  while (!*answer && loop_->run_one_until(deadline) > 0) {
  }
  if (*answer) return **answer;
  return fail(Errc::name_not_resolved, "no answer about \"" + name + "\" in time");
}

Result<Addresses> AddressBook::addresses_of(const macro::Url& url) {
  TRY(const auto found, wait_for(url.host));
  Addresses allowed;
  for (const auto& address : found) {
    // R-HTTP-15: either the address is a target, or the name that led there is.
    if (targets_.allows_address(address.to_string()) || targets_.allows_name(url.host))
      allowed.push_back(address);
  }
  if (allowed.empty())
    return fail(Errc::target_refused, url.host + " is no allowed target; name it with --target");
  return allowed;
}

NameLookUp AddressBook::look_up(const std::string& name) {
  NameLookUp result{name, {}};
  const auto found = wait_for(name);
  if (!found) return result;
  for (const auto& address : *found) result.addresses.push_back(address.to_string());
  return result;
}

}  // namespace provphone::client::check::detail
