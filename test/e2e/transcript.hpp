#pragma once

#include <cstddef>
#include <filesystem>

// Sessions in a shell, as fixtures/transcripts/README.md says how they are written.
namespace provphone::e2e {

// Types the commands of `file` and compares what they say with what is recorded there, octet by
// octet; with PROVPHONE_UPDATE in the environment that is written anew. Returns how many commands
// there were.
std::size_t repeat_transcript(const std::filesystem::path& file);

}  // namespace provphone::e2e
