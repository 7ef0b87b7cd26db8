#pragma once

#include "resync/retrieval.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace provphone::test {

// A phone whose retrievals are fed by hand.
struct Bench {
  resync::Device device;
  resync::Retrievals retrievals;
  resync::Phone machine;
  resync::Depth depth = resync::Depth::figures;
  resync::Outputs outputs;  // of the last input

  Bench& set(std::string_view name, std::string_view value) {
    device.parameters.set(*profile::find_parameter(name), value);
    device.settings_changed();
    return *this;
  }
  Bench& knob(std::string_view assignment) {
    REQUIRE(resync::set_knob(device.personality, assignment));
    return *this;
  }
  Bench& take(const resync::Input& input) {
    outputs = resync::advance(device, retrievals, input,
                              {machine, resync::Time{}, depth, nullptr, {1, 2}});
    return *this;
  }
  Bench& answered(int status, std::string body = {}, std::string location = {},
                  resync::Lane lane = resync::Lane::work) {
    resync::Answered answer;
    answer.lane = lane;
    answer.status = status;
    answer.body_bytes = body.size();
    answer.body = std::move(body);
    answer.location = std::move(location);
    return take(answer);
  }
  Bench& challenged(std::string challenge, int status = 401) {
    resync::Answered answer;
    answer.status = status;
    answer.challenges = {std::move(challenge)};
    return take(answer);
  }
  Bench& failed(Errc code, resync::Lane lane = resync::Lane::work) {
    return take(resync::Failed{lane, {code, "so"}});
  }

  template <class Wanted>
  const Wanted* find() const {
    for (const auto& output : outputs) {
      if (const auto* wanted = std::get_if<Wanted>(&output)) return wanted;
    }
    return nullptr;
  }
  // The URL that is asked for next; empty: nothing is.
  std::string asks() const {
    const auto* fetch = find<resync::Fetch>();
    return fetch != nullptr ? format(fetch->request.url) : std::string();
  }
  template <class Wanted>
  const Wanted* event() const {
    const auto* done = find<resync::Done>();
    return done != nullptr ? std::get_if<Wanted>(&done->event) : nullptr;
  }
  std::optional<Errc> failure() const {
    const auto* rule = event<resync::RuleFailed>();
    return rule != nullptr ? std::optional(rule->error) : std::nullopt;
  }
  std::string value(std::string_view name) const {
    return std::string(device.parameters.get(*profile::find_parameter(name)));
  }
  std::vector<std::string> logs() const {
    std::vector<std::string> texts;
    for (const auto& output : outputs) {
      if (const auto* log = std::get_if<resync::Log>(&output)) texts.push_back(log->text);
    }
    return texts;
  }
};

inline Bench bench(std::string_view rule) {
  Bench made;
  made.set("Profile_Rule", rule);
  return made;
}

inline const std::string file = "<flat-profile><GPP_A>1</GPP_A></flat-profile>";

}  // namespace provphone::test
