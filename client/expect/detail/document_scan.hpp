#pragma once

#include "client/expect/identities.hpp"
#include "macro/fnv1a.hpp"
#include "resync/random.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

// How documents are searched: one pass for MAC addresses, for tokens, and for what is all of an
// element's text. Letters count the same in either case, those of ASCII alone.
namespace provphone::client::expect {
namespace detail {

inline constexpr char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline constexpr bool is_letter(char c) {
  return (folded(c) >= 'a' && folded(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// A text's hash, octet by octet; the same as hash_of() of the whole.
class RunningHash {
 public:
  void add(char c) {
    hash_.take(static_cast<unsigned char>(folded(c)));
    ++size_;
  }
  void restart() { *this = {}; }
  std::size_t size() const { return size_; }
  std::uint64_t value() const { return resync::mix(hash_.value()); }

 private:
  macro::Fnv1a<std::uint64_t> hash_;
  std::size_t size_ = 0;
};

inline std::uint64_t hash_of(std::string_view text) {
  RunningHash hash;
  for (const char c : text) hash.add(c);
  return hash.value();
}

}  // namespace detail

// For one document; scan() once. No XML is parsed: a document may be broken, or none.
class DocumentScan {
 public:
  explicit DocumentScan(const Identities& identities) : identities_(identities) {}

  std::vector<Mention> scan(std::string_view document);

 private:
  using Scope = Identities::Scope;

  // What one octet is to each of the three searches, in the order of the document.
  void take_hex(std::string_view document, std::size_t at);
  void take_tokens(char c);
  void end_token(detail::RunningHash& token);
  void end_text(std::string_view text, std::string_view element);
  void look_up(std::uint64_t hash, Scope where, std::string_view element);
  bool is_of_family(std::string_view element, std::uint8_t family) const;
  void report(std::uint32_t owner, Datum datum);

  const Identities& identities_;
  std::uint64_t address_ = 0;     // the last twelve hexadecimal digits
  int digits_ = 0;                // in a row, with separators between them
  bool after_separator_ = false;  // the last octet was one
  int skipped_ = 0;               // octets of an encoded separator that are still to come
  // Runs of ever more kinds of characters: `8`, `user-8` and `user-8@example.net`.
  std::array<detail::RunningHash, 3> tokens_;
  std::vector<Mention> found_;
};

}  // namespace provphone::client::expect
