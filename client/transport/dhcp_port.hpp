#pragma once

#include "client/transport/dhcp_question.hpp"
#include "client/transport/loop.hpp"
#include "macro/error.hpp"

#include <functional>
#include <memory>
#include <string>

// The client's port of DHCP at one network interface, which is the only one that anything is sent
// to or taken from. Used on the loop's thread alone.
namespace provphone::client::transport {

class DhcpPort {
 public:
  // Every packet that comes, whomever it is for; protocol_error where it cannot be read. May not
  // destroy the port.
  using OnAnswer = std::function<void(const Result<dhcp::Answer>&)>;

  // Fails with bad_argument where there is no such interface, and with no_socket where the port is
  // not to be had, which says what rights it takes. `loop` must outlive it.
  static Result<std::unique_ptr<DhcpPort>> open(boost::asio::io_context& loop,
                                                const std::string& interface,
                                                resync::DhcpVersion version, OnAnswer on_answer);
  ~DhcpPort();
  DhcpPort(const DhcpPort&) = delete;
  DhcpPort& operator=(const DhcpPort&) = delete;

  // To all servers of the link. Fails with host_unreachable, which says why.
  Result<void> send(const dhcp::Asker& asker, const dhcp::Question& question);

  // The interface's own address of that version; empty where it has none.
  static std::string address_of(const std::string& interface, resync::DhcpVersion version);

 private:
  struct Impl;
  explicit DhcpPort(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
