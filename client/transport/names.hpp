#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/naming.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Host names turned into addresses while the event loop goes on (R-NAME-*).
namespace provphone::client::transport {

using Addresses = std::vector<boost::asio::ip::address>;
using resync::AddressFamilies;

// What becomes of the addresses that a name leads to.
enum class NameScope : std::uint8_t {
  targets,   // those that are targets, or all where the name is one (R-HTTP-15)
  any_name,  // all; they are for the caller to judge
};

// What name servers said of a name.
struct NameAnswer {
  enum class Outcome : std::uint8_t {
    found,   // at least one address
    none,    // the name has none, and somebody who knows said so
    silent,  // nobody has answered, or not to the point
  };

  Outcome outcome = Outcome::none;
  Addresses addresses;                  // in the order of the answer
  std::chrono::seconds time_to_live{};  // of what was found
  std::string why;                      // of the other two; empty: nothing to add
  std::optional<Error> refusal;         // nobody may be asked; the outcome says nothing then
};

// Starts to look `name` up and returns at once. Calls `tell` once, on the event loop and never from
// within.
using TellAddresses = std::function<void(NameAnswer)>;
using AskForName =
    std::function<void(const std::string& name, AddressFamilies families, TellAddresses tell)>;

// How names are compared: in lower case and without the dot that may end them.
std::string canonical_name(const std::string& host);

// The address that a host is, IPv4 in any of the ways that inet_aton() reads (`0x7f000001`);
// nothing for a name.
std::optional<boost::asio::ip::address> address_in(const std::string& host);

// Names that are never asked for (R-NAME-02), by canonical name.
using Hosts = std::map<std::string, Addresses>;

// The family of an address among those that a phone uses.
bool uses(AddressFamilies families, const boost::asio::ip::address& address);

// Those of the addresses that may be sent to (R-HTTP-15), at least one; or target_refused.
Result<Addresses> allowed_of(const std::string& host, const Addresses& addresses,
                             const Targets& targets);

struct NameOptions {
  NameScope scope = NameScope::targets;
  AddressFamilies families = AddressFamilies::ipv4;  // where find() is not told
  AskForName ask{};                      // empty: a Resolver with the system's name servers
  std::shared_ptr<const Hosts> hosts{};  // null: none
  bool keeps_answers = true;             // else a name is asked for each time (R-NAME-07)
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// Asks for a name once, however many wait for it and however it is capitalised, and keeps the
// answer for its time to live. Address literals, `localhost` and `hosts` are never looked up. A
// look-up under way keeps the loop from running out of work. Used from the thread of the loop
// alone.
class Names {
 public:
  // R-NAME-08: so long the lack of an address is kept, and an old one that is used because nobody
  // answers.
  static constexpr std::chrono::seconds failure_kept{10};
  // Of known names the one whose answer came longest ago makes room for another.
  static constexpr std::size_t most_names = 1'000;
  static constexpr std::size_t most_waiting = 10'000;

  // Called once. From within find() where nothing has to be looked up: a literal, localhost, a name
  // whose answer is kept, an error; else on the event loop, for one name in the order in which it
  // was asked for. At least one address, in the order in which they are to be tried; or
  // name_not_resolved, target_refused, or host_unreachable for a literal of a family that is not
  // used.
  using OnAddresses = std::function<void(const Result<Addresses>&)>;

  // Both must outlive it.
  Names(boost::asio::io_context& loop, const Targets& targets, NameOptions options = {});
  ~Names();  // who still waits is dropped without being called; a call-back may do this
  Names(Names&&) noexcept;
  Names& operator=(Names&&) = delete;

  // Fails with name_not_resolved too where most_waiting wait already, or most_names are being
  // looked up.
  void find(const std::string& host, AddressFamilies families, OnAddresses on_addresses);
  void find(const std::string& host, OnAddresses on_addresses);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
