#include "client/transport/detail/http_answer.hpp"

#include "client/transport/detail/answer_headers.hpp"
#include "client/transport/detail/kept.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace provphone::client::transport::detail {
namespace {

constexpr std::string_view http = "HTTP/";

// R-HTTP-14: what libcurl allows.
constexpr std::size_t longest_line = std::size_t{100} << 10;
constexpr std::size_t longest_header = std::size_t{300} << 10;

constexpr unsigned most_size_digits = 16;

constexpr int first_final = 200, switching = 101, no_content = 204, not_modified = 304;

// `HTTP/1.1 200 OK`, whose reason may be missing; nothing for what is none of HTTP/1.
struct StatusLine {
  bool is_older = false;
  int status = 0;
};

std::optional<StatusLine> status_line_in(std::string_view line) {
  constexpr std::size_t version_size = 8, digits = 3;
  const bool is_1_1 = ascii::starts_with_ignoring_case(line, "HTTP/1.1 ");
  if (!is_1_1 && !ascii::starts_with_ignoring_case(line, "HTTP/1.0 ")) return std::nullopt;
  line.remove_prefix(version_size + 1);
  line.remove_prefix(std::min(line.find_first_not_of(ascii::white_space), line.size()));
  StatusLine read{!is_1_1, 0};
  std::size_t count = 0;
  for (; count < std::min(digits, line.size()) && ascii::is_digit(line[count]); ++count)
    read.status = read.status * 10 + (line[count] - '0');
  const bool goes_on = count < line.size() && ascii::is_digit(line[count]);
  constexpr int least = 100;
  if (count != digits || goes_on || read.status < least) return std::nullopt;
  return read;
}

// A carriage return within a line ends its name, where it has one.
bool has_name(std::string_view line) {
  return line.substr(0, line.find('\r')).find(':') != std::string_view::npos;
}

bool is_empty_line(std::string_view line) {
  return (line.front() == '\r' || line.front() == '\n') && ascii::trimmed(line).empty();
}

}  // namespace

void HttpAnswer::begin(const Request& request) {
  auto line = std::move(line_);  // with its memory
  line.clear();
  *this = {};
  line_ = std::move(line);
  request_ = &request;
}

HttpAnswer::State HttpAnswer::state() const {
  if (fault_ != Fault::none) return State::failed;
  return place_ == Place::behind ? State::whole : State::going_on;
}

void HttpAnswer::fail(Fault fault) {
  fault_ = fault;
}

HttpAnswer::State HttpAnswer::read(std::string_view octets) {
  octets_ += octets.size();
  while (!octets.empty() && state() == State::going_on) {
    switch (place_) {
      case Place::status_line:
      case Place::header:
      case Place::trailer:
        read_line(octets);
        break;
      case Place::body_by_length:
      case Place::body_to_end:
        read_body(octets);
        break;
      case Place::chunk_size:
        read_chunk_size(octets);
        break;
      case Place::chunk_extension:
        skip_chunk_extension(octets);
        break;
      case Place::chunk:
        read_chunk(octets);
        break;
      case Place::chunk_end:
        end_chunk(octets);
        break;
      case Place::behind:
        break;
    }
  }
  has_excess_ = !octets.empty();
  return state();
}

// What a connection's end makes of an answer (R-HTTP-08, R-HTTP-13).
HttpAnswer::State HttpAnswer::end() {
  if (state() != State::going_on) return state();
  switch (place_) {
    case Place::status_line:
    case Place::header:
      fail(has_begun() ? Fault::end_in_header : Fault::silent_end);
      break;
    case Place::body_to_end:
      place_ = Place::behind;
      break;
    default:
      fail(Fault::end_in_body);
  }
  says_close_ = true;
  return state();
}

