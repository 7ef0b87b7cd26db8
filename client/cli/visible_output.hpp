#pragma once

#include "client/report/visible_text.hpp"

#include <ostream>
#include <streambuf>
#include <string_view>

namespace provphone::client::cli {

// Makes a stream's text visible as long as it lives, where a terminal is behind the descriptor.
// Nothing else may be: a file gets what there was.
class VisibleOutput : private std::streambuf {
 public:
  VisibleOutput(std::ostream& stream, int descriptor);
  ~VisibleOutput() override;
  VisibleOutput(const VisibleOutput&) = delete;
  VisibleOutput& operator=(const VisibleOutput&) = delete;

 private:
  std::streamsize xsputn(const char* text, std::streamsize length) override;
  int_type overflow(int_type octet) override;
  int sync() override;

  std::ostream& stream_;
  std::streambuf* to_;  // null: there is no terminal
  report::VisibleText text_;
};

}  // namespace provphone::client::cli
