#pragma once

#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <cstdint>
#include <memory>
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
// Copies all it needs: the options stay good when parameters change.
profile::DecodeOptions decode_options(const Device& device, const Request& request,
                                      const FileAnswer& answer);

// What a file came to.
struct ApplyResult {
  bool unchanged_body = false;  // the file was not decoded: it would change nothing
  std::vector<profile::Layer> layers;
  std::vector<profile::ParameterId> changed;
  // By what is in `changed` (R-RESYNC-45).
  bool needs_restart = false;
  std::vector<profile::Ignored> ignored;  // as FileReading::ignored has it
  // As profile::Decoded has it, shared by all that are given the file; null: it came in clear.
  std::shared_ptr<const std::string> unpacked;
};

// Why a file did not come to anything, or to all that is in it (R-XML-10).
struct ApplyFailure : Error {
  bool needs_restart = false;  // by what was applied of it all the same
};

// What files came to for phones of one class, so that the next of them need not decode the same
// file again. A file is named by the fingerprint of all that decoding depends on.
class FileCache {
 public:
  virtual ~FileCache() = default;

  // Gives the phone what another one of its class came to with that file: parameters, settings,
  // files and class. Nothing, and the device as it was, where none is known to have had it. Asked
  // only while `device.phone_class` is of the parameters as they are.
  virtual std::optional<ApplyResult> apply_known(Device& device, std::size_t slot,
                                                 std::size_t fingerprint) = 0;
  // A phone that was of the class `before` has applied the file. May replace what `device` holds by
  // equal values that it shares with others.
  virtual void remember(std::uint32_t before, Device& device, std::size_t slot,
                        std::size_t fingerprint, const ApplyResult& result) = 0;
};

// What helps to read a file, and how much is said of it.
struct FileReading {
  FileCache* cache = nullptr;  // null: nobody remembers files for phones alike
  // The same for all that the cache serves.
  profile::IgnoredTold ignored = profile::IgnoredTold::by_name;
};

// Decodes and applies. A body that this rule applied last, with no parameter changed since, costs
// one hash, and so does one that the cache knows for phones of this class. `slot`
// goes up to one_time_slot.
//
// Fails as profile::decode_or_explain does. A malformed file is an error even where the phone
// applies a part of it (R-XML-10): then the parameters have changed in spite of it, and the detail
// says how many.
tl::expected<ApplyResult, ApplyFailure> apply_file(Device& device, std::size_t slot,
                                                   const Request& request, const FileAnswer& answer,
                                                   const FileReading& reading = {});

// Sets what the rule assigns; unknown names are passed over. Values go in as they stand: R-XML-17
// and R-XML-18 are about files. Returns the parameters that changed, in the order of the rule.
std::vector<profile::ParameterId> apply_assignments(
    Device& device, const std::vector<macro::Assignment>& assignments);

// The same for what somebody sets at the phone, of which the phone knows whose it is (R-XML-35).
std::vector<profile::ParameterId> apply_by_hand(Device& device,
                                                const std::vector<macro::Assignment>& assignments);

}  // namespace provphone::resync
