#include "test/profile/profile_generator.hpp"

#include <algorithm>
#include <string_view>

namespace provphone::profile::samples {
namespace {

using Random = std::mt19937;

template <std::size_t size>
std::string_view one_of(Random& random, const std::string_view (&choices)[size]) {
  return choices[random() % size];
}

constexpr std::string_view names[]{"GPP_A",
                                   "GPP_B",
                                   "GPP_C",
                                   "GPP_D",
                                   "Resync_Periodic",
                                   "Provision_Enable",
                                   "Report_To_Server",
                                   "Report_to_Server",
                                   "Dial_Plan_1_",
                                   "flat-profile",
                                   "unknown.x-1",
                                   "caf\xc3\xa9:\xff"};

constexpr std::string_view rights[]{" ua=\"rw\"", "\n\tua='ro'", " ua = \"na\" ", " ua='r&#111;'",
                                    " ua=\"R\""};

constexpr std::string_view attributes[]{" group='a/b'", " um=\"\"", " other=\"a&lt;b&amp;\"",
                                        " x='\r\n \"'", " z=\"'\xe9\""};

constexpr std::string_view texts[]{"a",     "Yes",    "3600",     " b",        "c  ",      "\td",
                                   "e\n",   "\rf",    "g\r\nh",   "\n \ni",    "\"\"",     "\"",
                                   "'",     "]",      "]]",       ">",         "&amp;",    "&lt;",
                                   "&gt;",  "&quot;", "&apos;",   "&#32;",     "&#10;",    "&#13;",
                                   "&#x9;", "&#xe9;", "&#x20AC;", "&#x1F600;", "\xc3\xa9", "\xff"};

// What tinyxml2 is known to read otherwise, and so seldom that most files have none.
constexpr std::string_view oddities[]{" ", "\t", "\r\n", "\n\r", "<?x?>", "<?x <a> ? >?>"};

constexpr std::string_view asides[]{"<!---->",          "<!-- <GPP_A>&nbsp;</GPP_B> - -->",
                                    "<![CDATA[]]>",     "<![CDATA[ a&amp;<b>\r\n]] ]]>",
                                    "<![CDATA[\"\"]]>", "<![CDATA[ ]]>"};

// What makes XML go wrong, or nearly.
constexpr std::string_view splinters[]{"<",
                                       ">",
                                       "/",
                                       "&",
                                       ";",
                                       "'",
                                       "\"",
                                       "=",
                                       " ",
                                       "!",
                                       "-",
                                       "--",
                                       "]]>",
                                       "-->",
                                       "<!--",
                                       "<![CDATA[",
                                       "<![CDATA[x]]>",
                                       "<?x?>",
                                       "<?",
                                       "?>",
                                       "<? x?>",
                                       "<?xml version='1.0'?>",
                                       "<!DOCTYPE a>",
                                       "<!ELEMENT a>",
                                       "<!",
                                       "</",
                                       "/>",
                                       "<x>",
                                       "</x>",
                                       "<x/>",
                                       "</ x>",
                                       "</x y='1'>",
                                       "< x/>",
                                       "<1/>",
                                       "&nbsp;",
                                       "&#0;",
                                       "&#xd800;",
                                       "&#x110000;",
                                       "&lt",
                                       "&#-1;",
                                       "\x01",
                                       {"\0", 1},
                                       "<x a='1' a='2'/>",
                                       "<x a/>",
                                       "<x a=1/>",
                                       "<x a='<'/>",
                                       "<x a='1'b='2'/>",
                                       "<x a=\xe2\x80\x9c\x31\xe2\x80\x9d/>",
                                       "text",
                                       "\xff"};

std::string contents(Random& random) {
  std::string text;
  for (auto count = random() % 5; count > 0; --count) {
    const auto kind = random() % 200;
    text += kind == 0   ? one_of(random, oddities)
            : kind < 30 ? one_of(random, asides)
                        : one_of(random, texts);
  }
  return text;
}

std::string element(Random& random, int depth) {
  const auto name = depth == 0 ? "flat-profile" : one_of(random, names);
  std::string text("<");
  text += name;
  if (random() % 4 == 0) text += one_of(random, rights);
  for (const auto attribute : attributes) {
    if (random() % 20 == 0) text += attribute;
  }
  if (random() % 8 == 0) return text + "/>";
  text += random() % 10 == 0 ? " >" : ">";
  const bool is_leaf = depth > 3 || (depth > 0 && random() % 4 != 0);
  text += contents(random);
  for (auto count = is_leaf ? 0 : random() % 12; count > 0; --count) {
    text += element(random, depth + 1);
    text += random() % 2 == 0 ? "\n" : contents(random);
  }
  return text.append("</").append(name).append(random() % 10 == 0 ? "\n>" : ">");
}

}  // namespace

std::string generated_profile(Random& random) {
  std::string text = random() % 10 == 0 ? "\xef\xbb\xbf" : "";
  if (random() % 3 == 0) text += "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n";
  if (random() % 10 == 0) text += "<?xml-stylesheet a='b'?>";
  if (random() % 10 == 0) text += "<!-- made up -->\r\n";
  text += element(random, random() % 4 == 0 ? 1 : 0);
  if (random() % 4 == 0) text += "\n";
  return text;
}

std::string mutated(Random& random, std::string text) {
  for (auto count = 1 + random() % 3; count > 0; --count) {
    const auto place = random() % 12;  // the edges more often than chance would have them
    const auto at = place == 0 ? 0 : place == 1 ? text.size() : random() % (text.size() + 1);
    const auto length = std::min<std::size_t>(random() % 12, text.size() - at);
    switch (random() % 4) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.insert(at, one_of(random, splinters));
        break;
      default:
        text.replace(at, length, one_of(random, splinters));
    }
  }
  return text;
}

}  // namespace provphone::profile::samples
