#include "client/expect/detail/counters.hpp"

#include "client/scenario/phones.hpp"

#include <fmt/format.h>

namespace provphone::client::expect::detail {
namespace {

using report::TraceEvent;

std::string told(const TraceEvent& request) {
  return fmt::format("{} {}", request.method, request.url);
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
std::optional<scenario::Pattern> pattern_of(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(*scenario::parse_pattern(text));
}

}  // namespace

// --- counts

Counter::Counter(const scenario::Bounds& bounds, PhoneRange range) : bounds_(bounds) {
  if (bounds.counted == scenario::Counted::each) each_ = {range, 0};
}

void Counter::merge(const Counter& other) {
  total_ += other.total_;
  each_.merge(other.each_, [](auto mine, auto others) { return mine + others; });
  witnesses_.merge(other.witnesses_);
}

void Counter::conclude(const Context& context, const std::string& what,
                       report::ExpectationResult& result) const {
  bounds_.counted == scenario::Counted::each ? conclude_each(context, what, result)
                                             : conclude_together(context, what, result);
}

void Counter::conclude_each(const Context& context, const std::string& what,
                            report::ExpectationResult& result) const {
  FirstOffenders offenders;
  context.for_each_powered([&](std::uint32_t phone) {
    ++result.phones;
    if (is_within(bounds_, each_[phone])) return;
    ++result.failed;
    offenders.add(phone, [&] {
      return Offence{fmt::format("{} {}", bounds_text(bounds_), what),
                     fmt::format("{}", each_[phone])};
    });
  });
  if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
  if (result.failed > 0) offenders.describe(context, result);
}

// Where there are too many, those who had a part in it are named; where there is none at all, the
// first who might have had one.
void Counter::conclude_together(const Context& context, const std::string& what,
                                report::ExpectationResult& result) const {
  result.phones = context.chosen.count();
  if (result.phones == 0) return not_judged(result, "there is no such phone");
  if (is_within(bounds_, total_)) return;
  result.status = report::Judgement::failed;
  const auto expected = fmt::format("{} {}", bounds_text(bounds_), what);
  if (total_ > bounds_.least && !witnesses_.empty()) {
    witnesses_.describe(context, result);
    for (auto& failure : result.failures) {
      failure.expected = expected;
      failure.got = fmt::format("{} altogether, among them {}", total_, failure.got);
    }
    return;
  }
  report::ExpectationFailure failure{std::nullopt, expected, fmt::format("{}", total_), {}};
  std::optional<std::uint32_t> first;
  context.for_each_chosen([&](std::uint32_t phone) { first = first ? first : phone; });
  if (total_ == 0) {
    failure.phone = scenario::mac_of(context.scenario, *first);
    failure.reasons = context.recollection.tell(*first);
  }
  result.failures.push_back(std::move(failure));
}

// --- requests

RequestFilter::RequestFilter(const scenario::RequestsMade& what)
    : method_(what.method),
      user_agent_(pattern_of(what.user_agent)),
      content_type_(pattern_of(what.content_type)),
      certificate_(pattern_of(what.certificate)) {}

std::string_view RequestFilter::misfit(const TraceEvent& request) const {
  if (!method_.empty() && request.method != method_) return "method";
  if (user_agent_ && !user_agent_->is_found_in(request.user_agent)) return "user agent";
  if (content_type_ && !content_type_->is_found_in(request.content_type)) return "content type";
  if (certificate_ && !certificate_->is_found_in(request.certificate)) return "certificate";
  return {};
}

RequestCounter::RequestCounter(const scenario::Scenario& scenario,
                               const scenario::RequestsMade& what, PhoneRange range)
    : what_(&what), path_(scenario, what.path), filter_(what), counter_(what.bounds, range) {}

void RequestCounter::observe(const Seen& seen) {
  std::string buffer;
  const auto& request = seen.event;
  if (!leads_to(request.url, path_.of(seen.phone, buffer))) return;
  const auto misfit = filter_.misfit(request);
  if (misfit.empty()) return counter_.add(seen.phone, [&] { return told(request); });
  near_misses_.add(seen.phone, [&] { return Offence{{}, told_misfit(request, misfit)}; });
}

void RequestCounter::conclude(const Context& context, report::ExpectationResult& result) const {
  std::string path;
  for (const auto& piece : what_->path.pieces)
    path += piece.kind == scenario::TemplatePiece::Kind::text ? piece.text : "*";
  counter_.conclude(context, fmt::format("requests for {}", path), result);
  const auto* near = near_misses_.first();
  if (near == nullptr) return;
  for (auto& failure : result.failures) {
    if (failure.got == "0") failure.got += ", but " + near->got;
  }
}

// --- order

OrderTracker::OrderTracker(const scenario::Scenario& scenario, const scenario::RequestsMade& what,
                           PhoneRange range)
    : filter_(what), progress_(range, 0) {
  paths_.emplace_back(scenario, what.path);
  for (const auto& path : what.then) paths_.emplace_back(scenario, path);
}

void OrderTracker::observe(const Seen& seen) {
  auto& progress = progress_[seen.phone];
  if (progress == paths_.size()) return;
  std::string buffer;
  const auto wanted = paths_[progress].of(seen.phone, buffer);
  if (leads_to(seen.event.url, wanted) && filter_.lets_pass(seen.event)) ++progress;
}

void OrderTracker::merge(const OrderTracker& other) {
  progress_.merge(other.progress_, [](auto mine, auto others) { return std::max(mine, others); });
}

void OrderTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  FirstOffenders offenders;
  context.for_each_powered([&](std::uint32_t phone) {
    ++result.phones;
    const std::size_t progress = progress_[phone];
    if (progress == paths_.size()) return;
    ++result.failed;
    offenders.add(phone, [&] {
      const auto wanted = paths_[progress].of(phone);
      if (progress == 0) return Offence{"a request for " + wanted, "none"};
      const auto before = paths_[progress - 1].of(phone);
      return Offence{fmt::format("a request for {} after {}", wanted, before),
                     fmt::format("none after {}", before)};
    });
  });
  if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
  if (result.failed > 0) offenders.describe(context, result);
}

// --- errors and log lines

void ErrorCounter::observe(const Seen& seen) {
  if (seen.event.error != code_) return;
  counter_.add(seen.phone, [&] {
    return seen.event.detail.empty() ? std::string(name(code_)) : seen.event.detail;
  });
}

void ErrorCounter::conclude(const Context& context, report::ExpectationResult& result) const {
  counter_.conclude(context, fmt::format("passes that fail with {}", name(code_)), result);
}

void LogCounter::observe(const Seen& seen) {
  if (pattern_.is_found_in(seen.event.text))
    counter_.add(seen.phone, [&] { return seen.event.text; });
}

void LogCounter::conclude(const Context& context, report::ExpectationResult& result) const {
  counter_.conclude(context, fmt::format("log lines with {}", what_->pattern), result);
}

}  // namespace provphone::client::expect::detail
