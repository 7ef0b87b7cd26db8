#include "client/replay/answers.hpp"

#include "client/transport/exchange.hpp"

#include <utility>

namespace provphone::client::replay {
namespace {

// The host of `GET http://host:80/path`, as URLs spell it.
std::string host_of(std::string_view asked) {
  const auto start = asked.find("://");
  if (start == std::string_view::npos) return {};
  auto host = asked.substr(start + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

}  // namespace

Answers::Answers(const capsule::Tape& tape) {
  std::unordered_map<std::uint32_t, std::string> resolved;  // by phone, what came before its answer
  for (const auto& entry : tape.entries) {
    if (const auto* what = std::get_if<std::shared_ptr<const drive::Stimulus>>(&entry.what)) {
      const auto* input = std::get_if<resync::Input>(what->get());
      if (const auto* it = input == nullptr ? nullptr : std::get_if<resync::Resolved>(input))
        resolved[entry.phone] = it->address;
    }
    const auto* ended = std::get_if<capsule::Ended>(&entry.what);
    if (ended == nullptr) continue;
    const auto& asked = tape.asked[ended->asked];
    given_[asked].push_back({entry.at, entry.phone, ended});
    if (const auto address = resolved.find(entry.phone); address != resolved.end())
      addresses_.try_emplace(host_of(asked), address->second);
  }
}

const capsule::Ended* Answers::find(std::string_view asked, std::uint32_t phone,
                                    resync::Time now) const {
  const auto given = given_.find(asked);
  if (given == given_.end()) return nullptr;
  const capsule::Ended* own = nullptr;
  const capsule::Ended* others = nullptr;
  for (const auto& each : given->second) {
    auto*& found = each.phone == phone ? own : others;
    if (found == nullptr || each.at <= now) found = each.ended;
  }
  return own != nullptr ? own : others;
}

std::string Answers::address_of(const std::string& host) const {
  if (auto literal = transport::address_literal(host); !literal.empty()) return literal;
  const auto known = addresses_.find(host);
  return known == addresses_.end() ? std::string() : known->second;
}

}  // namespace provphone::client::replay
