#include "profile/snapshot.hpp"
#include "test/profile/corpus.hpp"
#include "test/profile/profile_generator.hpp"
#include "test/profile/two_readers.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <tinyxml2.h>

#include <algorithm>
#include <random>
#include <set>

namespace second_opinion_test {

// The profile reader beside tinyxml2: where both take a file they find the same in it, and where
// they are of two minds, the way in which is listed here, with its reason.
using namespace provphone::profile;
using namespace provphone::profile::samples;
namespace fs = std::filesystem;

namespace {

enum class Side { only_phone_refuses, only_tinyxml2_refuses, text_differs };

struct Disagreement {
  Side side;
  std::string_view mark;  // in the refusal, or the quirk
  std::string_view reason;
};

constexpr std::string_view blanks = "blanks", line_ends = "line ends";

constexpr Disagreement disagreements[]{
    {Side::only_phone_refuses, "& that begins no entity XML knows", "to tinyxml2 it is text"},
    {Side::only_phone_refuses, "]]> outside CDATA", "to tinyxml2 it is text"},
    {Side::only_phone_refuses, "control character", "to tinyxml2 it is text, and NUL the end"},
    {Side::only_phone_refuses, "< in the attribute value", "to tinyxml2 it is text"},
    {Side::only_phone_refuses, "-- inside a comment", "tinyxml2 looks for --> alone"},
    {Side::only_phone_refuses, "a comment inside the one", "tinyxml2 looks for --> alone"},
    {Side::only_phone_refuses, "< that begins no tag", "tinyxml2 skips blanks behind <"},
    {Side::only_phone_refuses, "an end tag that is not of the form",
     "tinyxml2 skips blanks behind </ and reads attributes there"},
    {Side::only_phone_refuses, "a character that no name can hold",
     "tinyxml2 wants no blank before an attribute"},
    {Side::only_phone_refuses, "<! that begins no comment",
     "tinyxml2 keeps whatever it is as unknown"},
    {Side::only_phone_refuses, "a document type declaration",
     "R-XML-09; tinyxml2 keeps it as unknown"},
    {Side::only_phone_refuses, "<? without a name", "tinyxml2 looks for ?> alone"},
    {Side::only_phone_refuses, "an XML declaration that is not the first thing",
     "tinyxml2 takes any number of declarations in front"},
    {Side::only_phone_refuses, "text before the first element", "tinyxml2 reads fragments"},
    {Side::only_phone_refuses, "text after the end of the outermost element",
     "tinyxml2 reads fragments"},
    {Side::only_phone_refuses, "CDATA outside the outermost element", "tinyxml2 reads fragments"},
    {Side::only_phone_refuses, "a second element beside the outermost one",
     "tinyxml2 reads fragments"},
    {Side::only_phone_refuses, "an end tag outside the outermost element",
     "tinyxml2 stops there, content"},
    {Side::only_phone_refuses, "elements nested more than", "R-XML-22; tinyxml2's limit is 100"},
    {Side::only_phone_refuses, "more than 20000 elements", "R-XML-22; tinyxml2 has no limit"},
    {Side::only_phone_refuses, "more than 64 attributes in one tag",
     "R-XML-22; tinyxml2 has no limit"},
    {Side::only_tinyxml2_refuses, "XML_ERROR_PARSING_DECLARATION",
     "tinyxml2 takes processing instructions for declarations, which it wants in front"},
    {Side::text_differs, blanks, "tinyxml2 drops a piece of text that is white space alone"},
    {Side::text_differs, line_ends,
     "tinyxml2 takes LF CR for one line end, XML for two (R-XML-13)"},
};

class Comparison {
 public:
  void add(const std::string& file) {
    const auto phone = read_by_phone(file);
    const auto tinyxml2 = read_by_tinyxml2(file);
    INFO(fmt::format("the phone: {}\ntinyxml2: {}\n{}", phone.refusal, tinyxml2.refusal,
                     file.substr(0, 2000)));
    if (!phone.refusal.empty() && tinyxml2.refusal.empty())
      note(Side::only_phone_refuses, phone.refusal);
    if (phone.refusal.empty() && !tinyxml2.refusal.empty())
      note(Side::only_tinyxml2_refuses, tinyxml2.refusal);
    if (phone.refusal.empty() && tinyxml2.refusal.empty()) compare(file, phone, tinyxml2);
  }

