#include "client/expect/detail/counter.hpp"
#include "client/expect/detail/trackers.hpp"
#include "client/expect/texts.hpp"
#include "client/input/pattern.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>

#include <optional>

// Expectations on what phones ask for, and in which order.
namespace provphone::client::expect::detail {
namespace {

using trace::TraceEvent;

std::string told(const TraceEvent& request) {
  return fmt::format("{} {}", request.method, macro::hide_query_secrets(request.url));
}

// `one with user agent curl/8`.
std::string told_misfit(const TraceEvent& request, std::string_view misfit) {
  std::string_view value = request.method;
  if (misfit == "user agent") value = request.user_agent;
  if (misfit == "content type") value = request.content_type;
  if (misfit == "certificate") value = request.certificate;
  return fmt::format("one with {} {}", misfit, value.empty() ? "(none)" : value);
}

// Patterns of headers are checked by the reader.
std::optional<input::Pattern> pattern_of(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(*input::parse_pattern(text));
}

// Which requests an expectation is about, but for their paths.
class RequestFilter {
 public:
  explicit RequestFilter(const scenario::RequestsMade& what)
      : method_(what.method),
        user_agent_(pattern_of(what.user_agent)),
        content_type_(pattern_of(what.content_type)),
        certificate_(pattern_of(what.certificate)) {}

  Needs needs() const {
    Needs needs;
    needs.events = {trace::EventKind::request};
    needs.headers = user_agent_ || content_type_ || certificate_;
    if (certificate_) needs.beyond_model = "certificates are not modelled";
    return needs;
  }

  bool lets_pass(const TraceEvent& request) const { return misfit(request).empty(); }

  // What keeps a request out: `user agent`; empty: nothing does.
  // In this order: the first misfit is what a message names.
  std::string_view misfit(const TraceEvent& request) const {
    if (!method_.empty() && request.method != method_) return "method";
    if (user_agent_ && !user_agent_->is_found_in(request.user_agent)) return "user agent";
    if (content_type_ && !content_type_->is_found_in(request.content_type)) return "content type";
    if (certificate_ && !certificate_->is_found_in(request.certificate)) return "certificate";
    return {};
  }

 private:
  std::string method_;
  std::optional<input::Pattern> user_agent_, content_type_, certificate_;
};

class RequestTracker : public Tracker {
 public:
  RequestTracker(const scenario::RequestsMade& what, const Part& part)
      : what_(what),
        path_(part.scenario, what.path),
        filter_(what),
        counter_(what.bounds, part.phones) {}

  Needs needs() const override {
    auto needs = filter_.needs();
    needs.power = counter_.needs_power();
    return needs;
  }

  void observe(const Observation& seen) override {
    counter_.add_chance();
    std::string buffer;
    const auto& request = seen.event;
    if (!leads_to(request.url, path_.of(seen.phone, buffer))) return;
    const auto misfit = filter_.misfit(request);
    if (misfit.empty()) return counter_.add(seen.phone, [&] { return told(request); });
    near_misses_.add(seen.phone, [&] { return Offence{{}, told_misfit(request, misfit)}; });
  }

  figures::Loss loss() const override { return counter_.loss(); }

  void merge(const Tracker& other) override {
    const auto& theirs = dynamic_cast<const RequestTracker&>(other);
    counter_.merge(theirs.counter_);
    near_misses_.merge(theirs.near_misses_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    // One text for all phones, whose paths differ.
    std::string path;
    for (const auto& piece : what_.path.pieces)
      path += piece.kind == scenario::TemplatePiece::Kind::text ? piece.text : "*";
    counter_.collect(context, fmt::format("requests for {}", path),
                     "these phones asked for nothing at all", evidence);
    if (near_misses_.empty()) return;
    const auto& [phone, near] = *near_misses_.all().begin();
    evidence.near_miss = witness_of(context, phone, near);
    for (auto& witness : evidence.witnesses) {
      // A count of nothing is easier to understand with what came instead.
      if (witness.failure.got == "0") witness.failure.got += ", but " + near.got;
    }
  }

 private:
  const scenario::RequestsMade& what_;
  GroupText path_;
  RequestFilter filter_;
  Counter counter_;
  FirstOffenders near_misses_;  // the right path, but kept out by the filter
};

// A phone asks for one path after the other.
class OrderTracker : public Tracker {
 public:
  OrderTracker(const scenario::RequestsMade& what, const Part& part)
      : filter_(what), progress_(part.phones, 0) {
    paths_.emplace_back(part.scenario, what.path);
    for (const auto& path : what.then) paths_.emplace_back(part.scenario, path);
  }

  Needs needs() const override {
    auto needs = filter_.needs();
    needs.power = true;
    return needs;
  }

  void observe(const Observation& seen) override {
    auto& progress = progress_[seen.phone];
    // All asked for: what comes later does not matter.
    if (progress == paths_.size()) return;
    std::string buffer;
    const auto wanted = paths_[progress].of(seen.phone, buffer);
    if (leads_to(seen.event.url, wanted) && filter_.lets_pass(seen.event)) ++progress;
  }

  void merge(const Tracker& other) override {
    progress_.merge(dynamic_cast<const OrderTracker&>(other).progress_,
                    [](auto mine, auto others) { return std::max(mine, others); });
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.without = no_power;
    FirstOffenders offenders;
    context.for_each_powered([&](std::uint32_t phone) {
      ++evidence.phones;
      ++evidence.chances;
      if (progress_[phone] == paths_.size()) return;
      if (context.hour.is_cut_short) {
        ++evidence.pending;
        return;
      }
      ++evidence.failed;
      offenders.add(phone, [&] { return missing_from(phone); });
    });
    offenders.testify(context, evidence);
  }

 private:
  Offence missing_from(std::uint32_t phone) const {
    const std::size_t progress = progress_[phone];
    const auto wanted = paths_[progress].of(phone);
    if (progress == 0) return {"a request for " + wanted, "none"};
    const auto before = paths_[progress - 1].of(phone);
    return {fmt::format("a request for {} after {}", wanted, before),
            fmt::format("none after {}", before)};
  }

  std::vector<GroupText> paths_;
  RequestFilter filter_;
  PhoneTable<std::uint8_t> progress_;  // so many paths have been asked for
};

}  // namespace

AnyTracker tracker_of(const scenario::RequestsMade& what, const Part& part) {
  if (what.then.empty()) return std::make_unique<RequestTracker>(what, part);
  return std::make_unique<OrderTracker>(what, part);
}

}  // namespace provphone::client::expect::detail
