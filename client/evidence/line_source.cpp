#include "client/evidence/line_source.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>

namespace provphone::client::evidence {
namespace {

constexpr std::size_t block = std::size_t{1} << 18U;
static_assert(block > LineSource::longest_line);

struct Magic {
  std::string_view octets;
  std::string_view advice;
};
using namespace std::string_view_literals;
constexpr Magic magics[] = {
    {"\xd4\xc3\xb2\xa1"sv, "a capture; expected what `tshark -r FILE -T json` makes of it"},
    {"\xa1\xb2\xc3\xd4"sv, "a capture; expected what `tshark -r FILE -T json` makes of it"},
    {"\x0a\x0d\x0d\x0a"sv, "a capture; expected what `tshark -r FILE -T json` makes of it"},
    {"\x28\xb5\x2f\xfd"sv, "packed by zstd; expected text, or text packed by gzip"},
    {"\xfd\x37zXZ"sv, "packed by xz; expected text, or text packed by gzip"},
    {"BZh"sv, "packed by bzip2; expected text, or text packed by gzip"},
    {"PK\x03\x04"sv, "a zip archive; expected text, or text packed by gzip"},
};

// Empty where it looks like text.
std::string_view advice_on(std::string_view beginning) {
  for (const auto& magic : magics)
    if (beginning.starts_with(magic.octets)) return magic.advice;
  const bool has_zero = beginning.substr(0, 4096).find('\0') != std::string_view::npos;
  return has_zero ? "not a text; expected a log, one line a request or message" : "";
}

Instant time_of_last_write(int file) {
  struct stat facts {};
  const bool is_known = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
  const auto now = std::chrono::system_clock::now();
  return is_known ? Instant{std::chrono::seconds(facts.st_mtim.tv_sec)}
                  : std::chrono::floor<std::chrono::milliseconds>(now);
}

}  // namespace

struct LineSource::Handle {
  gzFile file = nullptr;
  ~Handle() {
    if (file != nullptr) gzclose(file);
  }
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
};

Result<LineSource> LineSource::open(const std::string& name) {
  LineSource source;
  source.name_ = name;
  source.handle_ = std::make_shared<Handle>();
  const auto cannot_read = [&](std::string_view why) {
    return fail(Errc::unreadable_file, fmt::format("cannot read {}: {}", name, why));
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored)) return cannot_read("it is a directory");
  errno = 0;
  if (name == "-") {
    const int file = ::dup(STDIN_FILENO);
    source.written_ = time_of_last_write(file);
    source.handle_->file = gzdopen(file, "rb");
  } else {
    source.handle_->file = gzopen(name.c_str(), "rb");
    struct stat facts {};
    if (::stat(name.c_str(), &facts) == 0)
      source.written_ = Instant{std::chrono::seconds(facts.st_mtim.tv_sec)};
  }
  if (source.handle_->file == nullptr) return cannot_read(std::strerror(errno));
  gzbuffer(source.handle_->file, 1U << 17U);
  source.buffer_.resize(2 * block);
  source.refill();
  TRY(source.result());
  const auto advice = advice_on(std::string_view(source.buffer_).substr(0, source.end_));
  if (!advice.empty()) return fail(Errc::bad_argument, fmt::format("{} is {}", name, advice));
  return source;
}

// More behind what is there, whose beginning moves to the front. False: there is no more.
bool LineSource::refill() {
  if (is_at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const auto got = gzread(handle_->file, buffer_.data() + end_, block);
  if (got > 0) end_ += static_cast<std::size_t>(got);
  int code = Z_OK;
  const char* const why = gzerror(handle_->file, &code);
  // An archive that ends too early gives what it has, and the error behind it.
  if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END)) {
    const std::string_view said = code == Z_ERRNO ? std::strerror(errno) : why;
    result_ =
        fail(Errc::unreadable_file, fmt::format("cannot read {} to its end: {}", name_, said));
  }
  is_at_end_ = got <= 0;
  return got > 0;
}

std::optional<std::string_view> LineSource::next() {
  std::size_t looked_at = 0;
  while (true) {
    const auto* const from = buffer_.data() + begin_;
    const auto there = end_ - begin_;
    const auto* const stop =
        static_cast<const char*>(std::memchr(from + looked_at, '\n', there - looked_at));
    if (stop == nullptr && there < longest_line) {
      looked_at = there;
      if (refill()) continue;
      if (end_ == begin_) return std::nullopt;
      last_was_whole_ = false;
    }
    const auto whole = stop != nullptr ? static_cast<std::size_t>(stop - (buffer_.data() + begin_))
                                       : std::min(end_ - begin_, longest_line);
    const auto length = std::min(whole, longest_line);
    std::string_view line(buffer_.data() + begin_, length);
    begin_ += length + (stop != nullptr && length == whole ? 1 : 0);
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
}

}  // namespace provphone::client::evidence
