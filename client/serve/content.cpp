#include "client/serve/content.hpp"

#include <algorithm>

namespace provphone::client::serve {

bool Content::read(std::uint64_t offset, char* to, std::size_t size) const {
  if (file_) return file_->read(offset, to, size);
  if (offset + size > text_.size()) return false;
  std::copy_n(text_.data() + offset, size, to);
  return true;
}

}  // namespace provphone::client::serve
