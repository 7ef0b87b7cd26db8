#pragma once

#include "macro/error.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace provphone::macro::detail {

// The text is not what it has to be from `offset` on: there should be `what`.
inline tl::unexpected<Error> expected(Errc code, std::size_t offset, std::string_view what) {
  return fail(code, fmt::format("offset {}: expected {}", offset, what));
}

}  // namespace provphone::macro::detail
