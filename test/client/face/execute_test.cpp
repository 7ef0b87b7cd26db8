#include "client/face/execute.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::face::execute_test {
namespace {

// The URLs, parted by blanks; or why there are none.
std::string items_of(const std::string& body) {
  const auto items = execute_items(body);
  if (!items) return items.error().detail;
  std::string text;
  for (const auto& item : *items) text += (text.empty() ? "" : " ") + item;
  return text;
}

TEST_CASE("an ExecuteItem's URL comes with quotes and without", "[R-FACE-07]") {
  const auto in_root = [](const std::string& item) {
    return items_of("<CP-8841-3PCCExecute>" + item + "</CP-8841-3PCCExecute>");
  };
  CHECK(in_root("<ExecuteItem URL=\"Resync:http://h/a?b=1&amp;c=2\"/>") ==
        "Resync:http://h/a?b=1&c=2");
  CHECK(in_root("<ExecuteItem URL='Resync:a>b'/>") == "Resync:a>b");
  CHECK(in_root("<ExecuteItem Priority=\"1\" URL = \"x\" ></ExecuteItem>") == "x");
  CHECK(in_root("<ExecuteItem URL=Resync:[--key k]http://h/a.xml/>") ==
        "Resync:[--key k]http://h/a.xml");
  CHECK(in_root("<ExecuteItem URL=http://h/a.xml></ExecuteItem>") == "http://h/a.xml");
  CHECK(in_root("<ExecuteItem URL=a/><ExecuteItem URL=\"b\"/>") == "a b");
  CHECK(in_root("<ExecuteItem URL=\"&lt;&gt;&quot;&apos;&unknown;&\"/>") == "<>\"'&unknown;&");
}

TEST_CASE("any root that ends in Execute is one, behind what may stand before it", "[R-FACE-07]") {
  const std::string item = "<ExecuteItem URL=\"a\"/>";
  CHECK(items_of("<?xml version=\"1.0\"?>\n<!-- <x> --><CiscoIPPhoneExecute>" + item) == "a");
  CHECK(items_of("<xExecute a=\"b\">" + item) == "a");
  CHECK(items_of("XML=%3CxExecute%3E%3CExecuteItem+URL%3D%22a%22%2F%3E%3C%2FxExecute%3E") == "a");
}

TEST_CASE("what is no Execute object says why", "[R-FACE-07]") {
  const auto* no_root = "no element whose name ends in Execute";
  for (const auto* body : {"", "text", "<", "<!--", "<?xml", "<CiscoIPPhoneText/>",
                           "XML=", "<ExecuteX><ExecuteItem URL=\"a\"/>", "XML=<"}) {
    INFO(body);
    CHECK(items_of(body) == no_root);
  }
  CHECK(items_of("<xExecute/>") == "no ExecuteItem");
  CHECK(items_of("<xExecute><ExecuteItem/>") == "an ExecuteItem without a URL");
  CHECK(items_of("<xExecute><ExecuteItem URL=\"a/>") == "a tag without an end");
  CHECK(items_of("<xExecute><ExecuteItem URL") == "a tag without an end");
  std::string many = "<xExecute>";
  for (int i = 0; i < 17; ++i) many += "<ExecuteItem URL=a/>";
  CHECK(items_of(many) == "more than 16 items");
}

TEST_CASE("an answer to XML Execute holds no markup of others", "[R-FACE-07]") {
  const auto text = execute_response({{"<\"&", -1}});
  CHECK(text.find("URL=\"&lt;&quot;&amp;\"") != std::string::npos);
}

}  // namespace
}  // namespace provphone::client::face::execute_test
