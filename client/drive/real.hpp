#pragma once

#include "client/drive/phone.hpp"
#include "client/report/trace.hpp"
#include "client/transport/targets.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

// The real-time driver: a handful of phones, one event loop, real servers. It turns effects into
// traffic and traffic into events, and knows nothing of how a phone behaves.
namespace provphone::client::drive {

// What befalls a phone at a time that was planned.
struct Planned {
  resync::Time at;
  std::size_t phone;
  resync::Event event;
  std::vector<macro::Assignment> set;  // what a person changes first
};

struct RealRun {
  std::vector<PhoneSetup> phones;
  std::uint64_t seed = 0;
  resync::WallClock wall;  // what the phones' clocks show
  transport::Targets targets;
  std::string dns;            // ADDRESS[:PORT] of a name server; empty: the system's
  std::vector<Planned> plan;  // in the order of time
  report::TraceSink trace;    // every event, as it happens
  std::function<void(std::int64_t lag_us)> on_lag;      // how late each due pass was started
  std::function<void(std::size_t phone)> on_pass_over;  // that phone is in no pass any more
  // Each profile that was decoded, as it is behind decryption and unpacking; empty: nobody reads.
  std::function<void(std::size_t phone, std::string_view document)> on_document;
  bool traces_headers = false;  // requests say what headers and certificate they come with
};

class RealDriver {
 public:
  // `loop` must outlive the driver. Nothing happens before the loop runs.
  RealDriver(boost::asio::io_context& loop, RealRun run);
  ~RealDriver();  // drops every timer and transfer
  RealDriver(const RealDriver&) = delete;
  RealDriver& operator=(const RealDriver&) = delete;

  // The phone gets power and goes its way.
  void power_on(std::size_t phone);
  // A phone that has been running for a while is asked for one pass.
  void request_resync_of_running(std::size_t phone);

  // Nothing is under way, and nothing will be by itself.
  bool is_at_rest() const;

  const DrivenPhone& phone(std::size_t index) const;
  std::size_t phone_count() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::drive
