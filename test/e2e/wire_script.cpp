#include "test/e2e/wire_script.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <mutex>

namespace provphone::e2e {
namespace {

// A mark ends with the first blank: `>`, `>~`, `>!`, `>!~`, `<`, `<<` and `=`.
std::string behind_mark(const std::string& line) {
  const auto blank = line.find(' ');
  return blank == std::string::npos ? std::string() : line.substr(blank + 1);
}

std::string with_port(std::string text, std::uint16_t port) {
  const std::string name = "@WIRE@";
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
    text.replace(at, name.size(), std::to_string(port));
  return text;
}

// `Content-Length: *` is that of what stands behind the headers.
std::string with_length(std::string answer) {
  const std::string header = "Content-Length: *\r\n";
  const std::string end = "\r\n\r\n";
  const auto at = answer.find(header);
  const auto body = answer.find(end);
  if (at == std::string::npos || body == std::string::npos) return answer;
  const auto length = std::to_string(answer.size() - body - end.size());
  return answer.replace(at + header.find('*'), 1, length);
}

std::vector<std::string> lines_sent(const std::string& request) {
  auto lines = lines_of(request);
  for (auto& line : lines)
    if (line.ends_with('\r')) line.pop_back();
  return lines;
}

bool holds(const std::string& asked, const std::vector<std::string>& lines) {
  const auto text = behind_mark(asked);
  const auto any = [&](auto fits) { return std::any_of(lines.begin(), lines.end(), fits); };
  if (asked.starts_with(">~"))
    return any([&](const std::string& line) { return contains(line, text); });
  if (asked.starts_with(">!~"))
    return !any([&](const std::string& line) { return contains(line, text); });
  if (asked.starts_with(">!"))
    return !any([&](const std::string& line) { return line.starts_with(text); });
  return any([&](const std::string& line) { return line == text; });
}

}  // namespace

WireScript::WireScript(std::string text) {
  for (const auto& line : lines_of(text)) {
    if (line.starts_with('#')) continue;
    const bool begins = !line.starts_with('>') || turns_.empty() || !turns_.back().answer.empty();
    if (line.starts_with('>') && begins) turns_.emplace_back();
    if (line.empty()) continue;
    INFO("a line of a wire.txt: " << line);
    REQUIRE_FALSE(turns_.empty());
    auto& turn = turns_.back();
    if (line.starts_with('>')) {
      turn.asked.push_back(line);
    } else if (line.starts_with('<')) {
      turn.answer += behind_mark(line) + (line.starts_with("<<") ? "" : "\r\n");
    } else {
      REQUIRE(line == "= close");
      turn.closes = true;
    }
  }
  REQUIRE_FALSE(turns_.empty());
  for (auto& turn : turns_) turn.answer = with_length(std::move(turn.answer));
  server_ = std::make_unique<ScriptedServer>([this](Peer& peer) { converse(peer); });
}

void WireScript::converse(Peer& peer) {
  for (;;) {
    const auto request = peer.read_request_with_body();
    if (request.empty()) return;
    if (next_ == turns_.size()) {
      objections_.push_back("one more request: " + request);
      return;
    }
    const auto& turn = turns_[next_++];
    compare(turn, request);
    peer.send(with_port(turn.answer, port()));
    if (turn.closes) return;
  }
}

void WireScript::compare(const Turn& turn, const std::string& request) {
  const auto lines = lines_sent(request);
  for (const auto& asked : turn.asked)
    if (!holds(with_port(asked, port()), lines))
      objections_.push_back(asked + "\n  is not so in\n" + request);
}

std::vector<std::string> WireScript::objections() const {
  auto all = objections_;
  if (next_ < turns_.size()) all.push_back("nobody asked: " + turns_[next_].asked.front());
  return all;
}

}  // namespace provphone::e2e
