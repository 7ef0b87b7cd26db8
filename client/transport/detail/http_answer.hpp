#pragma once

#include "client/transport/fetcher.hpp"
#include "macro/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provphone::client::transport::detail {

// Reads the answer to one GET from the octets of a connection as they come. Takes and refuses what
// libcurl does, which many phones are made of and which is what reads it over TLS and proxies
// (test/client/transport/both_carriers_test.cpp holds them against each other): lines may end in LF
// alone, a reason may be missing, and what follows the last octet does no harm. What libcurl passes
// over and this does not: a status line whose version is none (`HTTP/-.1 200`). It has no socket
// and no clock.
class HttpAnswer {
 public:
  enum class State : std::uint8_t {
    going_on,
    whole,   // nothing more is needed
    failed,  // failure() says why; nothing of it is used (R-HTTP-13, R-HTTP-14)
  };

  // `request` outlives the reading: its limit of a body and what is kept of it count.
  void begin(const Request& request);

  // Octets as they came, in any portions, while it goes on.
  State read(std::string_view octets);
  // The connection ended, which ends some answers.
  State end();

  bool has_begun() const { return octets_ != 0; }
  // Of what has failed. What it says is of the server that `whom` names.
  Error failure(std::string_view whom) const;
  // Of what is whole: without address and stamps.
  Response take() { return std::move(response_); }
  // Whether another request may follow on the connection: its server keeps it open, and nothing
  // came behind the answer.
  bool keeps_connection() const;

 private:
  enum class Place : std::uint8_t {
    status_line,
    header,
    body_by_length,
    body_to_end,
    chunk_size,
    chunk_extension,
    chunk,
    chunk_end,
    trailer,
    behind,
  };
  enum class Fault : std::uint8_t {
    none,
    no_http,
    long_header,
    two_lengths,
    large_body,
    bad_chunk,
    silent_end,
    end_in_header,
    end_in_body,
  };

  void read_line(std::string_view& octets);
  void take_line(std::string_view line);
  void take_status(std::string_view line);
  void take_header(std::string_view line);
  void take_length(std::string_view value);
  void take_codings(std::string_view value);
  void end_header();
  void end_trailer_line(std::string_view line);
  void read_body(std::string_view& octets);
  void read_chunk_size(std::string_view& octets);
  void skip_chunk_extension(std::string_view& octets);
  void read_chunk(std::string_view& octets);
  void end_chunk(std::string_view& octets);
  void keep(std::string_view octets);
  void fail(Fault fault);
  State state() const;

  const Request* request_ = nullptr;
  Response response_;
  Place place_ = Place::status_line;
  Fault fault_ = Fault::none;
  std::string line_;               // as far as it came
  std::size_t octets_ = 0;         // of everything
  std::size_t header_octets_ = 0;  // of this answer's and of interim ones before it
  std::optional<std::uint64_t> length_;
  std::uint64_t left_ = 0;     // of the body, or of the chunk
  unsigned size_digits_ = 0;   // of the chunk's size
  unsigned header_lines_ = 0;  // of this answer
  bool is_chunked_ = false;
  bool is_older_ = false;  // HTTP/1.0
  bool says_close_ = false, says_keep_ = false;
  bool has_excess_ = false;  // octets behind the answer
};

}  // namespace provphone::client::transport::detail
