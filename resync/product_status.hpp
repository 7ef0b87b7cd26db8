#pragma once

#include "resync/device.hpp"

#include <string>
#include <string_view>
#include <vector>

// What a phone says it is, in status reports (R-REPORT-01) and on its pages (R-FACE-06).
namespace provphone::resync {

struct StatusLine {
  std::string label;  // as the phones' pages print it, `Software Version`
  std::string value;
};

// In the order of the pages.
std::vector<StatusLine> product_status(const Device& device);

// The lines as a phone writes them in XML.
std::string format_status(const std::vector<StatusLine>& lines);

}  // namespace provphone::resync
