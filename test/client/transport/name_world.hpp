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
    TellAddresses tell;
  };

  NameOptions options(NameScope scope = NameScope::targets) {
    return {.scope = scope,
            .ask =
                [this](const std::string& name, TellAddresses tell) {
                  questions.push_back({name, std::move(tell)});
                },
            .now = [this] { return now; }};
  }

  // Answers the question that was asked first.
  void answer(const std::vector<const char*>& addresses) {
    const auto question = std::move(questions.front());
    questions.pop_front();
    Addresses made;
    for (const char* address : addresses) made.push_back(boost::asio::ip::make_address(address));
    question.tell(std::move(made));
  }

  std::deque<Question> questions;  // without an answer
  std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
};

}  // namespace provphone::client::transport::test
