#include "profile/gzip.hpp"

#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace provphone::profile {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's way of saying: largest window, gzip wrapper only

// A zlib stream that is given back on every way out.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, gzip_window) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

// Octets of `out` from `used` on, as zlib wants them.
void offer_room(z_stream& stream, std::string& out, std::size_t used) {
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
  // zlib counts in 32 bits; a gigabyte at a time fits.
  stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - used, 1U << 30));
}

// Whether the octets behind a member begin another one, if maybe a cut one: a file that was cut
// within the magic is told to be truncated, not corrupt.
bool continues(std::string_view rest) {
  return looks_gzipped(rest) || rest == "\x1f";
}

// What its last four octets say that the member at the end of the file unpacks to, modulo 2^32.
std::size_t size_at_end(std::string_view bytes) {
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i)
    size = size << 8U | static_cast<unsigned char>(bytes[bytes.size() - i]);
  return size;
}

// A file that is one member and nothing else, as nearly all are, in half of zlib's time. Nothing
// for any other, whatever is wrong with it: zlib has the last word on that.
std::optional<std::string> unpack_at_once(std::string_view bytes, std::size_t limit) {
  constexpr std::size_t least = 18;             // octets of a member
  constexpr std::size_t most_for_each = 1'032;  // that an octet can unpack to
  constexpr std::size_t flags = 3;
  constexpr unsigned has_header_check = 2;  // which libdeflate does not look at
  if (bytes.size() < least || (static_cast<unsigned char>(bytes[flags]) & has_header_check) != 0)
    return std::nullopt;
  const auto size = size_at_end(bytes);
  if (size > limit || size > bytes.size() * most_for_each) return std::nullopt;
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!decompressor) return std::nullopt;
  std::string out(size, '\0');
  std::size_t taken = 0, made = 0;
  const auto result = libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                                    out.data(), out.size(), &taken, &made);
  const bool is_all = result == LIBDEFLATE_SUCCESS && taken == bytes.size() && made == size;
  return is_all ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

bool looks_gzipped(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
  if (auto out = unpack_at_once(bytes, limit)) return *std::move(out);
  Inflater inflater;
  if (!inflater.ready()) return fail(Errc::gzip_corrupt, "zlib has no memory for a stream");
  auto& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());

  // One octet more than the limit is room enough to see that it was passed.
  std::string out(std::min(limit + 1, std::max<std::size_t>(4 * bytes.size(), 1024)), '\0');
  std::size_t used = 0;
  while (true) {
    offer_room(stream, out, used);
    const auto offered = stream.avail_out;
    const int status = inflate(&stream, Z_NO_FLUSH);
    used += offered - stream.avail_out;
    const auto offset = bytes.size() - stream.avail_in;
    // Before the status is looked at: a bomb is stopped here, whatever zlib has to say about it.
    if (used > limit) return fail(Errc::gzip_too_large, fmt::format("more than {} octets", limit));
    if (status == Z_STREAM_END) {
      // R-LAYER-06: members may follow each other, and NULs the last of them, as for gzip(1);
      // anything else behind it is corrupt.
      if (bytes.find_first_not_of('\0', offset) == std::string_view::npos) break;
      if (!continues(bytes.substr(offset)) || inflateReset(&stream) != Z_OK) {
        return fail(Errc::gzip_corrupt, fmt::format("no gzip member at octet {}", offset));
      }
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return fail(Errc::gzip_corrupt,
                  fmt::format("{} at octet {}", stream.msg ? stream.msg : "bad stream", offset));
    } else if (stream.avail_out > 0) {
      // Room is left and nothing more came: zlib wants input that there is not.
      return fail(Errc::gzip_truncated, fmt::format("the file ends after {} octets", bytes.size()));
    } else {
      out.resize(std::min(limit + 1, 2 * out.size()));
    }
  }
  out.resize(used);
  return out;
}

std::string gzip(std::string_view plain) {
  z_stream stream{};
  // With these arguments zlib fails only for want of memory, which ends the process elsewhere too.
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace provphone::profile
