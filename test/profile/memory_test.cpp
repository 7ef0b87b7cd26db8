#include "profile/gzip.hpp"
#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

// How much memory foreign bytes can make a phone take. A program of its own, since it counts every
// operator new; zlib and OpenSSL take theirs elsewhere, a fixed amount each.
namespace {

std::size_t held = 0;
std::size_t most_held = 0;

void* allocated(std::size_t size, std::align_val_t alignment = {}) {
  void* memory = nullptr;
  if (alignment == std::align_val_t{}) {
    memory = std::malloc(std::max<std::size_t>(size, 1));
  } else if (::posix_memalign(&memory, static_cast<std::size_t>(alignment), size) != 0) {
    memory = nullptr;
  }
  if (memory == nullptr) std::abort();
  held += malloc_usable_size(memory);
  most_held = std::max(most_held, held);
  return memory;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  held -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

// Every form that there is: one that is left out is somebody else's, and what it gives would come
// here to be freed.
using Alignment = std::align_val_t;
using NoThrow = const std::nothrow_t&;

void* operator new(std::size_t size) {
  return allocated(size);
}
void* operator new[](std::size_t size) {
  return allocated(size);
}
void* operator new(std::size_t size, NoThrow) noexcept {
  return allocated(size);
}
void* operator new[](std::size_t size, NoThrow) noexcept {
  return allocated(size);
}
void* operator new(std::size_t size, Alignment alignment) {
  return allocated(size, alignment);
}
void* operator new[](std::size_t size, Alignment alignment) {
  return allocated(size, alignment);
}
void* operator new(std::size_t size, Alignment alignment, NoThrow) noexcept {
  return allocated(size, alignment);
}
void* operator new[](std::size_t size, Alignment alignment, NoThrow) noexcept {
  return allocated(size, alignment);
}

void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, NoThrow) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, NoThrow) noexcept {
  give_back(memory);
}
void operator delete(void* memory, Alignment) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, Alignment) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, Alignment) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, Alignment) noexcept {
  give_back(memory);
}
void operator delete(void* memory, Alignment, NoThrow) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, Alignment, NoThrow) noexcept {
  give_back(memory);
}

using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

struct Cost {
  std::string outcome;
  std::size_t octets;  // held at most, besides what was held before
};

Cost cost_of(const std::string& file) {
  const auto before = held;
  most_held = held;
  auto outcome = error_of(decode(file, {}));
  return {std::move(outcome), most_held - before};
}

std::string repeat(std::string_view unit, std::size_t times) {
  std::string text;
  text.reserve(unit.size() * times);
  for (; times > 0; --times) text += unit;
  return text;
}

// As many attributes as a tag may have, none of which a phone knows.
std::string with_attributes(std::string_view element) {
  std::string tag = "<" + std::string(element);
  for (char first = 'a'; first < 'i'; ++first) {
    for (char second = 'a'; second < 'i'; ++second) {
      tag.append(" ").append({first, second}).append("=\"\"");
    }
  }
  return tag + "/>";
}

}  // namespace

TEST_CASE("no file makes a phone take more memory than its limits allow",
          "[R-XML-09][R-XML-22][R-LAYER-07]") {
  (void)decode(in_profile(""), {});  // the catalogue is made once
  constexpr std::size_t kib = 1024;
  constexpr std::size_t mib = 1024 * kib;
  const auto zeros = gzip(std::string(max_unpacked_bytes + 1, '\0'));
  const auto noise_of_zeros = gzip(repeat(zeros, max_unpacked_bytes / zeros.size()));
  struct Row {
    std::string what, file, outcome;
    std::size_t bound;
  };
  const std::vector<Row> rows{
      {"a gzip bomb", zeros, "gzip_too_large", 3 * max_unpacked_bytes},
      {"a gzip bomb inside another", noise_of_zeros, "gzip_too_large", 3 * max_unpacked_bytes},
      {"100 000 parameters", in_profile(repeat("<GPP_A>1</GPP_A>", 100'000)),
       "xml_too_many_elements", 4 * mib},
      {"100 000 unknown elements", in_profile(repeat("<Nothing_That_Is_Known/>", 100'000)),
       "xml_too_many_elements", 8 * mib},
      {"100 000 levels", repeat("<a>", 100'000), "xml_too_deep", 512 * kib},
      {"100 000 attributes", "<a" + repeat(" b=\"\"", 100'000) + "/>", "xml_malformed", mib},
      {"entities that multiply",
       "<!DOCTYPE a [<!ENTITY b \"" + repeat("&c;", 1000) + "\">]><a>&b;</a>", "xml_doctype",
       64 * kib},
      {"an entity of its own", in_profile("<GPP_A>&b;</GPP_A>"), "xml_malformed", 64 * kib},
      {"a reference to no character", in_profile("<GPP_A>&#99999999999;</GPP_A>"), "xml_malformed",
       64 * kib},
      {"a million references", in_profile("<GPP_A>" + repeat("&#65;", 1'000'000) + "</GPP_A>"),
       "no error", 32 * mib},
      {"a million attributes that mean nothing",
       in_profile(repeat(with_attributes("GPP_A"), 19'000)), "no error", 8 * mib},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto [outcome, octets] = cost_of(row.file);
    CHECK(outcome == row.outcome);
    CHECK(octets <= row.bound);
  }
}
