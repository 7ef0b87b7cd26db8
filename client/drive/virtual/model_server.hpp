#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/personality.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <optional>

// The server of a forecast: one queue, one pace, and the failures that the scenario plans.
namespace provphone::client::drive {

struct ModelRequest {
  resync::Time at;
  std::uint32_t phone;
  std::uint32_t number;  // of the phone's requests, so that each has its own chance
  macro::Scheme scheme;
};

struct ModelAnswer {
  resync::Time at;             // when the phone has it, or gives up
  std::optional<Errc> error;   // nothing: the profile
  std::int64_t queued_us = 0;  // how long it waited for its turn
};

class ModelServer {
 public:
  // `scenario` must outlive the server.
  explicit ModelServer(const scenario::Scenario& scenario);

  // Whether one phone's answer depends on other phones' requests, which must then come in the order
  // of time.
  bool is_shared() const { return model_.capacity.has_value(); }

  ModelAnswer ask(const ModelRequest& request, const resync::Personality& personality);

  // Requests that wait or are being served.
  std::uint32_t backlog(resync::Time now) const;

 private:
  ModelAnswer failed(const scenario::Failure& failure, resync::Time now,
                     const resync::Personality& personality) const;
  const scenario::Outage* outage_at(resync::Time now) const;
  resync::Duration latency(const ModelRequest& request) const;
  std::optional<Errc> trouble(const ModelRequest& request, resync::Duration& delay) const;

  const scenario::ServerModel& model_;
  const scenario::Trouble& trouble_;
  std::uint64_t seed_;
  std::int64_t service_ns_ = 0;  // one request's
  std::int64_t busy_until_ns_ = 0;
};

// The served file's number in scenario.server.profiles at that time; nothing where none is planned
// yet, which is an empty profile.
std::optional<std::size_t> served_profile(const scenario::ServerModel& model, std::size_t group,
                                          resync::Time now);

}  // namespace provphone::client::drive
