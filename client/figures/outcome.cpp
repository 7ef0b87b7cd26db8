#include "client/figures/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace provphone::client::figures {

std::string_view name(RunEnd end) {
  constexpr EnumArray<RunEnd, std::string_view> names{
      {"by itself", "time", "lost", "key", "SIGINT", "SIGTERM", "SIGHUP"}};
  return names[end];
}

RunEnd end_by_signal(int signal) {
  if (signal == SIGHUP) return RunEnd::sighup;
  return signal == SIGTERM ? RunEnd::sigterm : RunEnd::sigint;
}

bool is_interruption(RunEnd end) {
  return end > RunEnd::lost;
}

std::string_view name(Work work) {
  constexpr EnumArray<Work, std::string_view> names{{"pass", "upgrade", "report"}};
  return names[work];
}

bool takes_extent(const VoidReason& reason) {
  return reason.resource == missing_shards || reason.resource == cut_short_run;
}

void merge(Failures& sum, const Failures& other) {
  const bool is_empty = sum.times + sum.unless_held + sum.kept_off == 0;
  if (is_empty || other.first_number < sum.first_number) {
    sum.first_number = other.first_number;
    sum.first = other.first;
    sum.url = other.url;
    sum.detail = other.detail;
    sum.said = other.said;
  }
  sum.times += other.times;
  sum.unless_held += other.unless_held;
  sum.kept_off += other.kept_off;
}

namespace {

// All but the expectations.
void add_what_happened(Outcome& sum, const Outcome& other) {
  sum.extent.phones += other.extent.phones;
  sum.extent.powered += other.extent.powered;
  sum.extent.provisioned += other.extent.provisioned;
  sum.extent.under_way += other.extent.under_way;
  sum.end = std::max(sum.end, other.end);
  sum.length = std::max(sum.length, other.length);
  if (sum.never_began.empty()) sum.never_began = other.never_began;
  for (const auto& [cause, failures] : other.failures) merge(sum.failures[cause], failures);
  for (const auto work : every<Work>) sum.done[work] += other.done[work];
}

}  // namespace

Result<void> merge(Outcome& sum, const Outcome& other) {
  const bool same = std::equal(sum.evidence.begin(), sum.evidence.end(), other.evidence.begin(),
                               other.evidence.end(), [](const Evidence& a, const Evidence& b) {
                                 return a.title == b.title && a.criterion == b.criterion;
                               });
  if (!same)
    return fail(Errc::bad_argument,
                "the expectations are not those of the first result; was it edited?");
  add_what_happened(sum, other);
  for (std::size_t i = 0; i < sum.evidence.size(); ++i) merge(sum.evidence[i], other.evidence[i]);
  return {};
}

void lay_beside(Outcome& sum, const Outcome& other) {
  add_what_happened(sum, other);
  sum.evidence.insert(sum.evidence.end(), other.evidence.begin(), other.evidence.end());
}

}  // namespace provphone::client::figures
