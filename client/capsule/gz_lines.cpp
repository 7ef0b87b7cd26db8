#include "client/capsule/gz_lines.hpp"

#include <zlib.h>

#include <array>

namespace provphone::client::capsule {
namespace {

// A longer one is no capsule's: the largest file that a phone takes, written in JSON.
constexpr std::size_t longest_line = std::size_t{256} << 20U;

// Quick rather than small: traces are large, and written while phones run.
constexpr const char* write_mode = "wb4";

}  // namespace

void CloseGz::operator()(gzFile_s* file) const {
  gzclose(file);
}

GzFile open_to_read(const std::string& name) {
  GzFile file(gzopen(name.c_str(), "rb"));
  if (file) gzbuffer(file.get(), 256U * 1024U);
  return file;
}

GzFile open_to_write(const std::string& name) {
  return GzFile(gzopen(name.c_str(), write_mode));
}

bool write_line(gzFile_s* file, std::string_view line) {
  return gzwrite(file, line.data(), static_cast<unsigned>(line.size())) ==
             static_cast<int>(line.size()) &&
         gzputc(file, '\n') == '\n';
}

bool close_written(GzFile file) {
  return gzclose(file.release()) == Z_OK;
}

bool read_line(gzFile_s* file, std::string& line) {
  line.clear();
  std::array<char, 64UL * 1024> part{};
  while (gzgets(file, part.data(), static_cast<int>(part.size())) != nullptr) {
    line += part.data();
    if (line.ends_with('\n')) {
      line.pop_back();
      return true;
    }
    if (line.size() > longest_line) return false;
  }
  return !line.empty();
}

bool is_damaged(gzFile_s* file) {
  int code = Z_OK;
  gzerror(file, &code);
  return code != Z_OK && code != Z_STREAM_END;
}

}  // namespace provphone::client::capsule
