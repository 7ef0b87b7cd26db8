#pragma once

#include "client/transport/names.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <vector>

namespace provphone::client::transport::test {

// A name server that answers when the test says so, and the time.
struct NameWorld {
  struct Question {
    std::string name;
    AddressFamilies families;
    TellAddresses tell;
  };

  NameOptions options(NameScope scope = NameScope::targets) {
    NameOptions made;
    made.scope = scope;
    made.ask = [this](const std::string& name, AddressFamilies families, TellAddresses tell) {
      questions.push_back({name, families, std::move(tell)});
    };
    made.now = [this] { return now; };
    return made;
  }

  // Answers the question that was asked first.
  void reply(NameAnswer answer) {
    const auto question = std::move(questions.front());
    questions.pop_front();
    question.tell(std::move(answer));
  }
  // None: the name has no address.
  void answer(const std::vector<const char*>& addresses,
              std::chrono::seconds time_to_live = std::chrono::hours(1)) {
    NameAnswer made;
    for (const char* address : addresses)
      made.addresses.push_back(boost::asio::ip::make_address(address));
    if (!addresses.empty()) made.outcome = NameAnswer::Outcome::found;
    made.time_to_live = time_to_live;
    reply(std::move(made));
  }
  void stay_silent() { reply({NameAnswer::Outcome::silent, {}, {}, "no answer", {}}); }

  std::deque<Question> questions;  // without an answer
  std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
};

}  // namespace provphone::client::transport::test
