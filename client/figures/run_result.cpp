#include "client/figures/run_result.hpp"

#include "client/figures/detail/json.hpp"
#include "client/figures/outcome_json.hpp"
#include "client/figures/version.hpp"
#include "client/trace/json_octets.hpp"
#include "client/trace/shown_value.hpp"
#include "macro/enum_array.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace provphone::client::figures {
namespace {

using Json = nlohmann::ordered_json;

void add_times(Tally& tally, const trace::StageTimes& times) {
  const auto add = [](Histogram& histogram, const std::optional<std::int64_t>& us) {
    if (us) histogram.add(*us);
  };
  add(tally.resolve, times.resolve);
  add(tally.connect, times.connect);
  add(tally.tls, times.tls);
  add(tally.first_byte, times.first_byte);
  add(tally.body, times.body);
  add(tally.decode, times.decode);
  add(tally.lag, times.lag);
}

Json run_latencies(const Tally& tally) {
  Json stages = Json::object();
  const auto add = [&](const char* stage, const Histogram& histogram) {
    if (histogram.count() > 0) stages[stage] = quantiles_json(histogram);
  };
  add("resolve", tally.resolve);
  add("connect", tally.connect);
  add("tls", tally.tls);
  add("first_byte", tally.first_byte);
  add("body", tally.body);
  add("decode", tally.decode);
  return stages;
}

// What differs from what the phone's group was set up with; hundreds of parameters never do.
Json parameters_of(const profile::ParameterSet& parameters) {
  Json values = Json::object();
  for (const auto& [id, value] : parameters.differences()) {
    values[profile::parameter(id).name] = trace::shown_value(id, value);
  }
  return values;
}

// R-TLS-21
Json custom_ca_of(const FinalPhone& phone) {
  return {{"status", phone.custom_ca_status}, {"info", phone.custom_ca_info}};
}

// R-CERT-09
Json renewal_of(const FinalPhone& phone) {
  return {{"status", phone.renewal_status}, {"serial_number", phone.renewed_serial_number}};
}

// The names of those of them that nothing hangs on (R-PARAM-01).
Json stored_of(const profile::ParameterSet& parameters) {
  Json names = Json::array();
  for (const auto& [id, value] : parameters.differences()) {
    if (profile::parameter(id).role == profile::Role::stored)
      names.push_back(profile::parameter(id).name);
  }
  return names;
}

}  // namespace

void Tally::add(const trace::TraceEvent& event) {
  // Every event, counted below or not.
  hash.add(event);
  add_times(*this, event.times);
  switch (event.event) {
    case trace::EventKind::pass_started:
      ++passes_started;
      break;
    case trace::EventKind::pass_succeeded:
      ++passes_succeeded;
      break;
    case trace::EventKind::pass_failed:
      ++passes_failed;
      ++errors[*event.error];
      break;
    case trace::EventKind::pass_gated:
      ++passes_gated;
      break;
    case trace::EventKind::pass_deferred:
      ++passes_deferred;
      break;
    case trace::EventKind::request:
      ++requests;
      break;
    case trace::EventKind::response:
      // An answer of any status is a response (R-HTTP-10), one that is refused too.
      ++(event.error ? requests_failed : responses);
      if (event.refused) ++requests_refused;
      break;
    case trace::EventKind::applied:
      ++profiles_applied;
      break;
    default:
      break;
  }
}

std::string format_json(const RunResult& result) {
  const auto& tally = result.tally;
  Json errors = Json::object();
  for (const auto& [code, count] : tally.errors) errors[std::string(name(code))] = count;
  Json document;
  add_verdicts(document, *result.verdicts, *result.outcome);
  document.update({{"phones", result.phones},
                   {"passes",
                    {{"started", tally.passes_started},
                     {"succeeded", tally.passes_succeeded},
                     {"failed", tally.passes_failed},
                     {"gated", tally.passes_gated},
                     {"deferred", tally.passes_deferred}}},
                   {"requests",
                    {{"sent", tally.requests},
                     {"answered", tally.responses},
                     {"failed", tally.requests_failed},
                     {"refused", tally.requests_refused}}},
                   {"errors", errors},
                   {"latency_us", run_latencies(tally)},
                   {"lag_us", quantiles_json(tally.lag)},
                   {"seed", result.seed},
                   {"scenario_hash", result.scenario_hash},
                   {"trace_hash", tally.hash.hex()},
                   {"version", version}});
  // The member is missing rather than empty: there were phones.
  if (result.phones <= max_final_phones) {
    Json phones = Json::array();
    for (const auto& phone : result.final_phones) {
      phones.push_back({{"mac", format_lower(phone.mac)},
                        {"parameters", parameters_of(*phone.parameters)},
                        {"stored", stored_of(*phone.parameters)}});
      if (!phone.custom_ca_status.empty()) phones.back()["custom_ca"] = custom_ca_of(phone);
      if (!phone.customization.empty()) phones.back()["customization"] = phone.customization;
      if (!phone.renewal_status.empty()) phones.back()["certificate_renewal"] = renewal_of(phone);
    }
    document["final"] = phones;
  }
  return trace::json_text(std::move(document), 2);
}

}  // namespace provphone::client::figures
