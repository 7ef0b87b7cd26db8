#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// XML as far as profiles need it (R-XML-05, R-XML-06, R-XML-09, R-XML-10, R-XML-15, R-XML-22). What
// elements mean is for profile/xml.hpp.
namespace provphone::profile {

// Why a text is no XML, and where.
struct MarkupFault {
  Error error;         // its detail is "line L, column C: cause", maybe with "; remedy"
  std::size_t offset;  // where the excerpt for a person points to
};

// What MarkupReader::next() came upon.
enum class Mark {
  start_tag,
  end_tag,
  empty_tag,  // <X/>
  text,       // references still in it
  cdata,
  end,    // of the file, and all was well
  fault,  // and nothing after it
};

struct Attribute {
  std::string_view name;
  std::string_view raw;  // between the quotes, references still in it
};

// Reads XML 1.0 without a document type from front to back, in one pass, as strictly as the common
// parsers and within the limits of profile/decode.hpp. Copies nothing: its answers are views of the
// text, which must outlive it. Comments, processing instructions and the declaration are checked
// and left out, so the text around one arrives in two pieces.
//
// Fails with xml_malformed, xml_too_deep, xml_too_many_elements or xml_doctype. The detail counts
// octets as columns and names known elements only, because markup that went wrong may be a piece of
// somebody's password.
//
// One thing is laxer than XML: octets above 7f are taken as they are, whatever the encoding
// declaration says (R-XML-05).
class MarkupReader {
 public:
  explicit MarkupReader(std::string_view text) : text_(text) {}  // without its byte order mark

  Mark next();

  std::string_view name() const { return name_; }  // of the last tag
  std::string_view raw() const { return raw_; }    // the last text or CDATA

  // Of the last start or empty tag; end tags leave them.
  std::span<const Attribute> attributes() const { return attributes_; }

  // Only after Mark::fault.
  const MarkupFault& fault() const { return *fault_; }

 private:
  struct Element {
    std::string_view name;
    std::size_t start;
  };

  Mark read_text();
  Mark read_end();
  Mark read_end_tag();
  bool ends_as_it_should();
  Mark read_start_tag();
  Mark read_cdata();
  Mark read_declaration();
  bool read_instruction();
  bool read_comment();
  bool read_attributes();
  bool read_attribute();
  bool read_attribute_value(std::size_t start);
  bool check_stop();
  bool skip_past(std::string_view terminator, std::size_t from, std::string_view what);
  bool skip_space();
  std::string_view read_name();

  // Both keep the error and return what the caller returns.
  bool refuse(std::size_t offset, std::string cause, std::string_view remedy = "",
              Errc code = Errc::xml_malformed);
  Mark fail_at(std::size_t offset, std::string cause, std::string_view remedy = "",
               Errc code = Errc::xml_malformed);

  bool refuse_comment(std::size_t start, std::size_t dashes);
  bool refuse_unquoted_value();
  bool refuse_reference();
  Mark refuse_end_tag(std::size_t start, const Element& opened);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  bool had_root_ = false;
  std::string_view name_;
  std::string_view raw_;
  std::vector<Element> open_;
  std::vector<Attribute> attributes_;
  std::optional<MarkupFault> fault_;
};

// Whether `text` (no byte order mark) is what MarkupReader reads to its end.
Result<void> check_markup(std::string_view text);

}  // namespace provphone::profile
