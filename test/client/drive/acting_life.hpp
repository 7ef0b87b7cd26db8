#pragma once

#include <string>
#include <utility>
#include <vector>

// The life of one phone in virtual time, with a server in memory, written down line by line: what
// it asked for, logged and decided, and when. Two lives with the same lines are the same to
// everybody outside the phone.
namespace provphone::test {

struct Life {
  using Values = std::vector<std::pair<std::string, std::string>>;

  std::string personality = "mpp12";
  std::vector<std::string> knobs;
  Values parameters;  // as the phone has them at its power-on
  Values lease;       // option and value
  // What Profile_Rule's file sets, on top of what every life's file does.
  Values profile;
  // A status for the file instead; 0: the file.
  int answer = 0;
};

// About a day: power-on, passes, a call, a NOTIFY for a pass and for a report, passes that a URL
// and the menu ask for, a change by hand and one that is submitted, an upgrade, a visit to its web
// server.
std::vector<std::string> lines_of(const Life& life);

}  // namespace provphone::test
