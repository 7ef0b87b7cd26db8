#include "client/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::report {

std::string duration_text(std::int64_t us) {
  if (us == 0) return "0s";
  // A tenth of a millisecond would be rounded to nothing.
  if (us < 100) return fmt::format("{:.1g}ms", static_cast<double>(us) / 1'000);
  if (us < 10'000) return fmt::format("{:.1f}ms", static_cast<double>(us) / 1'000);
  if (us < 1'000'000) return fmt::format("{}ms", us / 1'000);
  const auto seconds = us / 1'000'000;
  if (seconds < 60) return fmt::format("{:.1f}s", static_cast<double>(us) / 1'000'000);
  if (seconds < 3'600) return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  if (seconds < 86'400)
    return fmt::format("{}h {:02}m {:02}s", seconds / 3'600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}d {:02}h {:02}m", seconds / 86'400, seconds / 3'600 % 24,
                     seconds / 60 % 60);
}

std::string duration_text(resync::Duration duration) {
  return duration_text(std::chrono::microseconds(duration).count());
}

std::string quantile_text(const figures::Histogram& histogram, double q) {
  return histogram.count() == 0 ? "-" : duration_text(histogram.quantile(q));
}

std::string count_text(std::uint64_t count) {
  if (count >= 1'000'000'000'000) return fmt::format("{:.3g}", static_cast<double>(count));
  if (count >= 1'000'000'000)
    return fmt::format("{:.3g} billion", static_cast<double>(count) / 1e9);
  if (count >= 10'000'000) return fmt::format("{:.3g} million", static_cast<double>(count) / 1e6);
  auto text = std::to_string(count);
  // From the end, so that places before it stay where they are.
  for (auto place = text.size(); place > 3;) text.insert(place -= 3, 1, ' ');
  return text;
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (part == 0 || whole == 0) return "0 %";
  if (part >= whole) return "100 %";
  const auto percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent >= 1 && percent < 99) return fmt::format("{:.0f} %", percent);
  // Near the ends a rounded share would be all or nothing.
  return fmt::format("{:.1f} %", std::clamp(percent, 0.1, 99.9));
}

}  // namespace provphone::client::report
