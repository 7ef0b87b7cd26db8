#include "client/report/junit.hpp"

#include "client/report/detail/markup.hpp"
#include "profile/value_printer.hpp"

#include <algorithm>
#include <string_view>

namespace provphone::client::report {
namespace {

using profile::ValuePrinter;
using JunitStatus = JunitCase::Status;

constexpr const char* declaration = "xml version=\"1.0\" encoding=\"UTF-8\"";
constexpr std::size_t indentation = 2;

void push_attribute(ValuePrinter& printer, const char* name, std::string_view value) {
  // A reader takes any of these for a blank.
  printer.push_attribute(name, as_clean_text(value), "\t\r\n");
}

void push_text(ValuePrinter& printer, std::string_view text) {
  // A reader takes a carriage return for a line end. A quotation mark looks as in an attribute.
  printer.push_text(as_clean_text(text), "\r\"");
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(const std::vector<JunitCase>& cases) {
    const auto count = [&](JunitStatus status) {
      return static_cast<std::size_t>(std::count_if(
          cases.begin(), cases.end(), [&](const JunitCase& one) { return one.status == status; }));
    };
    tests += cases.size();
    failures += count(JunitStatus::failure);
    errors += count(JunitStatus::error);
    skipped += count(JunitStatus::skipped);
  }
};

void push_counts(ValuePrinter& printer, const Counts& counts) {
  printer.PushAttribute("tests", counts.tests);
  printer.PushAttribute("failures", counts.failures);
  printer.PushAttribute("errors", counts.errors);
}

void push_time(ValuePrinter& printer, const std::string& seconds) {
  if (!seconds.empty()) push_attribute(printer, "time", seconds);
}

void push_outcome(ValuePrinter& printer, const JunitCase& one) {
  if (one.status == JunitStatus::passed) return;
  if (one.status == JunitStatus::skipped) {
    printer.OpenElement("skipped");
    push_attribute(printer, "message", one.message);
  } else {
    printer.OpenElement(one.status == JunitStatus::error ? "error" : "failure");
    push_attribute(printer, "type", one.type);
    push_attribute(printer, "message", one.message);
    push_text(printer, one.text);
  }
  printer.CloseElement();
}

void push_case(ValuePrinter& printer, const JunitCase& one) {
  printer.OpenElement("testcase");
  push_attribute(printer, "classname", one.classname);
  push_attribute(printer, "name", one.name);
  push_time(printer, one.time);
  push_outcome(printer, one);
  if (!one.system_out.empty()) {
    printer.OpenElement("system-out");
    push_text(printer, one.system_out);
    printer.CloseElement();
  }
  printer.CloseElement();
}

void push_properties(ValuePrinter& printer, const JunitSuite& suite) {
  if (suite.properties.empty()) return;
  printer.OpenElement("properties");
  for (const auto& [name, value] : suite.properties) {
    printer.OpenElement("property");
    push_attribute(printer, "name", name);
    push_attribute(printer, "value", value);
    printer.CloseElement();
  }
  printer.CloseElement();
}

void push_suite(ValuePrinter& printer, const JunitSuite& suite) {
  Counts counts;
  counts.add(suite.cases);
  printer.OpenElement("testsuite");
  push_attribute(printer, "name", suite.name);
  push_counts(printer, counts);
  // `testsuites` has no such attribute.
  printer.PushAttribute("skipped", counts.skipped);
  push_time(printer, suite.time);
  if (!suite.file.empty()) push_attribute(printer, "file", suite.file);
  push_properties(printer, suite);
  for (const auto& one : suite.cases) push_case(printer, one);
  printer.CloseElement();
}

void push_totals(ValuePrinter& printer, const JunitSuites& suites) {
  // Fleets' results have one suite, whose counts are the totals.
  if (suites.name.empty()) return;
  Counts counts;
  for (const auto& suite : suites.suites) counts.add(suite.cases);
  push_attribute(printer, "name", suites.name);
  push_counts(printer, counts);
}

}  // namespace

std::string format_junit(const JunitSuites& suites) {
  ValuePrinter printer(indentation);
  printer.PushDeclaration(declaration);
  printer.OpenElement("testsuites");
  push_totals(printer, suites);
  push_time(printer, suites.time);
  for (const auto& suite : suites.suites) push_suite(printer, suite);
  printer.CloseElement();
  return printer.text();
}

std::string format_junit(const JunitSuite& suite) {
  ValuePrinter printer(indentation);
  printer.PushDeclaration(declaration);
  push_suite(printer, suite);
  return printer.text();
}

}  // namespace provphone::client::report
