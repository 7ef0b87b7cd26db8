#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

// XML Execute: objects that tell a phone to do something (R-FACE-07). Foreign octets, and written
// by hand more often than not.
namespace provphone::client::face {

// More than any phone takes.
inline constexpr std::size_t most_execute_items = 16;

// The URL of each ExecuteItem, references decoded: `Resync:http://h/a.xml`. The body may be a
// form's field XML. Fails with xml_malformed where no root ends in Execute, or nothing is in it.
Result<std::vector<std::string>> execute_items(std::string_view body);

// What is said of each: 0 done, -1 not a thing that this phone does.
struct ExecuteStatus {
  std::string url;
  int status = 0;
};
std::string execute_response(const std::vector<ExecuteStatus>& items);

}  // namespace provphone::client::face
