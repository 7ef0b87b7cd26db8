#include "client/scenario/event_words.hpp"

#include "profile/catalogue.hpp"
#include "resync/notify_event.hpp"

#include <fmt/format.h>

namespace provphone::client::scenario {
namespace {

// Said where it is not the one that everybody has.
std::string of_line(std::uint32_t line) {
  return line == 1 ? std::string() : fmt::format(" line {}", line);
}

struct Words {
  std::string operator()(const PowerOn&) const { return "power_on"; }
  std::string operator()(const PowerOff&) const { return "power_off"; }
  std::string operator()(const PowerCycle&) const { return "power_cycle"; }
  std::string operator()(const Notify& notify) const {
    return fmt::format("notify {}", name(notify.event));
  }
  std::string operator()(const Call&) const { return "call"; }
  std::string operator()(const Registration& registration) const {
    const bool lost = registration.state == Registration::State::lost;
    return fmt::format("register {}{}", lost ? "lost" : "restored", of_line(registration.line));
  }
  std::string operator()(const SetClock&) const { return "clock set"; }
  std::string operator()(const MoveClock& moved) const {
    const auto minutes = moved.by.count();
    return minutes < 0 ? fmt::format("clock_back {}m", -minutes)
                       : fmt::format("clock_forward {}m", minutes);
  }
  std::string operator()(const RequestResync&) const { return "resync"; }
  std::string operator()(const RequestUpgrade&) const { return "upgrade"; }
  std::string operator()(const RequestCustomCa&) const { return "updateca"; }
  std::string operator()(const EnterCode&) const { return "activation_code"; }
  std::string operator()(const Link& link) const {
    return link.state == Link::State::down ? "link down" : "link up";
  }
  std::string operator()(const FactoryReset&) const { return "factory_reset"; }
  std::string operator()(const GrantLease&) const { return "lease"; }
  std::string operator()(const SetParameters& parameters) const {
    std::string words = parameters.how == resync::ByHand::submitted ? "submit" : "set";
    const auto& set = parameters.set;
    if (set.empty()) return words;
    words += fmt::format(" {}", profile::parameter(set.front().parameter).name);
    return set.size() == 1 ? words : words + fmt::format(" and {} more", set.size() - 1);
  }
};

}  // namespace

std::string words_of(const Action& action) {
  return std::visit(Words{}, action);
}

}  // namespace provphone::client::scenario
