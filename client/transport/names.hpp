#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Host names turned into addresses while the event loop goes on.
namespace provphone::client::transport {

using Addresses = std::vector<boost::asio::ip::address>;

// A look-up is traffic itself, so it needs leave.
enum class NameScope : std::uint8_t {
  targets,   // what Targets allow, and nothing else is looked up
  any_name,  // whatever is asked for; the addresses are for the caller to judge
};

enum class AddressFamily : std::uint8_t { any, ipv4 };

// Starts to look `name` up and returns at once. Calls `tell` once, on the event loop and never from
// within, with all addresses, the best first; with none where the name has none.
using TellAddresses = std::function<void(Addresses)>;
using AskForName = std::function<void(const std::string& name, TellAddresses tell)>;

struct NameOptions {
  NameScope scope = NameScope::targets;
  AddressFamily family = AddressFamily::any;  // of what the system's resolver is asked for
  AskForName ask{};                           // empty: the system's resolver, on threads of its own
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// Asks for a name once, however many wait for it and however it is capitalised, and keeps the
// answer. Address literals and `localhost`, which is 127.0.0.1, are never looked up. A look-up
// under way keeps the loop from running out of work. Used from the thread of the loop alone.
class Names {
 public:
  // An address is kept for the life of the object, the lack of one so long: a server may come up
  // later.
  static constexpr std::chrono::seconds failure_kept{10};
  // Of known names the one whose answer came longest ago makes room for another.
  static constexpr std::size_t most_names = 1'000;
  static constexpr std::size_t most_waiting = 10'000;

  // Called once. From within find() where nothing has to be looked up: a literal, localhost, a name
  // whose answer is kept, an error; else on the event loop, for one name in the order in which it
  // was asked for. At least one address, or name_not_resolved, or target_refused.
  using OnAddresses = std::function<void(const Result<Addresses>&)>;

  // Both must outlive it.
  Names(boost::asio::io_context& loop, const Targets& targets, NameOptions options = {});
  ~Names();  // who still waits is dropped without being called; a call-back may do this
  Names(Names&&) noexcept;
  Names& operator=(Names&&) = delete;

  // Fails with name_not_resolved too where most_waiting wait already, or most_names are being
  // looked up.
  void find(const std::string& host, OnAddresses on_addresses);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
