#include "client/replay/words.hpp"

#include "client/explain/sentences.hpp"

#include <fmt/format.h>

namespace provphone::client::replay {

using capsule::Ended;

namespace {

struct WordsOf {
  const capsule::Tape& tape;

  std::string operator()(const capsule::BeganRunning& /*it*/) const { return "it was running"; }
  std::string operator()(const capsule::Woken& it) const {
    return fmt::format("what was due at {} came", explain::time_text(it.due));
  }
  std::string operator()(const Ended& it) const {
    const auto& asked = tape.asked[it.asked];
    if (const auto* answer = std::get_if<capsule::Answer>(&it.with))
      return fmt::format("{} was answered {}", asked, answer->answered.status);
    return fmt::format("{} failed: {}", asked,
                       name(std::get<capsule::Unanswered>(it.with).error.code));
  }
  std::string operator()(const std::shared_ptr<const drive::Stimulus>& what) const {
    const auto* input = std::get_if<resync::Input>(what.get());
    if (input == nullptr) return "somebody did something to it";
    if (std::holds_alternative<resync::Resolved>(*input)) return "a request was on its way";
    if (std::holds_alternative<resync::NamesFound>(*input)) return "SRV records were looked up";
    if (std::holds_alternative<resync::PacSaid>(*input)) return "its PAC file was asked";
    return "its certificate was renewed";
  }
  std::string operator()(const capsule::MessageFate& /*it*/) const {
    return "a log message was sent";
  }
  std::string operator()(const capsule::Told& it) const {
    return std::string(name(it.line->event));
  }
};

}  // namespace

std::string words_of(const capsule::Entry& entry, const capsule::Tape& tape) {
  return std::visit(WordsOf{tape}, entry.what);
}

}  // namespace provphone::client::replay
