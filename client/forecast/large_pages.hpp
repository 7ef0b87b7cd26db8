#pragma once

#include <cstddef>
#include <new>
#include <sys/mman.h>

// Memory for what is looked at here and there. A million phones are more than the processor has
// addresses of small pages at hand for, and looking one up takes as long as the memory itself.
namespace provphone::client::forecast {

template <class T>
struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <class Other>
  explicit LargePages(const LargePages<Other>& /*other*/) {}

  T* allocate(std::size_t count) {
    const auto octets = count * sizeof(T);
    auto* const memory = ::operator new(octets, alignment_of(count));
    // Where the system has no such pages, it goes on with what it has.
    if (octets >= large_page) static_cast<void>(::madvise(memory, octets, MADV_HUGEPAGE));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment_of(count)); }

  friend bool operator==(const LargePages& /*a*/, const LargePages& /*b*/) { return true; }

 private:
  static constexpr std::size_t large_page = std::size_t{2} << 20U;

  static std::align_val_t alignment_of(std::size_t count) {
    return std::align_val_t{count * sizeof(T) >= large_page ? large_page : alignof(T)};
  }
};

}  // namespace provphone::client::forecast
