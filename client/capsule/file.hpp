#pragma once

#include "client/capsule/capsule.hpp"
#include "client/capsule/recorder.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace provphone::client::capsule {

// A capsule that is being written, beside its place (NAME.partial) until it is whole.
class CapsuleFile {
 public:
  // Fails with unreadable_file where it cannot be written.
  static Result<CapsuleFile> open(std::string name);
  CapsuleFile(CapsuleFile&&) noexcept;
  CapsuleFile& operator=(CapsuleFile&&) noexcept;
  ~CapsuleFile();  // one that was not finished leaves nothing behind

  // A line of the trace, in the order of the decisions; kept on disk. Errors are kept for finish().
  void add_trace_line(std::string_view line);

  // Puts the file in its place; once. `manifest.secrets` says what becomes of those that
  // `recorder` has met. Fails with unreadable_file.
  Result<void> finish(const Manifest& manifest, const Source& source, const resync::WallClock& wall,
                      const Recorder& recorder);

 private:
  struct Inside;
  explicit CapsuleFile(std::unique_ptr<Inside> inside);

  std::unique_ptr<Inside> inside_;
};

// A capsule that is read: what it holds at once, the lines of its trace one by one.
class CapsuleReader final : public TraceLines {
 public:
  // Whether the file begins as a capsule does; false too where it cannot be read.
  static bool is_capsule(const std::string& file);

  // Fails with unreadable_file, and with bad_argument, `file:line: expected ...`, for what is no
  // capsule, was cut off, or was written by a program that knows more.
  static Result<CapsuleReader> open(const std::string& file);
  CapsuleReader(CapsuleReader&&) noexcept;
  CapsuleReader& operator=(CapsuleReader&&) noexcept;
  ~CapsuleReader() override;

  const Capsule& capsule() const;
  bool next(std::string& line) override;

 private:
  struct Inside;
  explicit CapsuleReader(std::unique_ptr<Inside> inside);

  std::unique_ptr<Inside> inside_;
};

}  // namespace provphone::client::capsule
