#pragma once

#include "client/expect/identities.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

// How documents are searched: for MAC addresses, for tokens, and for what is all of an element's
// text. Letters count the same in either case, those of ASCII alone.
namespace provphone::client::expect {

// For one document; scan() once. No XML is parsed: a document may be broken, or none. Costs a few
// instructions an octet: most octets are looked at once, and a token is hashed only where its
// length and beginning are somebody's.
class DocumentScan {
 public:
  DocumentScan(const Identities& identities, std::string_view document)
      : identities_(identities), document_(document) {}

  std::vector<Mention> scan();

 private:
  using Scope = Identities::Scope;

  struct Find {
    std::size_t at;  // where in the document that was certain
    Mention mention;
  };

  void find_addresses();
  void find_address_in(std::size_t begin, std::size_t end);
  void find_texts();
  // `tag`: where the last tag before the text begins, SIZE_MAX where there is none; `at`: where the
  // text ends.
  void take_text(std::size_t begin, std::size_t end, std::size_t tag);
  void look_up(std::string_view text, Scope where, std::size_t tag, std::size_t at);
  bool is_of_family(std::string_view element, std::uint8_t family) const;
  static void report(std::vector<Find>& finds, Find find);

  const Identities& identities_;
  std::string_view document_;
  std::vector<Find> addresses_, texts_;  // in the document's order
};

}  // namespace provphone::client::expect
