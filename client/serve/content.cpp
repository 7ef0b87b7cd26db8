#include "client/serve/content.hpp"

#include <algorithm>

namespace provphone::client::serve {
namespace {

struct SizeOf {
  std::uint64_t operator()(const std::string& text) const { return text.size(); }
  std::uint64_t operator()(const FilledFile& file) const { return file.size; }
  std::uint64_t operator()(const OpenFile& file) const { return file.size(); }
};

struct Read {
  std::uint64_t offset;
  char* to;
  std::size_t size;

  bool operator()(const std::string& text) const {
    if (offset + size > text.size()) return false;
    std::copy_n(text.data() + offset, size, to);
    return true;
  }
  bool operator()(const FilledFile& file) const {
    if (offset + size > file.size) return false;
    std::fill_n(to, size, '\1');
    return true;
  }
  bool operator()(const OpenFile& file) const { return file.read(offset, to, size); }
};

}  // namespace

std::uint64_t Content::size() const {
  return std::visit(SizeOf{}, source_);
}

bool Content::read(std::uint64_t offset, char* to, std::size_t size) const {
  return std::visit(Read{offset, to, size}, source_);
}

}  // namespace provphone::client::serve
