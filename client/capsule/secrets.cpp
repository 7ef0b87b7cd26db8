#include "client/capsule/secrets.hpp"

#include "client/capsule/secret_places.hpp"
#include "client/scenario/read.hpp"
#include "macro/ascii.hpp"
#include "profile/catalogue.hpp"
#include "profile/hash.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

namespace provphone::client::capsule {
namespace {

using std::string_view;

constexpr std::size_t least_alone = 4, least_anywhere = 6;

std::uint32_t first_four(string_view text) {
  std::uint32_t four = 0;
  std::memcpy(&four, text.data(), sizeof four);
  return four;
}

bool is_number(string_view text) {
  return std::all_of(text.begin(), text.end(), ascii::is_digit);
}

bool is_small_hexadecimal(string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return ascii::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::string in_markup(string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string in_url(string_view text) {
  static constexpr string_view digits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (ascii::is_alnum(c) || string_view("-._~").find(c) != string_view::npos) {
      escaped += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    escaped += {'%', digits[octet >> 4U], digits[octet & 15U]};
  }
  return escaped;
}

std::string out_of_markup(string_view text) {
  static constexpr std::array<std::pair<string_view, char>, 5> references{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    const auto* const found =
        std::find_if(references.begin(), references.end(),
                     [&](const auto& each) { return rest.starts_with(each.first); });
    plain += found == references.end() ? text[at] : found->second;
    at += found == references.end() ? 1 : found->first.size();
  }
  return plain;
}

// A password may be a word that scenarios and profiles are written with, and such words must stay.
bool is_word_of_files(const std::string& text) {
  static const std::set<std::string, std::less<>> words = [] {
    std::set<std::string, std::less<>> all{"refused", "timeout",  "corrupt", "minted",
                                           "generic", "restored", "operator"};
    for (const auto& block : scenario::known_blocks())
      for (const auto& key : block.keys) all.emplace(key.name);
    return all;
  }();
  return words.contains(text) || profile::find_parameter(text);
}

// Another one of its kind, so that the text keeps its shape.
char like(char c, unsigned chance, bool is_hexadecimal) {
  if (is_hexadecimal) return "0123456789abcdef"[chance % 16];
  if (ascii::is_digit(c)) return static_cast<char>('0' + chance % 10);
  if (c >= 'a' && c <= 'z') return static_cast<char>('a' + chance % 26);
  if (c >= 'A' && c <= 'Z') return static_cast<char>('A' + chance % 26);
  return c;
}

}  // namespace

std::string Secrets::stand_in(string_view value) const {
  std::string put;
  const bool is_hexadecimal = is_small_hexadecimal(value);
  std::string chances;
  for (const char c : value) {
    if (put.size() * 2 >= chances.size())
      chances += profile::hash_hex(profile::Hash::sha256,
                                   salt_ + std::to_string(put.size()) + std::string(value));
    const auto chance = std::stoul(chances.substr(put.size() * 2, 2), nullptr, 16);
    put += like(c, static_cast<unsigned>(chance), is_hexadecimal);
  }
  return put;
}

void Secrets::spell(std::string found, std::string put) {
  put_for_.emplace(found, put);
  if (found.size() < least_alone || is_word_of_files(found)) return;
  if (found.size() < least_anywhere && is_number(found)) return;
  const bool alone = found.size() < least_anywhere || is_number(found);
  auto& alike = spellings_[first_four(found)];
  const auto longer = [&](const Spelling& each) { return each.found.size() > found.size(); };
  const auto place = std::find_if_not(alike.begin(), alike.end(), longer);
  alike.insert(place, {std::move(found), std::move(put), alone});
}

void Secrets::add(string_view value) {
  // A macro is no secret, whatever it stands for.
  if (value.empty() || value.front() == '$' || put_for_.contains(std::string(value))) return;
  const auto put = stand_in(value);
  spell(std::string(value), put);
  if (auto escaped = in_markup(value); escaped != value) spell(std::move(escaped), in_markup(put));
  if (auto escaped = in_url(value); escaped != value) spell(std::move(escaped), in_url(put));
}

void Secrets::add_of(const std::vector<macro::Assignment>& assignments) {
  for (const auto& [name, value] : assignments) {
    if (const auto id = profile::find_parameter(name); id && profile::parameter(*id).secret)
      add(value);
    add_of_text(value);
  }
}

void Secrets::add_of(const profile::ParameterSet& parameters) {
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<profile::ParameterId>(i);
    if (profile::parameter(id).secret) add(parameters.get(id));
  }
}

void Secrets::add_of(const Secrets& others) {
  for (const auto& [found, put] : others.put_for_)
    if (!put_for_.contains(found)) spell(found, put);
}

void Secrets::add_of_text(string_view text) {
  for_each_secret_place(text, [&](Stretch place) {
    add(out_of_markup(text.substr(place.from, place.to - place.from)));
  });
}

const Secrets::Spelling* Secrets::spelling_at(string_view text, std::size_t at) const {
  const auto alike = spellings_.find(first_four(text.substr(at)));
  if (alike == spellings_.end()) return nullptr;
  for (const auto& each : alike->second) {
    if (text.substr(at, each.found.size()) != each.found) continue;
    const auto end = at + each.found.size();
    const bool is_alone = (at == 0 || !ascii::is_alnum(text[at - 1])) &&
                          (end == text.size() || !ascii::is_alnum(text[end]));
    if (is_alone || !each.stands_alone) return &each;
  }
  return nullptr;
}

void Secrets::append_replaced(std::string& replaced, string_view text) const {
  std::size_t done = 0, at = 0;
  while (at + least_alone <= text.size()) {
    const auto* spelling = spelling_at(text, at);
    if (spelling == nullptr) {
      ++at;
      continue;
    }
    replaced.append(text.substr(done, at - done)).append(spelling->put);
    done = at += spelling->found.size();
  }
  replaced.append(text.substr(done));
}

std::string Secrets::replaced(string_view text) const {
  std::string replaced;
  std::size_t done = 0;
  for_each_secret_place(text, [&](Stretch place) {
    append_replaced(replaced, text.substr(done, place.from - done));
    const std::string value(text.substr(place.from, place.to - place.from));
    const auto known = put_for_.find(value);
    replaced += known == put_for_.end() ? stand_in(value) : known->second;
    done = place.to;
  });
  append_replaced(replaced, text.substr(done));
  return replaced;
}

}  // namespace provphone::client::capsule
