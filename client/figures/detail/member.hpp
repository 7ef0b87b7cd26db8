#pragma once

#include "client/figures/histogram.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How results are read back. Files come from other machines and other hands, so every number is
// checked against what the figures can hold.
namespace provphone::client::figures {

using ParsedJson = nlohmann::json;

inline constexpr std::uint64_t most_counted = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint64_t most_small = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::size_t most_entries = 100'000;  // groups, shards, expectations, ...
// Three decades.
inline constexpr std::uint64_t longest_ms = 1'000'000'000'000;

// A value and where it stands. What is missing or out of bounds reads as 0 or empty, and the first
// such place is kept as the complaint.
class Member {
 public:
  Member(const ParsedJson& value, std::string path, std::string& complaint)
      : value_(value), path_(std::move(path)), complaint_(complaint) {}

  Member operator[](const char* member) const {
    // Null, which no reader takes: each complains as it would of a wrong value.
    static const ParsedJson missing;
    const auto path = path_.empty() ? member : fmt::format("{}.{}", path_, member);
    const auto found = value_.find(member);
    return {found == value_.end() ? missing : *found, path, complaint_};
  }

  // A member that files of earlier versions do not have.
  std::optional<Member> if_there(const char* member) const {
    return has(member) ? std::optional((*this)[member]) : std::nullopt;
  }
  // Of an object: what may be left out is asked for only where it is there.
  bool has(const char* member) const { return value_.is_object() && value_.contains(member); }
  bool is_null() const { return value_.is_null(); }

  bool boolean() const {
    if (!value_.is_boolean()) expected("true or false");
    return value_.is_boolean() && value_.get<bool>();
  }

  std::vector<Member> list(std::size_t most = most_entries) const {
    if (!value_.is_array() || value_.size() > most) {
      expected(fmt::format("a list of at most {}", most));
      return {};
    }
    std::vector<Member> entries;
    for (std::size_t i = 0; i < value_.size(); ++i)
      entries.emplace_back(value_[i], fmt::format("{}[{}]", path_, i), complaint_);
    return entries;
  }

  std::vector<std::string> texts(std::size_t most = most_entries) const {
    std::vector<std::string> all;
    for (const auto& entry : list(most)) all.push_back(entry.text());
    return all;
  }

  std::vector<std::pair<std::string, Member>> members() const {
    std::vector<std::pair<std::string, Member>> all;
    if (!value_.is_object()) expected("an object");
    for (const auto& [member, value] : value_.items())
      all.emplace_back(member, Member(value, path_ + "." + member, complaint_));
    return all;
  }

  template <class Number = std::uint64_t>
  Number whole(std::uint64_t most = most_counted) const {
    const bool fits = value_.is_number_unsigned() && value_.get<std::uint64_t>() <= most;
    if (!fits) expected(fmt::format("a whole number from 0 to {}", most));
    return fits ? static_cast<Number>(value_.get<std::uint64_t>()) : Number{};
  }

  double real() const {
    const double number = value_.is_number() ? value_.get<double>() : -1;
    if (number >= 0 && std::isfinite(number)) return number;
    expected("a number that is not negative");
    return 0;
  }

  // Control characters would reach a terminal; they are blanks here.
  std::string text() const {
    if (!value_.is_string()) {
      expected("a text");
      return {};
    }
    auto text = value_.get<std::string>();
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
  }

  void expected(std::string_view what) const {
    if (complaint_.empty()) complaint_ = fmt::format("{}: expected {}", path_, what);
  }

 private:
  const ParsedJson& value_;
  std::string path_;
  std::string& complaint_;
};

// --- what several parts of a result have

// [place, count] of those that are not 0.
template <class Counts>
Counts read_sparse(const Member& from) {
  Counts counts{};
  for (const Member& entry : from.list(counts.size())) {
    const auto pair = entry.list(2);
    if (pair.size() != 2) {
      entry.expected("a place and a count");
      continue;
    }
    // What is out of bounds reads as 0, so that the place is one in any case.
    counts[pair[0].whole(counts.size() - 1)] = pair[1].whole<std::uint32_t>(most_small);
  }
  return counts;
}

inline Histogram read_histogram(const Member& from) {
  return Histogram::of(read_sparse<Histogram::Counts>(from["buckets"]),
                       from["largest"].whole<std::int64_t>(), from["sum"].whole());
}

inline MacAddress read_mac(const Member& from) {
  const auto mac = parse_mac_address(from.text());
  if (!mac) from.expected("a MAC address");
  return mac.value_or(MacAddress{});
}

}  // namespace provphone::client::figures
