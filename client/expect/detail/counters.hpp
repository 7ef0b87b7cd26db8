#pragma once

#include "client/expect/detail/tracker.hpp"
#include "client/expect/texts.hpp"
#include "client/scenario/pattern.hpp"

#include <optional>
#include <string>
#include <vector>

// Expectations on how often something happens, and in which order.
namespace provphone::client::expect::detail {

// A count of all phones together, or of each.
class Counter {
 public:
  Counter(const scenario::Bounds& bounds, PhoneRange range);

  // `tell()` makes a clause on the one event.
  template <class Tell>
  void add(std::uint32_t phone, Tell tell) {
    ++total_;
    if (bounds_.counted == scenario::Counted::each) {
      ++each_[phone];
    } else if (bounds_.most) {
      witnesses_.add(phone, [&] { return Offence{{}, tell()}; });
    }
  }
  void merge(const Counter& other);
  // `what`: requests for /a.xml.
  void conclude(const Context& context, const std::string& what,
                report::ExpectationResult& result) const;

 private:
  void conclude_each(const Context& context, const std::string& what,
                     report::ExpectationResult& result) const;
  void conclude_together(const Context& context, const std::string& what,
                         report::ExpectationResult& result) const;

  scenario::Bounds bounds_;
  std::uint64_t total_ = 0;
  PhoneTable<std::uint32_t> each_;
  FirstOffenders witnesses_;  // where there can be too many
};

// Which requests an expectation is about, but for their paths.
class RequestFilter {
 public:
  explicit RequestFilter(const scenario::RequestsMade& what);

  bool lets_pass(const report::TraceEvent& request) const { return misfit(request).empty(); }
  // What keeps a request out: `user agent`; empty: nothing does.
  std::string_view misfit(const report::TraceEvent& request) const;

 private:
  std::string method_;
  std::optional<scenario::Pattern> user_agent_, content_type_, certificate_;
};

class RequestCounter : public Tracker {
 public:
  RequestCounter(const scenario::Scenario& scenario, const scenario::RequestsMade& what,
                 PhoneRange range);

  void observe(const Seen& seen);
  void merge(const RequestCounter& other) {
    counter_.merge(other.counter_);
    near_misses_.merge(other.near_misses_);
  }
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  const scenario::RequestsMade* what_;
  GroupText path_;
  RequestFilter filter_;
  Counter counter_;
  FirstOffenders near_misses_;  // the right path, but kept out by the filter
};

// A phone asks for one path after the other.
class OrderTracker : public Tracker {
 public:
  OrderTracker(const scenario::Scenario& scenario, const scenario::RequestsMade& what,
               PhoneRange range);

  void observe(const Seen& seen);
  void merge(const OrderTracker& other);
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  std::vector<GroupText> paths_;
  RequestFilter filter_;
  PhoneTable<std::uint8_t> progress_;  // so many paths have been asked for
};

class ErrorCounter : public Tracker {
 public:
  ErrorCounter(const scenario::ErrorsSeen& what, PhoneRange range)
      : code_(what.code), counter_(what.bounds, range) {}

  void observe(const Seen& seen);
  void merge(const ErrorCounter& other) { counter_.merge(other.counter_); }
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  Errc code_;
  Counter counter_;
};

class LogCounter : public Tracker {
 public:
  LogCounter(const scenario::LogLines& what, PhoneRange range)
      : what_(&what),
        pattern_(*scenario::parse_pattern(what.pattern)),
        counter_(what.bounds, range) {}

  void observe(const Seen& seen);
  void merge(const LogCounter& other) { counter_.merge(other.counter_); }
  void conclude(const Context& context, report::ExpectationResult& result) const;

 private:
  const scenario::LogLines* what_;
  scenario::Pattern pattern_;  // checked by the reader
  Counter counter_;
};

}  // namespace provphone::client::expect::detail
