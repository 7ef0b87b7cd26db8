#include "test/e2e/name_script.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

namespace provphone::e2e {

using client::transport::test::DnsReply;
using client::transport::test::DnsServer;
using client::transport::test::DnsType;

namespace {

constexpr int most_aliases = 8;  // a circle is said once around and a bit

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

DnsType type_of(const std::string& word) {
  if (word == "AAAA") return DnsType::aaaa;
  return word == "CNAME" ? DnsType::cname : DnsType::a;
}

}  // namespace

NameScript::NameScript(const std::string& text) {
  for (const auto& line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.empty() || line.starts_with('#')) continue;
    if (line.starts_with("? ")) {
      expected_.push_back(line.substr(2));
      continue;
    }
    INFO("a line of a dns.txt: " << line);
    REQUIRE(words.size() >= 2);
    lines_.push_back(line_of(words));
  }
  server_ = std::make_unique<DnsServer>(
      loop_, [this](const std::string& name, DnsType type) { return answer(name, type); });
  thread_ = std::thread([this] { loop_.run(); });
}

NameScript::~NameScript() {
  stop();
}

void NameScript::stop() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

const std::vector<std::string>& NameScript::asked() {
  stop();
  return server_->asked;
}

NameScript::Line NameScript::line_of(const std::vector<std::string>& words) const {
  Line line;
  line.record.name = words[0];
  line.says = words[1] == "silent"  ? Says::silence
              : words[1] == "fails" ? Says::failure
                                    : Says::record;
  std::size_t next = 2;
  if (line.says == Says::record) {
    REQUIRE(words.size() >= 3);
    line.record.type = type_of(words[1]);
    line.record.value = words[next++];
  }
  for (; next < words.size(); ++next) {
    const auto& word = words[next];
    const auto number = static_cast<unsigned>(std::stoul(word.substr(word.find('=') + 1)));
    if (word.starts_with("ttl=")) line.record.time_to_live = number;
    if (word.starts_with("first=")) line.first = number;
    if (word.starts_with("last=")) line.last = number;
  }
  return line;
}

// Aliases with what they lead to, as a name server that asks further has them.
void NameScript::add_records(DnsReply& reply, const std::string& name, DnsType type,
                             unsigned count) const {
  auto wanted = name;
  for (int aliases = 0; aliases <= most_aliases; ++aliases) {
    std::string alias;
    for (const auto& line : lines_) {
      const bool counts = line.record.name == wanted && line.says == Says::record &&
                          line.first <= count && count <= line.last;
      if (!counts) continue;
      if (line.record.type == DnsType::cname) alias = line.record.value;
      if (line.record.type == type || line.record.type == DnsType::cname)
        reply.records.push_back(line.record);
    }
    if (alias.empty()) return;
    wanted = alias;
  }
}

std::unique_ptr<DnsReply> NameScript::answer(const std::string& name, DnsType type) {
  const auto count = ++questions_[name + (type == DnsType::aaaa ? " AAAA" : " A")];
  auto reply = std::make_unique<DnsReply>();
  bool is_known = false;
  for (const auto& line : lines_) {
    if (line.record.name != name) continue;
    is_known = true;
    if (line.first > count || count > line.last) continue;
    if (line.says == Says::silence) return nullptr;
    if (line.says == Says::failure) reply->code = DnsReply::Code::server_failure;
  }
  if (!is_known) reply->code = DnsReply::Code::no_such_name;
  if (reply->code == DnsReply::Code::ok) add_records(*reply, name, type, count);
  return reply;
}

}  // namespace provphone::e2e
