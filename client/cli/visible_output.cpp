#include "client/cli/visible_output.hpp"

#include <unistd.h>

namespace provphone::client::cli {

VisibleOutput::VisibleOutput(std::ostream& stream, int descriptor)
    : stream_(stream), to_(isatty(descriptor) != 0 ? stream.rdbuf(this) : nullptr) {}

VisibleOutput::~VisibleOutput() {
  if (to_ == nullptr) return;
  const auto rest = text_.rest();
  to_->sputn(rest.data(), static_cast<std::streamsize>(rest.size()));
  stream_.rdbuf(to_);
}

std::streamsize VisibleOutput::xsputn(const char* text, std::streamsize length) {
  const auto visible = text_.visible({text, static_cast<std::size_t>(length)});
  const auto size = static_cast<std::streamsize>(visible.size());
  return to_->sputn(visible.data(), size) == size ? length : 0;
}

VisibleOutput::int_type VisibleOutput::overflow(int_type octet) {
  if (traits_type::eq_int_type(octet, traits_type::eof())) return traits_type::not_eof(octet);
  const auto c = traits_type::to_char_type(octet);
  return xsputn(&c, 1) == 1 ? octet : traits_type::eof();
}

int VisibleOutput::sync() {
  return to_->pubsync();
}

}  // namespace provphone::client::cli
