#include "client/check/detail/addresses.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>

namespace provphone::client::check::detail {

using transport::Addresses;

// Any name may be asked for: a URL's because its addresses may be targets (R-HTTP-15), a
// certificate's because nothing is sent there.
AddressBook::AddressBook(const transport::Targets& targets, std::chrono::milliseconds patience,
                         const AskOn& ask_on)
    : targets_(targets),
      patience_(patience),
      loop_(std::make_unique<boost::asio::io_context>()),
      names_(*loop_, targets,
             {.scope = transport::NameScope::any_name,
              .family = transport::AddressFamily::ipv4,
              .ask = ask_on ? ask_on(*loop_) : transport::AskForName{}}) {}

AddressBook::~AddressBook() = default;

// An answer that comes too late finds nobody who waits, so what it is put into is its own.
Addresses AddressBook::wait_for(const std::string& name) {
  const auto answer = std::make_shared<std::optional<Addresses>>();
  names_.find(name,
              [answer](const Result<Addresses>& found) { *answer = found.value_or(Addresses{}); });
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  loop_->restart();
  while (!*answer && loop_->run_one_until(deadline) > 0) {
  }
  return answer->value_or(Addresses{});
}

// R-HTTP-03: names have A records; IPv6 only where the URL has such an address.
Result<Addresses> AddressBook::addresses_of(const macro::Url& url) {
  const auto found = wait_for(url.host);
  if (found.empty()) return fail(Errc::name_not_resolved, "no address for " + url.host);
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
  for (const auto& address : wait_for(name)) result.addresses.push_back(address.to_string());
  return result;
}

}  // namespace provphone::client::check::detail
