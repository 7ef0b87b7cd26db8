#include "client/expect/identities.hpp"
#include "resync/random.hpp"
#include "test/client/expect/world.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

// The search of documents against a slow one that says what is searched for: every token by itself,
// and every twelve digits.
namespace document_scan_test {

using namespace provphone;
using namespace provphone::test;
using client::expect::Datum;
using client::expect::Identities;
using client::expect::Mention;

namespace {

constexpr auto* house = R"(
phones:
  - {group: a, count: 4, mac: 000e08001000, serial: "FCH2200{index:04X}",
     set: {User_ID_1_: "{index+1000}", User_ID_2_: "{index+2000000}", Auth_ID_1_: "u-{index}@h.net"}}
)";

struct Known {
  Mention mention;
  bool is_token;  // wherever it is a token of its own, else only as the whole text of its element
  std::string element;
};

std::map<std::string, Known> known_texts() {
  std::map<std::string, Known> known;
  for (std::uint32_t i = 0; i < 4; ++i) {
    known["fch2200000" + std::to_string(i)] = {{i, Datum::serial}, true, ""};
    known[std::to_string(1000 + i)] = {{i, Datum::user_name}, false, "User_ID"};
    known[std::to_string(2'000'000 + i)] = {{i, Datum::user_name}, false, ""};
    known["u-" + std::to_string(i) + "@h.net"] = {{i, Datum::user_name}, true, ""};
  }
  return known;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// Of the widest kinds of tokens that octet is a part of; 3: of none.
int breaks(char c) {
  if ((c >= '0' && c <= '9') || (lower(std::string(1, c))[0] >= 'a' && lower({c})[0] <= 'z') ||
      static_cast<unsigned char>(c) >= 0x80)
    return 0;
  if (std::string("-_.+~!$*%#").find(c) != std::string::npos) return 1;
  return std::string(":@/?\\").find(c) != std::string::npos ? 2 : 3;
}

using Finds = std::vector<std::pair<std::size_t, Mention>>;  // by where they end

void find_tokens(const std::string& document, Finds& finds) {
  const auto known = known_texts();
  for (int kind = 1; kind <= 3; ++kind) {
    std::string token;
    for (std::size_t at = 0; at <= document.size(); ++at) {
      if (at < document.size() && breaks(document[at]) < kind) {
        token += document[at];
        continue;
      }
      const auto found = known.find(lower(token));
      if (found != known.end() && found->second.is_token)
        finds.push_back({at * 2 + 1, found->second.mention});
      token.clear();
    }
  }
}

void find_whole_texts(const std::string& document, Finds& finds) {
  const auto known = known_texts();
  std::string element;
  std::size_t text = std::string::npos;
  for (std::size_t at = 0; at < document.size(); ++at) {
    if (document[at] == '>') text = at + 1;
    if (document[at] != '<') continue;
    if (text != std::string::npos) {
      auto whole = document.substr(text, at - text);
      const auto first = whole.find_first_not_of(" \t\r\n");
      whole = first == std::string::npos
                  ? ""
                  : whole.substr(first, whole.find_last_not_of(" \t\r\n") + 1 - first);
      const auto found = known.find(lower(whole));
      if (found != known.end() && lower(element).rfind(lower(found->second.element), 0) == 0)
        finds.push_back({at * 2 + 1, found->second.mention});
    }
    element = document.substr(at + 1, document.find_first_of("> \t\r\n/", at + 1) - at - 1);
    text = std::string::npos;
  }
}

bool is_encoded_separator(const std::string& document, std::size_t at) {
  const auto code = lower(document.substr(at, 3));
  return code == "%3a" || code == "%2d";
}

// Twelve digits from `at` on, with at most one separator between two of them.
void find_address(const std::string& document, std::size_t at, Finds& finds) {
  std::string digits;
  bool may_separate = false;
  while (at < document.size() && digits.size() < 12) {
    if (is_encoded_separator(document, at)) {
      at += 3;
      continue;
    }
    if (std::isxdigit(static_cast<unsigned char>(document[at])) != 0) {
      digits += document[at];
      may_separate = true;
    } else if (!may_separate || std::string(":-._ ").find(document[at]) == std::string::npos) {
      return;
    } else {
      may_separate = false;
    }
    ++at;
  }
  if (digits.size() < 12) return;
  const auto address = std::stoull(digits, nullptr, 16);
  if (address >= 0x000e08001000 && address < 0x000e08001004)
    finds.push_back(
        {(at - 1) * 2, {static_cast<std::uint32_t>(address - 0x000e08001000), Datum::address}});
}

std::vector<Mention> slowly(const std::string& document) {
  Finds finds;
  find_tokens(document, finds);
  find_whole_texts(document, finds);
  for (std::size_t at = 0; at < document.size(); ++at) {
    // A digit of an encoded separator begins no address.
    const bool is_encoded = (at >= 1 && is_encoded_separator(document, at - 1)) ||
                            (at >= 2 && is_encoded_separator(document, at - 2));
    if (!is_encoded && std::isxdigit(static_cast<unsigned char>(document[at])) != 0)
      find_address(document, at, finds);
  }
  std::stable_sort(finds.begin(), finds.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Mention> mentions;
  for (const auto& [at, mention] : finds) {
    if (std::find(mentions.begin(), mentions.end(), mention) == mentions.end())
      mentions.push_back(mention);
  }
  mentions.resize(std::min(mentions.size(), client::expect::max_incidents + 4));
  return mentions;
}

constexpr std::array<const char*, 36> pieces{"<User_ID_1_>",
                                             "</User_ID_1_>",
                                             "<GPP_A ua=\"na\">",
                                             "</GPP_A>",
                                             "<!-- ",
                                             " -->",
                                             "1001",
                                             "1002",
                                             "2000003",
                                             "FCH22000001",
                                             "fch22000002",
                                             "u-1@h.net",
                                             "U-3@H.net",
                                             "000e08001002",
                                             "00:0E:08:00:10:01",
                                             "00%3A0e%3A08%3a00%2D10%3A03",
                                             "000e.0800.1000",
                                             "00 0e 08 00 10 00",
                                             "000e08",
                                             "001003",
                                             " ",
                                             "\n",
                                             ":",
                                             "_",
                                             "-",
                                             "%",
                                             "%3A",
                                             "/",
                                             "@",
                                             "x",
                                             "q3",
                                             "ff",
                                             "\"",
                                             "\xc3\xa4",
                                             ".",
                                             "value of nobody"};

}  // namespace

TEST_CASE("a document is found to name whom a search octet by octet finds in it") {
  const auto scenario = scenario_of(house);
  const Identities identities(scenario);
  std::uint32_t draws = 0;
  const auto draw = [&](std::uint32_t limit) {
    return resync::draw_up_to({7, 1, resync::Purpose::periodic}, draws++, limit);
  };
  std::size_t mentions = 0;
  for (int i = 0; i < 4'000; ++i) {
    std::string document;
    for (auto left = 1 + draw(24); left > 0; --left)
      document += pieces[draw(std::uint32_t{pieces.size()} - 1)];
    INFO(document);
    const auto named = identities.named_in(document);
    REQUIRE(named == slowly(document));
    mentions += named.size();
  }
  CHECK(mentions > 5'000);
}

}  // namespace document_scan_test