void HttpAnswer::read_line(std::string_view& octets) {
  const auto end = octets.find('\n');
  const auto size = end == std::string_view::npos ? octets.size() : end + 1;
  header_octets_ += size;
  const auto part = octets.substr(0, size);
  octets.remove_prefix(size);
  if (line_.size() + size > longest_line || header_octets_ > longest_header)
    return fail(Fault::long_header);
  if (end != std::string_view::npos && line_.empty()) return take_line(part);
  line_ += part;
  if (end != std::string_view::npos) {
    take_line(line_);
    line_.clear();
  } else if (place_ == Place::status_line &&
             !ascii::starts_with_ignoring_case(line_, http.substr(0, line_.size()))) {
    fail(Fault::no_http);  // no need to wait for the rest of the line
  }
}

// With the octets that end it.
void HttpAnswer::take_line(std::string_view line) {
  const bool is_nonsense = line.find('\0') != std::string_view::npos;
  if (is_nonsense) return fail(Fault::no_http);
  if (place_ == Place::trailer) return end_trailer_line(line);
  if (place_ == Place::status_line) return take_status(line);
  if (is_empty_line(line)) return end_header();
  take_header(line);
}

void HttpAnswer::take_status(std::string_view line) {
  const auto read = status_line_in(line);
  if (!read) return fail(Fault::no_http);
  response_.status = read->status;
  is_older_ = read->is_older;
  length_.reset();
  is_chunked_ = says_close_ = says_keep_ = false;
  header_lines_ = 0;
  note_header(response_, line);
  place_ = Place::header;
}

void HttpAnswer::take_header(std::string_view line) {
  // A line that goes on with the one before it is nobody's business here.
  const bool is_folded = line.front() == ' ' || line.front() == '\t';
  if (is_folded && header_lines_ > 0) return;
  ++header_lines_;
  if (is_folded || !has_name(line)) return fail(Fault::no_http);
  if (contradicts(response_, line)) return fail(Fault::two_lengths);
  note_header(response_, line);
  const bool has_body = response_.status != no_content && response_.status != not_modified;
  if (is_header(line, "connection")) {
    const auto value = value_of_header(line);
    says_close_ = says_close_ || ascii::starts_with_ignoring_case(value, "close");
    says_keep_ = says_keep_ || ascii::starts_with_ignoring_case(value, "keep-alive");
  } else if (has_body && is_header(line, "content-length")) {
    take_length(value_of_header(line));
  } else if (has_body && is_header(line, "transfer-encoding")) {
    take_codings(value_of_header(line));
  }
}

void HttpAnswer::take_length(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (error == std::errc::invalid_argument) return fail(Fault::no_http);
  constexpr auto beyond = std::numeric_limits<std::uint64_t>::max();
  length_ = error == std::errc::result_out_of_range ? beyond : length;
}

// Another coding than chunks is nobody's business: what it made is handed over as it came.
void HttpAnswer::take_codings(std::string_view value) {
  while (!value.empty()) {
    const auto coding = ascii::trimmed(value.substr(0, value.find(',')));
    value.remove_prefix(std::min(value.size(), value.find(',') == std::string_view::npos
                                                   ? value.size()
                                                   : value.find(',') + 1));
    if (ascii::equal_ignoring_case(coding, "chunked")) is_chunked_ = true;
  }
}

void HttpAnswer::end_header() {
  const int status = response_.status;
  if (status < first_final && status != switching) {
    place_ = Place::status_line;
    return;
  }
  if (status == no_content || status == not_modified) {
    place_ = Place::behind;
  } else if (is_chunked_ && status != switching) {
    place_ = Place::chunk_size;
    left_ = 0;
    size_digits_ = 0;
  } else if (length_ && status != switching) {
    if (*length_ > request_->max_body_bytes) return fail(Fault::large_body);  // R-HTTP-12
    left_ = *length_;
    place_ = left_ == 0 ? Place::behind : Place::body_by_length;
    if (request_->keep == Keep::body) response_.body.reserve(left_);
  } else {
    place_ = Place::body_to_end;
  }
}

