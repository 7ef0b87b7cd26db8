#pragma once

#include "client/figures/forecast_figures.hpp"
#include "client/figures/verdicts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// A forecast as it is shown: text with a chart, JSON, CSV, and several of them side by side. JSON
// and CSV have no line end at their end.
namespace provphone::client::report {

// A certificate that ends in the time looked at.
struct CertificateEnding {
  std::string group;
  std::uint32_t phones = 0;  // that show it
  std::string subject;
  std::string day;  // 2026-03-01, of UTC
};

// What a forecast is of.
struct ForecastFacts {
  std::string title;
  std::uint64_t seed = 0;
  std::string scenario_hash;
  resync::Duration length{};
  std::optional<std::uint32_t> capacity;  // requests a second
  std::optional<std::uint32_t> queue;
  std::vector<CertificateEnding> certificates{};  // in the order of time
};

struct Forecast {
  ForecastFacts facts;
  figures::ForecastFigures figures;
  figures::Outcome outcome;
  figures::Verdicts verdicts;  // on the outcome
};

// Whether a request ever met a full queue; without a capacity never.
bool overwhelms(const Forecast& forecast);
std::string verdict_sentence(const Forecast& forecast);

// `columns`: of the terminal; the chart has 20 at least.
std::string format_text(const Forecast& forecast, int columns);
std::string format_json(const Forecast& forecast);
// second, requests, backlog: one line a step, of a second or a minute.
std::string format_csv(const figures::ForecastFigures& figures);

// Several settings of one parameter side by side.
struct SweepEntry {
  std::string setting;  // Resync_Random_Delay=15
  Forecast forecast;
};

std::string format_sweep(const std::vector<SweepEntry>& entries);
std::string format_sweep_json(const std::vector<SweepEntry>& entries);

}  // namespace provphone::client::report
