#pragma once

#include "macro/error.hpp"

#include <fstream>
#include <optional>
#include <string>
#include <string_view>

// Files that a run leaves behind. `-` is standard output. Other names are written beside
// (NAME.partial) and renamed when complete, so that no half-written file is ever taken for a
// result; devices and pipes, which cannot be replaced, are written to at once. Whoever makes a run
// opens its files first: what cannot be written is better known before than after.
namespace provphone::client::report {

class OutputFile {
 public:
  // Fails with unreadable_file when the name cannot be written to.
  static Result<OutputFile> open(const std::string& name);
  // Nothing where no name was given.
  static Result<std::optional<OutputFile>> open_if_named(const std::string& name);

  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = default;
  // A file that nothing was written to leaves nothing behind.
  ~OutputFile();

  // Errors are kept for finish(). Of one thread.
  void write_line(std::string_view line);
  // Flushes and puts the file in its place; once, and without it NAME.partial stays. Fails with
  // unreadable_file (disk full, standard output closed, ...).
  Result<void> finish();

 private:
  OutputFile() = default;

  std::string name_;
  std::string written_to_;  // name_, or the file beside it; empty for standard output
  std::ofstream file_;      // unused for standard output
};

// `text` and a line end, as a whole file; nothing where there is no file.
Result<void> write_whole(std::optional<OutputFile>& file, std::string_view text);

// The same for a file that needs no run to be written.
Result<void> write_output(const std::string& name, std::string_view text);

}  // namespace provphone::client::report
