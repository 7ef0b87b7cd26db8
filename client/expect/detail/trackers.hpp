#pragma once

#include "client/expect/detail/tracker.hpp"
#include "client/expect/identities.hpp"
#include "client/expect/texts.hpp"
#include "client/report/histogram.hpp"
#include "client/scenario/pattern.hpp"

#include <variant>
#include <vector>

// Expectations on times and on what phones end up with or are sent.
namespace provphone::client::expect::detail {

// All that it looks at is when phones got power and how long they took.
class ConvergenceTracker : public Tracker {
 public:
  explicit ConvergenceTracker(const scenario::Converged& what) : what_(what) {}

  void merge(const ConvergenceTracker& /*other*/) {}
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  scenario::Converged what_;
};

// A request that comes too soon.
class QuietTracker : public Tracker {
 public:
  QuietTracker(const scenario::NoRequestBefore& what, PhoneRange range)
      : wait_(what.wait), offenders_(range) {}

  void observe(const Seen& seen);
  void merge(const QuietTracker& other) { offenders_.merge(other.offenders_); }
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  resync::Duration wait_;
  RepeatOffenders offenders_;
};

class ParameterTracker : public Tracker {
 public:
  ParameterTracker(const scenario::Scenario& scenario, const scenario::ParameterValue& what);

  void final(std::uint32_t phone, const profile::ParameterSet& parameters);
  void merge(const ParameterTracker& other);
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  bool is_as_expected(std::uint32_t phone, std::string_view value) const;
  std::string expected_text(std::uint32_t phone) const;

  profile::ParameterId parameter_;
  std::vector<GroupText> texts_;              // one of them
  std::optional<scenario::Pattern> pattern_;  // or what it matches; neither: it is empty
  std::string pattern_text_;
  std::uint64_t looked_at_ = 0, failed_ = 0;
  FirstOffenders offenders_;
};

class LatencyTracker : public Tracker {
 public:
  explicit LatencyTracker(const scenario::LatencyLimit& what) : what_(what) {}

  void observe(const Seen& seen);
  void merge(const LatencyTracker& other) { taken_.merge(other.taken_); }
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  scenario::LatencyLimit what_;
  report::Histogram taken_;
};

class ForeignTracker : public Tracker {
 public:
  explicit ForeignTracker(PhoneRange range) : offenders_(range) {}

  void incident(const scenario::Scenario& scenario, const Incident& incident);
  void document_read() { ++documents_; }
  void merge(const ForeignTracker& other);
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  std::uint64_t documents_ = 0;
  RepeatOffenders offenders_;
};

}  // namespace provphone::client::expect::detail
