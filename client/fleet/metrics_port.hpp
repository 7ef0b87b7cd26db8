#pragma once

#include "client/transport/loop.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace provphone::client::serve {
class Connections;
}
namespace provphone::client::transport {
class Listener;
}

// The port that Prometheus scrapes, as `fleet --metrics` opens it.
namespace provphone::client::fleet {

// Answers `GET /metrics` with what a function returns at that moment, until it is
// destroyed; clients that are being answered are sent away then. It works within whoever runs the
// loop, and so does the function: no lock is needed, and a slow function holds the loop up. The
// loop must outlive it.
class MetricsPort {
 public:
  using Metrics = std::function<std::string()>;

  // An address of this machine; port 0 is a free one. Fails with bad_argument.
  static Result<MetricsPort> open(boost::asio::io_context& loop, const std::string& address,
                                  std::uint16_t port, Metrics metrics);

  MetricsPort(MetricsPort&&) = default;
  MetricsPort& operator=(MetricsPort&&) = delete;
  ~MetricsPort();

  std::uint16_t port() const;

 private:
  MetricsPort(std::shared_ptr<transport::Listener> listener,
              std::shared_ptr<serve::Connections> scrapers, std::shared_ptr<const Metrics> metrics);

  std::shared_ptr<transport::Listener> listener_;
  std::shared_ptr<serve::Connections> scrapers_;
  std::shared_ptr<const Metrics> metrics_;
};

}  // namespace provphone::client::fleet
