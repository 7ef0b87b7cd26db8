#pragma once

#include "client/transport/dhcp_life.hpp"
#include "client/transport/dhcp_port.hpp"
#include "client/transport/loop.hpp"
#include "resync/identity.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// The DHCP leases of a few phones at one network interface, got and kept in real time (R-DHCP-15).
// No phone's address is this machine's, so that leases are renewed by broadcast (R-DHCP-16).
namespace provphone::client::run {

struct LeasePlace {
  std::string interface;
  resync::DhcpVersion version = resync::DhcpVersion::v4;
};

// As the phone names itself to the server (R-DHCP-13).
transport::dhcp::Asker asker_of(const resync::Identity& identity);

// What a phone takes up of what it was granted.
resync::Lease lease_of(const transport::dhcp::Terms& terms);

class Leases {
 public:
  // Called on the loop's thread; none may destroy the leases.
  struct Events {
    std::function<void(std::size_t holder, const transport::dhcp::Terms&)> granted;
    // A server said no, or nobody said anything for as long as a life waits.
    std::function<void(std::size_t holder, const Error&)> failed;
    // Once, when the last holder has been granted something or has failed; may be empty.
    std::function<void()> all_settled;
  };
  struct Holder {
    transport::dhcp::Asker asker;
    transport::dhcp::LeaseLife life;
  };

  // Opens the port, as DhcpPort::open does; nothing is asked yet. `loop` must outlive it.
  static Result<std::unique_ptr<Leases>> open(boost::asio::io_context& loop,
                                              const LeasePlace& place, std::vector<Holder> holders,
                                              Events events);
  ~Leases();
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;

  // All holders ask, a few at a time.
  void begin();
  // Gives back what the holder has; nobody answers.
  void release(std::size_t holder);
  // What came to the port and could not be read; empty: nothing, or all could be.
  const std::string& unreadable() const;

 private:
  struct Impl;
  explicit Leases(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::run
