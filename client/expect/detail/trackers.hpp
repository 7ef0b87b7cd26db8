#pragma once

#include "client/expect/detail/tracker.hpp"

#include <memory>

// The trackers, one for each kind of expectation. A tracker refers to what it is made of, which has
// to outlive it.
namespace provphone::client::expect::detail {

struct Part {
  const scenario::Scenario& scenario;
  PhoneRange phones;  // that it is told of
};

using AnyTracker = std::unique_ptr<Tracker>;

// contents.cpp
AnyTracker tracker_of(const scenario::ParameterValue& what, const Part& part);
AnyTracker tracker_of(const scenario::NoForeignIdentity& what, const Part& part);
// counter.cpp
AnyTracker tracker_of(const scenario::ErrorsSeen& what, const Part& part);
AnyTracker tracker_of(const scenario::LogLines& what, const Part& part);
// work.cpp
AnyTracker tracker_of(const scenario::UpgradesMade& what, const Part& part);
AnyTracker tracker_of(const scenario::ReportsMade& what, const Part& part);
AnyTracker tracker_of(const scenario::NothingProvisioned& what, const Part& part);
// requests.cpp
AnyTracker tracker_of(const scenario::RequestsMade& what, const Part& part);
// times.cpp
AnyTracker tracker_of(const scenario::Converged& what, const Part& part);
AnyTracker tracker_of(const scenario::NoRequestBefore& what, const Part& part);
AnyTracker tracker_of(const scenario::LatencyLimit& what, const Part& part);

}  // namespace provphone::client::expect::detail
