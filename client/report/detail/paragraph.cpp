#include "client/report/detail/paragraph.hpp"

#include <algorithm>

namespace provphone::client::report {
namespace {

constexpr std::size_t columns = 100;

}  // namespace

std::string paragraph(std::string_view label, std::string_view text) {
  std::string out(label);
  std::size_t used = label.size();
  bool at_start = true;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (!at_start && used + 1 + word.size() > columns) {
      out.append("\n").append(label.size(), ' ');
      used = label.size();
      at_start = true;
    }
    out.append(at_start ? "" : " ").append(word);
    used += word.size() + (at_start ? 0 : 1);
    at_start = false;
  }
  return out + '\n';
}

}  // namespace provphone::client::report
