#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Lines that the runner of GitHub's workflows takes for annotations.
namespace provphone::client::report {

struct Annotation {
  std::string_view level;            // error, warning or notice
  std::string_view file;             // empty: none
  std::size_t line = 0, column = 0;  // 0: none
  std::string_view title, message;
};

// With its line end. Texts may hold anything.
std::string format(const Annotation& annotation);

}  // namespace provphone::client::report
