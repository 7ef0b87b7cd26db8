#pragma once

#include "macro/error.hpp"
#include "profile/excerpt.hpp"
#include "profile/origin.hpp"
#include "profile/parameter_set.hpp"
#include "profile/rfc8188.hpp"
#include "profile/value.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Bytes to changes: RFC 8188 or AES, then gzip, then XML (behaviour rules R-LAYER-* and R-XML-*).
namespace provphone::profile {

// Limits on foreign bytes (R-LAYER-07, R-LAYER-17, R-XML-21, R-XML-22). Going past one is an error,
// never a truncation; of aliases and of what is reported as ignored the rest is left out.
inline constexpr std::size_t max_file_bytes = std::size_t{8} << 20;
inline constexpr std::size_t max_unpacked_bytes = std::size_t{32} << 20;
inline constexpr std::size_t max_xml_depth = 32;
inline constexpr std::size_t max_xml_elements = 20'000;
inline constexpr std::size_t max_xml_attributes = 64;  // of one element
inline constexpr std::size_t max_alias_entries = 30;
inline constexpr std::size_t max_ignored = max_xml_elements;  // reported; more go unsaid

enum class Layer : std::uint8_t {
  rfc8188,
  aes_256_cbc_sha256,
  aes_256_cbc_md5,
  gzip,
  xml,
  plain_text,  // only of parse_plain_text(): no phone reads it (R-TEXT-07)
  last = plain_text,
};

std::string_view name(Layer layer);  // "aes-256-cbc/sha256", ...

// Which digests AES key derivation tries, in order (R-LAYER-09).
enum class KeyDigests : std::uint8_t { md5, sha256_then_md5 };

// What `<X/>` does to a value (R-XML-16).
enum class SelfClosed : std::uint8_t { keeps_value, clears_value_unless_rw };

// What becomes of a file without `Salted__` though the rule has --key (R-LAYER-10).
enum class PlainFileWithKey : std::uint8_t { corrupt, accepted };

// What a phone has of a file whose XML breaks off or goes wrong (R-XML-10).
enum class MalformedProfile : std::uint8_t { nothing, up_to_fault };

// What an element without `ua` does to the User account's right (R-XML-19).
enum class AccessWhenAbsent : std::uint8_t { kept, factory };

// Whether a family knows preserve-value and user-pref (R-XML-34, R-XML-35).
enum class AttributeReading : std::uint8_t { ignored, read };

// Which tags name Report_To_Server: as dumps print it, as a guide does, or either (R-XML-23).
enum class ReportTag : std::uint8_t { both, dump, guide };

// What is said of the elements and attributes that a phone passes over. Words take longer than
// reading the file.
enum class IgnoredTold : std::uint8_t { in_words, by_name, not_at_all };

// What decoding depends on beside the octets. resync/reading.hpp fills in the knobs, and
// resync/apply.hpp the rule's, the answer's and the phone's part.
struct DecodeOptions {
  std::optional<std::string> key;  // the argument of --key
  std::optional<std::string> ikm;  // IKM_HTTP_Encrypt_Content, where set
  bool aes128gcm = false;          // the answer carried Content-Encoding: aes128gcm
  KeyDigests digests = KeyDigests::sha256_then_md5;
  SelfClosed self_closed = SelfClosed::clears_value_unless_rw;
  std::string alias_map;  // the register that --alias names; empty: none
  IkmEncoding ikm_encoding = IkmEncoding::octets_then_base64url;
  PlainFileWithKey plain_file_with_key = PlainFileWithKey::corrupt;
  MalformedProfile malformed = MalformedProfile::nothing;
  AccessWhenAbsent access_when_absent = AccessWhenAbsent::kept;
  ReportTag report_tag = ReportTag::both;
  AttributeReading preserve_value = AttributeReading::read;
  AttributeReading user_pref = AttributeReading::read;
  ValueRules values;
  IgnoredTold ignored = IgnoredTold::in_words;  // changes nothing of what is read
  std::optional<ProductLine> reader;  // who passes over what it lacks (R-XML-36); none: takes all
  // Where an empty value brings the factory's back (R-XML-25): which that is. Else none.
  std::shared_ptr<const BaseValues> restored_by_empty;
};

struct Change {
  ParameterId id;
  std::optional<std::string> value;  // nothing: the element sets only the right
  std::optional<Access> access;      // nothing: it stays
  Setter by = Setter::profile;       // of the value; a file's are never the user's

  friend bool operator==(const Change&, const Change&) = default;
};

// An element or attribute that a phone passes over.
struct Ignored {
  std::string name;
  std::string why;  // only with IgnoredTold::in_words

  friend bool operator==(const Ignored&, const Ignored&) = default;
};

struct Decoded {
  std::vector<Layer> layers;    // outermost first
  std::vector<Change> changes;  // one a parameter, in file order of its last mention
  std::vector<Ignored> ignored;
  std::string unpacked{};  // the text behind the outer layers; empty where there are none
};

// All or nothing (R-XML-10). With MalformedProfile::up_to_fault, decode_or_explain() has the rest.
// Fails with empty_body, body_too_large or a code of stages decrypt, gunzip and parse. The detail
// never repeats content.
Result<Decoded> decode(std::string_view bytes, const DecodeOptions& options);

// What a person needs to mend a file: excerpt(text, *position) shows the place.
struct DecodeFailure {
  Error error;
  std::optional<Position> position;  // in `text`; only where XML is malformed
  std::string text;                  // without outer layers and byte order mark; may hold passwords
  Decoded before_fault;              // what is applied all the same; only with up_to_fault
};

// As decode(), for the owner of the file and for phones that apply a part of it.
tl::expected<Decoded, DecodeFailure> decode_or_explain(std::string_view bytes,
                                                       const DecodeOptions& options);

// Applies all changes and returns the parameters whose value became another one, in the order of
// `changes`, which must not name one twice. Rights change without being returned.
std::vector<ParameterId> apply(ParameterSet& parameters, const std::vector<Change>& changes);

// How many of the parameters act (R-PARAM-01); the others are stored.
std::size_t count_acting(const std::vector<Change>& changes);

}  // namespace provphone::profile
