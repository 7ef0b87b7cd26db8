#include "client/report/output.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace provphone::client::report {
namespace {

constexpr std::string_view partial = ".partial";

tl::unexpected<Error> cannot_write(const std::string& name, const char* why) {
  return fail(Errc::unreadable_file, fmt::format("cannot write {}: {}", name, why));
}

// A link stays one: the file that it points to is replaced.
std::string beside(const std::string& name) {
  std::error_code ignored;
  const bool is_link = std::filesystem::is_symlink(name, ignored);
  const auto target = is_link ? std::filesystem::weakly_canonical(name, ignored).string() : name;
  return (target.empty() ? name : target) + std::string(partial);
}

// Something that a rename would put a file in the place of.
bool is_device_or_pipe(const std::string& name) {
  std::error_code ignored;
  const auto status = std::filesystem::status(name, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& name) {
  OutputFile output;
  output.name_ = name;
  if (name == "-") return output;
  output.written_to_ = is_device_or_pipe(name) ? name : beside(name);
  // Streams say that something failed and not why; errno is the system's word for it, if it has
  // one.
  errno = 0;
  output.file_.open(output.written_to_, std::ios::binary | std::ios::trunc);
  if (!output.file_) return cannot_write(name, std::strerror(errno));
  return output;
}

Result<std::optional<OutputFile>> OutputFile::open_if_named(const std::string& name) {
  if (name.empty()) return std::nullopt;
  return open(name);
}

OutputFile::~OutputFile() {
  if (!file_.is_open() || written_to_ == name_ || file_.tellp() != 0) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(written_to_, ignored);
}

void OutputFile::write_line(std::string_view line) {
  auto& stream = name_ == "-" ? static_cast<std::ostream&>(std::cout) : file_;
  stream << line << '\n';
}

Result<void> OutputFile::finish() {
  if (name_ == "-") {
    std::cout.flush();
    if (!std::cout) return cannot_write("standard output", "not all of it was taken");
    return {};
  }
  file_.close();
  if (!file_) return cannot_write(name_, std::strerror(errno));
  if (written_to_ == name_) return {};
  std::error_code error;
  // What beside() made of the name, which for a link is not the name itself.
  const auto place = written_to_.substr(0, written_to_.size() - partial.size());
  std::filesystem::rename(written_to_, place, error);
  if (error) return cannot_write(name_, error.message().c_str());
  return {};
}

Result<void> write_whole(std::optional<OutputFile>& file, std::string_view text) {
  if (!file) return {};
  file->write_line(text);
  return file->finish();
}

Result<void> write_output(const std::string& name, std::string_view text) {
  TRY(auto output, OutputFile::open(name));
  output.write_line(text);
  return output.finish();
}

}  // namespace provphone::client::report
