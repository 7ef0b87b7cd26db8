// What nearly every source reads: precompiled once for the product and once more for tests
// (options.cmake). No source may count on it: each includes what it uses, as a build without
// precompiled headers shows.
#include <fmt/format.h>
#include <tl/expected.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
