#include "client/figures/comparison.hpp"

#include "client/input/duration.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provphone::client::figures {
namespace {

constexpr EnumArray<Measure, std::string_view> names{
    {"p50", "p90", "p99", "max", "converged", "failed", "provisioned"}};

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

// `10%` as 0.1.
std::optional<double> parse_share(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || !(number >= 0 && number <= 1e6)) return std::nullopt;
  return number / 100;
}

tl::unexpected<Error> no_threshold(std::string_view text) {
  return fail(Errc::bad_argument,
              fmt::format("'{}' is no MEASURE>LIMIT such as p99>+10%, p99>500ms or failed>1%; "
                          "measures are {}",
                          text, fmt::join(names, ", ")));
}

bool is_void(const FleetResult& result) {
  return judge(result).verdict == Verdict::void_run;
}

}  // namespace

std::string_view name(Measure measure) {
  return names[measure];
}

bool is_timing(Measure measure) {
  return measure != Measure::failed && measure != Measure::provisioned;
}

std::optional<double> measured(const FleetResult& result, Measure measure) {
  const auto& figures = result.figures;
  const auto& response = figures.span(Ending::succeeded, Span::response);
  const auto quantile = [&](double q) {
    return response.count() == 0 ? std::optional<double>{}
                                 : static_cast<double>(response.quantile(q));
  };
  switch (measure) {
    case Measure::p50:
      return quantile(0.5);
    case Measure::p90:
      return quantile(0.9);
    case Measure::p99:
      return quantile(0.99);
    case Measure::max:
      return response.count() == 0 ? std::optional<double>{}
                                   : static_cast<double>(response.largest());
    case Measure::converged_99:
      if (const auto within = provisioned_within(figures, 0.99))
        return static_cast<double>(*within);
      return std::nullopt;
    case Measure::failed:
      return share(figures.passes_failed, figures.passes_failed + figures.passes_succeeded);
    case Measure::provisioned:
      return share(converged(figures), result.phones);
  }
  return std::nullopt;
}

Result<Threshold> parse_threshold(std::string_view text) {
  const auto side = text.find_first_of("<>");
  if (side == std::string_view::npos) return no_threshold(text);
  const auto* const measure = std::find(names.begin(), names.end(), text.substr(0, side));
  if (measure == names.end()) return no_threshold(text);
  Threshold threshold;
  threshold.measure = static_cast<Measure>(measure - names.begin());
  threshold.side = text[side] == '>' ? Threshold::Side::above : Threshold::Side::below;
  threshold.text = text;
  auto limit = text.substr(side + 1);
  const bool is_change = limit.starts_with('+') || limit.starts_with('-');
  if (is_change) {
    const auto by = parse_share(limit.substr(1));
    if (!by) return no_threshold(text);
    threshold.limit = limit.front() == '+' ? *by : -*by;
    return threshold;
  }
  threshold.of = Threshold::Of::value;
  if (!is_timing(threshold.measure)) {
    const auto value = parse_share(limit);
    if (!value) return no_threshold(text);
    threshold.limit = *value;
    return threshold;
  }
  const auto value = input::parse_duration(limit);
  if (!value) return no_threshold(text);
  threshold.limit = static_cast<double>(std::chrono::microseconds(*value).count());
  return threshold;
}

Crossed hold_against(const Threshold& threshold, const FleetResult& before,
                     const FleetResult& after) {
  Crossed held{threshold,
               measured(before, threshold.measure),
               measured(after, threshold.measure),
               Crossing::unknown,
               {}};
  const bool needs_before = threshold.of == Threshold::Of::change;
  if (is_timing(threshold.measure) && ((needs_before && is_void(before)) || is_void(after))) {
    held.why = fmt::format("{} is void", is_void(after) ? "B" : "A");
  } else if (!held.after || (needs_before && !held.before)) {
    held.why = fmt::format("{} has no {}", held.after ? "A" : "B", name(threshold.measure));
  } else {
    const auto limit = needs_before ? *held.before * (1 + threshold.limit) : threshold.limit;
    const bool is_crossed =
        threshold.side == Threshold::Side::above ? *held.after > limit : *held.after < limit;
    held.crossing = is_crossed ? Crossing::crossed : Crossing::kept;
  }
  return held;
}

}  // namespace provphone::client::figures
