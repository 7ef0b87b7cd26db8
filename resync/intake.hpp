#pragma once

#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a phone makes of the bytes and assignments that a rule brought it.
namespace provphone::resync {

struct FileAnswer {
  std::string_view body;
  std::string_view content_encoding;
};

// Whether a Content-Encoding header announces the coding of RFC 8188; in any case.
bool says_aes128gcm(std::string_view content_encoding);

// How the phone reads an answer to that request: its key, alias map and coding, IKM and knobs.
profile::DecodeOptions decode_options(const Device& device, const Request& request,
                                      const FileAnswer& answer);

struct Intake {
  bool unchanged_body = false;  // the file was not decoded: it would change nothing
  std::vector<profile::Layer> layers;
  std::vector<profile::ParameterId> changed;
  bool needs_restart = false;
  std::vector<profile::Ignored> ignored;
  std::string unpacked;  // as profile::Decoded has it
};

// What files came to for phones that were alike, so that the next of them need not decode the same
// file again. A file is named by the fingerprint of all that decoding depends on.
class FileMemory {
 public:
  virtual ~FileMemory() = default;

  // Puts the phone where another one of its kind went with that file; nothing where none did.
  virtual std::optional<Intake> recall(Device& device, std::size_t slot,
                                       std::size_t fingerprint) = 0;
  // A phone that was of the kind `before` has taken the file in.
  virtual void remember(std::uint32_t before, Device& device, std::size_t slot,
                        std::size_t fingerprint, const Intake& intake) = 0;
};

// Decodes and applies. A body that this rule applied last, with no parameter changed since, costs
// one hash, and so does one that `memory` knows for phones of this kind; it may be null. A
// malformed file is an error even where the phone applies a part of it (R-XML-10).
Result<Intake> take_in_file(Device& device, std::size_t slot, const Request& request,
                            const FileAnswer& answer, FileMemory* memory = nullptr);

// Sets what the rule assigns; unknown names are passed over. Returns the parameters that changed.
std::vector<profile::ParameterId> take_in_assignments(
    Device& device, const std::vector<macro::Assignment>& assignments);

}  // namespace provphone::resync