// What stands behind the chunks says nothing to a phone, but it has to be headers.
void HttpAnswer::end_trailer_line(std::string_view line) {
  const bool ends_at_once = line.find('\r') >= line.size() - 2;
  if (!ends_at_once) return fail(Fault::bad_chunk);
  if (is_empty_line(line)) {
    place_ = Place::behind;
  } else if (!has_name(line)) {
    fail(Fault::bad_chunk);
  }
}

// R-HTTP-12, where no length was declared, or another than came: `body_bytes` never exceeds the
// limit, so that the difference is one.
void HttpAnswer::keep(std::string_view octets) {
  if (octets.size() > request_->max_body_bytes - response_.body_bytes)
    return fail(Fault::large_body);
  response_.body_bytes += octets.size();
  response_.body += octets.substr(0, kept_of(request_->keep, response_.body.size(), octets.size()));
}

void HttpAnswer::read_body(std::string_view& octets) {
  const bool has_length = place_ == Place::body_by_length;
  const auto size = has_length ? std::min<std::uint64_t>(left_, octets.size()) : octets.size();
  keep(octets.substr(0, size));
  octets.remove_prefix(size);
  if (!has_length) return;
  left_ -= size;
  if (left_ == 0) place_ = Place::behind;
}

void HttpAnswer::read_chunk_size(std::string_view& octets) {
  while (!octets.empty()) {
    const int digit = ascii::hex_value(octets.front());
    if (digit < 0) break;
    if (++size_digits_ > most_size_digits) return fail(Fault::bad_chunk);
    left_ = left_ << 4U | static_cast<unsigned>(digit);
    octets.remove_prefix(1);
  }
  if (octets.empty()) return;
  // More than a signed number of 64 bits holds is none.
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (size_digits_ == 0 || left_ > most) return fail(Fault::bad_chunk);
  place_ = Place::chunk_extension;
}

void HttpAnswer::skip_chunk_extension(std::string_view& octets) {
  const auto end = octets.find('\n');
  octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + 1);
  if (end == std::string_view::npos) return;
  place_ = left_ == 0 ? Place::trailer : Place::chunk;
}

void HttpAnswer::read_chunk(std::string_view& octets) {
  const auto size = std::min<std::uint64_t>(left_, octets.size());
  keep(octets.substr(0, size));
  octets.remove_prefix(size);
  left_ -= size;
  if (left_ == 0) place_ = Place::chunk_end;
}

void HttpAnswer::end_chunk(std::string_view& octets) {
  const char c = octets.front();
  octets.remove_prefix(1);
  if (c == '\r') return;
  if (c != '\n') return fail(Fault::bad_chunk);
  size_digits_ = 0;
  place_ = Place::chunk_size;
}

bool HttpAnswer::keeps_connection() const {
  const bool has_own_end = is_chunked_ || length_ || response_.status == not_modified;
  return has_own_end && !has_excess_ && !says_close_ && (!is_older_ || says_keep_);
}

Error HttpAnswer::failure(std::string_view whom) const {
  const auto says = [&](Errc code, std::string_view what) {
    return Error{code, fmt::format("{}: {}", whom, what)};
  };
  switch (fault_) {
    case Fault::long_header:
      return says(Errc::protocol_error, "the answer's header is too long");
    case Fault::two_lengths:
      return says(Errc::protocol_error, "two headers Content-Length that differ");
    case Fault::large_body:
      return says(Errc::body_too_large,
                  fmt::format("the body exceeds {} octets", request_->max_body_bytes));
    case Fault::bad_chunk:
      return says(Errc::protocol_error, "a chunk has no size or no end");
    case Fault::silent_end:
      return says(Errc::transfer_interrupted, "closed without an answer");
    case Fault::end_in_header:
      return says(Errc::transfer_interrupted, "closed before the header was complete");
    case Fault::end_in_body:
      return says(Errc::transfer_interrupted, "closed before the body was complete");
    case Fault::no_http:
    case Fault::none:
      break;
  }
  return says(Errc::protocol_error, "the answer is not HTTP");
}

}  // namespace provphone::client::transport::detail
