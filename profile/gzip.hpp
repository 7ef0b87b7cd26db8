#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>

// The RFC 1952 file layer.
namespace provphone::profile {

bool looks_gzipped(std::string_view bytes);  // starts with 1f 8b

// Fails with gzip_corrupt, gzip_truncated or gzip_too_large (more than `limit` octets unpacked).
// Takes members that follow each other (R-LAYER-06), and takes one layer off only.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit);

// What gzip(1) reads back: level 9, no name, no time, so equal input gives equal output.
std::string gzip(std::string_view plain);

}  // namespace provphone::profile
