#pragma once

#include "client/input/tree.hpp"
#include "macro/error.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Tables as spreadsheets and telephone systems export them: RFC 4180, separated by `,`, `;` or tab.
namespace provphone::client::input {

struct CsvField {
  std::string_view text;  // without its quotes; blanks around it, outside of quotes, are left out
  std::size_t at = 0;     // where it begins in the file's text
};

// Rows one after the other, behind a header that names the columns. Refers to the text, of which
// nothing is copied but fields with doubled quotes.
class CsvReader {
 public:
  // Reads the header; `name` is the file's, for messages. A byte order mark, a first line `sep=;`
  // and empty names at the end of the header are passed over. The separator is the one that the
  // header has most of. Fails with scenario_invalid, `name:line:column: message`: where nothing is
  // there, where the text is no UTF-8 or has a NUL anywhere, where two columns have one name.
  static Result<CsvReader> open(std::string_view text, std::string_view name);

  // May be empty in the middle: such a column has to be empty altogether.
  const std::vector<std::string>& names() const { return names_; }
  Place place_of_name(std::size_t column) const { return place(header_[column].at); }

  // The next row that has anything in it, a field for each name; false behind the last. Views are
  // good until the next call. Fails likewise.
  Result<bool> next(std::vector<CsvField>& row);

  // Takes time in proportion to what stands before it. Columns count characters.
  Place place(std::size_t at) const;

 private:
  CsvReader(std::string_view text, std::string_view name);

  Result<void> read_header();
  Result<void> read_record(std::vector<CsvField>& row);
  Result<void> read_field(std::vector<CsvField>& row);
  Result<CsvField> read_quoted(std::size_t begin);
  Result<void> check_width(std::vector<CsvField>& row) const;
  bool at_line_end() const;
  void skip_blanks();
  std::size_t end_of_plain(std::size_t from) const;

  std::string_view text_;
  std::shared_ptr<const std::string> source_;
  std::size_t at_ = 0;
  char separator_ = ',';
  std::vector<CsvField> header_;
  std::vector<std::string> names_;
  std::deque<std::string> unquoted_;  // of the row, where quotes are doubled
};

}  // namespace provphone::client::input
