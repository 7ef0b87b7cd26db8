#include "macro/said.hpp"

#include "macro/hide.hpp"

#include <catch2/catch.hpp>

namespace said_test {

using provphone::macro::hide_named_secrets;
using provphone::macro::most_said;
using provphone::macro::said_in;

namespace {

struct Case {
  std::string body;
  std::string said;
};

std::size_t characters_in(const std::string& text) {
  std::size_t count = 0;
  for (const auto c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("of the body of an answer that refuses, the text is what the server says") {
  const std::string nginx =
      "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n"
      "<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n"
      "</body>\r\n</html>\r\n";
  for (const auto& [body, said] : {
           Case{"", ""},
           Case{" \r\n\t", ""},
           Case{"This MAC is not enrolled.\r\n", "This MAC is not enrolled."},
           Case{"a\r\n\r\n  b\tc\v\fd", "a b c d"},
           Case{"\xEF\xBB\xBFno such phone", "no such phone"},
           Case{nginx, "403 Forbidden nginx/1.22.1"},
           Case{"<TITLE>Error</TITLE><h1>Forbidden</h1><p>Ask <b>IT</b>.</p>",
                "Error Forbidden Ask IT."},
           Case{"<style>b{color:red}</style><SCRIPT type=x>if(a<b)c()</Script >no<!-- <b>x -->pe",
                "nope"},
           Case{"<style>never closed", ""},
           Case{"gone<br/>for <i>good</i></p><div class=\"cut of", "gone for good"},
           Case{"<p>a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos; &nbsp;</p>",
                "a <b> &amp; \"c\" 'd' &nbsp;"},
           Case{"<?xml version=\"1.0\"?><error><code>12</code><message><![CDATA[No <such> "
                "phone]]></message></error>",
                "12 No <such> phone"},
           Case{"{\"error\": \"device not found\", \"code\": 17}",
                "{\"error\": \"device not found\", \"code\": 17}"},
           Case{"MAC <000e08000001> is unknown; 1 < 2", "MAC <000e08000001> is unknown; 1 < 2"},
       }) {
    INFO(body);
    CHECK(said_in(body) == said);
  }
}

TEST_CASE("what cannot be seen, or does something to a terminal, stands octet by octet") {
  for (const auto& [body, said] : {
           Case{std::string("a\0b", 3), "a\\x00b"},
           Case{"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
           Case{"M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x93\x9E",
                "M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x93\x9E"},
           Case{"M\xFCller", "M\\xfcller"},
           Case{"cut \xE2\x82", "cut \\xe2\\x82"},
           Case{"\xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80",
                "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80"},
           Case{"C1 \xC2\x9B", "C1 \\xc2\\x9b"},
           Case{"turned \xE2\x80\xAEtxt\xE2\x81\xA6", "turned \\xe2\\x80\\xaetxt\\xe2\\x81\\xa6"},
           Case{"hidden\xE2\x80\x8Bwidth", "hidden\\xe2\\x80\\x8bwidth"},
       }) {
    CHECK(said_in(body) == said);
  }
}

TEST_CASE("never more than 200 characters are said, and no escape is cut") {
  CHECK(said_in(std::string(most_said, 'a')) == std::string(most_said, 'a'));
  std::string expected(most_said - 1, 'a');
  expected.append("\xE2\x80\xA6");
  CHECK(said_in(std::string(most_said + 1, 'a')) == expected);
  std::string umlauts, controls;
  for (int i = 0; i < 3000; ++i) umlauts += "\xC3\xBC";
  CHECK(characters_in(said_in(umlauts)) == most_said);
  CHECK(said_in(umlauts).find('\\') == std::string::npos);
  for (int i = 0; i < 300; ++i) controls += '\x01';
  const auto said = said_in(controls);
  CHECK(characters_in(said) <= most_said);
  CHECK(said.ends_with("\\x01\xE2\x80\xA6"));
  CHECK(characters_in(said_in(std::string(1'000'000, '<'))) <= most_said);
}

TEST_CASE("secrets in what a server says are hidden by their names", "[R-RULE-45]") {
  for (const auto& [body, said] : {
           Case{"password=hunter2&mac=1", "password=********&mac=1"},
           Case{"bad passwd: hunter2, sorry", "bad passwd: ********, sorry"},
           Case{"pwd = 'a b' rest", "pwd = '********' rest"},
           Case{R"({"api_key":"k\"ey","mac":"1"})", R"({"api_key":"********","mac":"1"})"},
           Case{R"({"echo":"{\"token\":\"abc\",\"n\":1}"})",
                R"({"echo":"{\"token\":\"********\",\"n\":1}"})"},
           Case{R"({"secrets":["a","b"],"n":1})", R"({"secrets":********,"n":1})"},
           Case{"<a><Auth_Password>x y</Auth_Password><b>No.</b></a>", "******** No."},
           Case{"<e><token>never closed", "********"},
           Case{"<p>{&quot;passphrase&quot;:&quot;p q&quot;}</p>", R"({"passphrase":"********"})"},
           Case{"Authorization: Basic dTpw cXdl", "Authorization: ********"},
           Case{"see http://u:pw@h/x?token=t now", "see http://u:********@h/x?token=******** now"},
           Case{"rule [--key MyOwn] tftp://h/x", "rule [--key ********] tftp://h/x"},
           Case{"Token", "Token"},
           Case{"the key is wrong; login required", "the key is wrong; login required"},
       }) {
    INFO(body);
    CHECK(said_in(body) == said);
  }
}

TEST_CASE("a secret stays hidden where the text was hidden before or is cut behind its name") {
  const auto once = hide_named_secrets("password=hunter2 <Key>a b</Key>");
  CHECK(once == "password=******** <Key>********</Key>");
  CHECK(hide_named_secrets(once) == once);
  for (std::size_t blanks = 3'900; blanks < 4'100; ++blanks) {
    const auto said = said_in(std::string(blanks, ' ') + "token=\"zq zq\" zq");
    CHECK(said.find("zq\"") == std::string::npos);
    CHECK(said.find("\"zq") == std::string::npos);
  }
}

}  // namespace said_test
