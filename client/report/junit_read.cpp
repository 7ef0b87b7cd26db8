#include "client/report/junit_read.hpp"

#include <tinyxml2.h>

namespace provphone::client::report {
namespace {

using tinyxml2::XMLElement;

std::string attribute_of(const XMLElement& element, const char* name) {
  const char* value = element.Attribute(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string text_in(const XMLElement& element) {
  const char* text = element.GetText();
  return text == nullptr ? std::string() : std::string(text);
}

template <class Take>
void for_each_child(const XMLElement& element, const char* name, Take take) {
  for (const auto* child = element.FirstChildElement(name); child != nullptr;
       child = child->NextSiblingElement(name))
    take(*child);
}

void take_outcome(const XMLElement& element, JunitCase::Status status, JunitCase& one) {
  one.status = status;
  one.type = attribute_of(element, "type");
  one.message = attribute_of(element, "message");
  one.text = text_in(element);
}

JunitCase case_in(const XMLElement& element) {
  JunitCase one;
  one.classname = attribute_of(element, "classname");
  one.name = attribute_of(element, "name");
  one.time = attribute_of(element, "time");
  if (const auto* failure = element.FirstChildElement("failure"))
    take_outcome(*failure, JunitCase::Status::failure, one);
  if (const auto* error = element.FirstChildElement("error"))
    take_outcome(*error, JunitCase::Status::error, one);
  if (const auto* skipped = element.FirstChildElement("skipped"))
    take_outcome(*skipped, JunitCase::Status::skipped, one);
  if (const auto* out = element.FirstChildElement("system-out")) one.system_out = text_in(*out);
  return one;
}

JunitSuite suite_in(const XMLElement& element) {
  JunitSuite suite;
  suite.name = attribute_of(element, "name");
  suite.time = attribute_of(element, "time");
  suite.file = attribute_of(element, "file");
  if (const auto* properties = element.FirstChildElement("properties")) {
    for_each_child(*properties, "property", [&](const XMLElement& property) {
      suite.properties.emplace_back(attribute_of(property, "name"),
                                    attribute_of(property, "value"));
    });
  }
  for_each_child(element, "testcase",
                 [&](const XMLElement& one) { suite.cases.push_back(case_in(one)); });
  return suite;
}

}  // namespace

std::vector<JunitSuite> suites_in(std::string_view junit) {
  std::vector<JunitSuite> suites;
  tinyxml2::XMLDocument document;
  if (document.Parse(junit.data(), junit.size()) != tinyxml2::XML_SUCCESS) return suites;
  const auto* root = document.RootElement();
  if (root == nullptr) return suites;
  if (std::string_view(root->Name()) == "testsuite") suites.push_back(suite_in(*root));
  for_each_child(*root, "testsuite",
                 [&](const XMLElement& each) { suites.push_back(suite_in(each)); });
  return suites;
}

}  // namespace provphone::client::report