  std::vector<std::string> never_seen() const {
    std::vector<std::string> rows;
    for (const auto& [side, mark, reason] : disagreements) {
      if (!seen_.contains(mark)) rows.push_back(fmt::format("{} ({})", mark, reason));
    }
    return rows;
  }

  std::size_t settings() const { return settings_; }  // that both found

 private:
  void note(Side side, std::string_view text) {
    for (const auto& one : disagreements) {
      if (one.side == side && text.find(one.mark) != std::string_view::npos) {
        seen_.insert(one.mark);
        return;
      }
    }
    FAIL_CHECK("a disagreement of no listed kind: " << text);
  }

  void compare(const std::string& file, const Opinion& phone, const Opinion& tinyxml2) {
    if (phone.elements == tinyxml2.elements) {
      const auto settings = settings_by_phone(file);
      CHECK(settings == settings_by_tinyxml2(file));
      settings_ += settings.size();
      return;
    }
    for (const unsigned quirks : {drops_blanks, joins_lf_cr, all_quirks}) {
      if (read_by_phone(file, quirks).elements != tinyxml2.elements) continue;
      if (quirks & drops_blanks) note(Side::text_differs, blanks);
      if (quirks & joins_lf_cr) note(Side::text_differs, line_ends);
      return;
    }
    FAIL_CHECK("the two find different elements, and no known quirk of tinyxml2 is why");
  }

  std::set<std::string_view> seen_;  // marks
  std::size_t settings_ = 0;
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

}  // namespace

TEST_CASE(
    "tinyxml2 finds in made-up profiles what the profile reader finds, or it is known why not",
    "[R-XML-10][R-XML-14]") {
  Comparison comparison;
  std::mt19937 random(1971);
  for (int i = 0; i < 4000; ++i) {
    const auto profile = generated_profile(random);
    comparison.add(profile);
    for (int k = 0; k < 3; ++k) comparison.add(mutated(random, profile));
  }
  // Past the limits; chance does not get there.
  comparison.add(repeated("<a>", 33) + repeated("</a>", 33));
  comparison.add("<a>" + repeated("<b/>", 20'000) + "</a>");
  std::string many = "<a";
  for (int i = 0; i < 65; ++i) many += fmt::format(" b{}=''", i);
  comparison.add(many + "/>");
  CHECK(comparison.never_seen() == std::vector<std::string>{});
  CHECK(comparison.settings() > 1000);
}

TEST_CASE(
    "tinyxml2 finds in the fixtures and in files from the field what the profile reader finds",
    "[R-XML-10][R-XML-14]") {
  std::vector<fs::path> folders{PROVPHONE_FIXTURES "/profiles", PROVPHONE_FIXTURES "/demo",
                                PROVPHONE_FIXTURES "/fuzz/fuzz_xml"};
  if (const auto folder = corpus_folder()) {
    folders.push_back(*folder);
  } else {
    WARN("fixtures alone: there is no folder of collected profiles; PROVPHONE_CORPUS names one");
  }
  Comparison comparison;
  std::mt19937 random(2001);
  for (const auto& folder : folders) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!is_profile(entry.path())) continue;
      INFO(entry.path());
      const auto profile = read_file(entry.path());
      comparison.add(profile);
      for (int i = 0; i < 20; ++i) comparison.add(mutated(random, profile));
    }
  }
  CHECK(comparison.settings() > 100);
}

TEST_CASE("tinyxml2 reads a phone's status as the phone has it", "[R-XML-33]") {
  std::mt19937 random(33);
  for (int i = 0; i < 2000; ++i) {
    std::string value;
    for (auto count = random() % 8; count > 0; --count)
      value.push_back(random() % 2 == 0 ? "<>&\"' \t\r\n;#]"[random() % 12]
                                        : static_cast<char>(1 + random() % 255));
    const auto text = format_status(std::vector<StatusItem>{{"State", value}});
    INFO(text);
    tinyxml2::XMLDocument document;
    REQUIRE(document.Parse(text.c_str(), text.size()) == tinyxml2::XML_SUCCESS);
    const auto* read = document.RootElement()->FirstChildElement("State")->GetText();
    std::replace_if(
        value.begin(), value.end(),
        [](unsigned char c) { return c < 0x20 && c != '\t' && c != '\r' && c != '\n'; }, '?');
    CHECK((read == nullptr ? std::string() : read) == value);
  }
}

}  // namespace second_opinion_test
