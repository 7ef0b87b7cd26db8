#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "resync/plan.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport::detail {

// What a name server said of SRV records: some, none, or nothing.
struct SrvAnswer {
  NameAnswer::Outcome outcome = NameAnswer::Outcome::none;
  std::vector<resync::SrvRecord> records;
  std::string why;
};

// One c-ares channel on an Asio loop: servers that are asked one after the other, each question
// beginning with the first of them. Call-backs may come from within the asking; none comes when the
// channel is gone.
class DnsChannel {
 public:
  using OnSrv = std::function<void(SrvAnswer)>;

  // `loop` must outlive it.
  explicit DnsChannel(boost::asio::io_context& loop);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  // ADDRESS[:PORT] of each, with commas between; empty: the system's. False: nobody can be asked,
  // and nothing below may be called.
  bool open(const std::string& servers);

  void ask_srv(const std::string& name, OnSrv on_srv);
  // AF_INET or AF_INET6.
  void ask_addresses(const std::string& name, int family, TellAddresses tell);
  // What the hosts file of the system has, of both families; reads it each time.
  Addresses in_hosts_file(const std::string& name) const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport::detail
