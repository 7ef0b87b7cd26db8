#pragma once

#include "client/serve/content.hpp"
#include "client/serve/fault.hpp"
#include "client/serve/made_load.hpp"

#include <optional>
#include <string>

// Files as faults leave them.
namespace provphone::client::serve {

// The file as somebody has spoilt it, read whole. A file above 32 MiB stays as it is, and so does
// one that cannot be read to its end.
Content spoil(Content content, ContentFault fault);

// What a file becomes, as octets.
std::string spoil(std::string file, ContentFault fault);

// Where content comes from: the directory, and else what is made.
struct Sources {
  const Directory& directory;
  const std::optional<MadeLoads>& loads;
};

// What there is for the path, or what the fault puts in its place; nothing where there is no file.
// html_page needs none.
std::optional<Content> find_content(const Sources& sources, const std::string& path,
                                    const std::optional<MatchedFault>& met);

}  // namespace provphone::client::serve
