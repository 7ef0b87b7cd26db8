#pragma once

#include "macro/rule.hpp"
#include "profile/parameter_set.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace provphone::client::capsule {

// Passwords and keys that a run has met, and what stands in their places where it is kept: for each
// secret a text of the same length and shape, everywhere the same, so that who opens files with a
// key, compares values or logs in does so with the stand-ins as well. Stand-ins are drawn from a
// salt that nobody keeps: no secret can be told from its stand-in, nor tried.
//
// A secret is known by where it stood: a parameter that is secret, the options --key and --pwd, the
// password in a URL. Such places are always replaced. Elsewhere a value is replaced where it is
// long enough to be no other word: from 6 octets on, and from 4 on where it stands alone and is no
// number.
class Secrets {
 public:
  // `salt`: random, and not kept by the caller.
  explicit Secrets(std::string salt) : salt_(std::move(salt)) {}

  void add(std::string_view value);
  void add_of(const std::vector<macro::Assignment>& assignments);
  void add_of(const profile::ParameterSet& parameters);
  // That another one with the same salt knows.
  void add_of(const Secrets& others);
  // All that stands in such a place: of a profile, a scenario, a rule, a URL.
  void add_of_text(std::string_view text);

  std::string stand_in(std::string_view value) const;
  // The text with stand-ins for secrets.
  std::string replaced(std::string_view text) const;

  bool none() const { return put_for_.empty(); }

 private:
  struct Spelling {
    std::string found, put;
    bool stands_alone;  // else wherever it is
  };

  void spell(std::string found, std::string put);
  const Spelling* spelling_at(std::string_view text, std::size_t at) const;
  void append_replaced(std::string& replaced, std::string_view text) const;

  std::string salt_;
  std::unordered_map<std::string, std::string> put_for_;  // every spelling, however short
  // By their first four octets, the longest first.
  std::unordered_map<std::uint32_t, std::vector<Spelling>> spellings_;
};

}  // namespace provphone::client::capsule
