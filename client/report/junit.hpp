#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// JUnit XML, as the readers of Jenkins and GitLab take it. Texts may hold anything: what XML cannot
// say or is no UTF-8 becomes U+FFFD, and all else is read as it is, line ends too.
namespace provphone::client::report {

struct JunitCase {
  enum class Status : std::uint8_t { passed, failure, error, skipped } status = Status::passed;
  std::string classname, name;
  std::string time;        // in seconds; empty: not told
  std::string type;        // of a failure or an error
  std::string message;     // of one of those, or why it was skipped
  std::string text;        // of a failure or an error
  std::string system_out;  // empty: none
};

struct JunitSuite {
  std::string name;
  std::string time;  // in seconds; empty: not told
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<JunitCase> cases;
  // What the cases are described in; empty: nothing. A case has no such attribute: the xUnit plugin
  // of Jenkins refuses a report with one.
  std::string file{};
};

struct JunitSuites {
  std::string name;  // empty: neither it nor the totals are told
  std::string time;  // in seconds; empty: not told
  std::vector<JunitSuite> suites;
};

// A document, up to the line end behind its last tag. Cases are counted here. A suite alone has no
// `testsuites` around it.
std::string format_junit(const JunitSuites& suites);
std::string format_junit(const JunitSuite& suite);

}  // namespace provphone::client::report
