#include "client/report/output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace provphone::client::report {
namespace {

tl::unexpected<Error> cannot_write(const std::string& name, const char* why) {
  return fail(Errc::unreadable_file, fmt::format("cannot write {}: {}", name, why));
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& name) {
  OutputFile output;
  output.name_ = name;
  if (name == "-") return output;
  errno = 0;
  output.file_.open(name + ".partial", std::ios::binary | std::ios::trunc);
  if (!output.file_) return cannot_write(name, std::strerror(errno));
  return output;
}

void OutputFile::write_line(std::string_view line) {
  auto& stream = name_ == "-" ? static_cast<std::ostream&>(std::cout) : file_;
  stream << line << '\n';
}

Result<void> OutputFile::finish() {
  if (name_ == "-") {
    std::cout.flush();
    if (!std::cout) return cannot_write("standard output", "it was closed");
    return {};
  }
  file_.close();
  if (!file_) return cannot_write(name_, std::strerror(errno));
  std::error_code error;
  std::filesystem::rename(name_ + ".partial", name_, error);
  if (error) return cannot_write(name_, error.message().c_str());
  return {};
}

Result<void> write_output(const std::string& name, std::string_view text) {
  auto output = OutputFile::open(name);
  if (!output) return tl::unexpected(output.error());
  output->write_line(text);
  return output->finish();
}

}  // namespace provphone::client::report
