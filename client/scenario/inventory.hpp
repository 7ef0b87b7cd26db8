#pragma once

#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Lists of phones as operators have them: a table with a row a phone.
namespace provphone::client::scenario {

// The columns that say who a phone is; they are known in any case. All others are variables.
enum class KnownColumn : std::uint8_t {
  serial,
  model,
  personality,
  firmware,
  source,
  certificate,
  key
};
inline constexpr std::string_view known_columns[] = {
    "serial", "model", "personality", "firmware", "source", "certificate", "key"};
inline constexpr std::string_view mac_column = "mac";

// One value a row. A value that is there already is not kept again, as long as there are few.
class InventoryColumn {
 public:
  explicit InventoryColumn(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::string_view operator[](std::size_t row) const { return texts_.data() + at_[row]; }
  bool is_known() const { return is_known_; }  // a KnownColumn

 private:
  friend class ColumnWriter;

  std::string name_;  // as the header has it
  bool is_known_ = false;
  std::string texts_;              // with a NUL behind each
  std::vector<std::uint32_t> at_;  // where each row's is
};

struct Inventory {
  std::string name;                      // of the file, as messages call it
  std::vector<MacAddress> macs;          // of each row; none twice
  std::vector<InventoryColumn> columns;  // without `mac`, in the file's order
  // Of each KnownColumn, in `columns`; nothing where the file has no such column.
  std::array<std::optional<std::size_t>, std::size(known_columns)> known{};
  std::uint64_t fingerprint = 0;  // of the file's text

  std::size_t rows() const { return macs.size(); }
  bool has(KnownColumn column) const { return known[static_cast<std::size_t>(column)].has_value(); }
};

// Beyond that a file is no list of phones. A row of a hundred octets a phone makes two and a half
// million phones.
inline constexpr std::size_t max_inventory_bytes = std::size_t{256} << 20U;

// Fails with scenario_invalid and one line, `name:line:column: message`: where the text is no table
// (input::CsvReader), has no column `mac`, one column twice, no row, or an address that is none or
// is there twice.
Result<Inventory> parse_inventory(std::string_view text, std::string_view name);

// Known ones in any case, others as the header has them. Nothing where there is none.
std::optional<std::size_t> find_column(const Inventory& inventory, std::string_view name);

// The value in a column that is a variable, which known ones are not.
std::optional<std::string_view> variable_in(const Inventory& inventory, std::size_t row,
                                            std::string_view name);

// `name:line:column` of a row's address, or of its value in a column. Reads the text again.
std::string place_in(const Inventory& inventory, std::string_view text, std::size_t row,
                     std::optional<std::size_t> column);

// The rows that are the phones of one group (phone_group.hpp).
struct ListedPhones {
  std::shared_ptr<const Inventory> inventory;
  std::vector<std::uint32_t> rows;  // of each phone, in the order of the phones' numbers
  // How many phones of the group stand before it in the file; empty: as many as are numbered
  // before.
  std::vector<std::uint32_t> index;
  std::vector<std::uint32_t> by_mac;  // positions in `rows`, by ascending address

  MacAddress mac(std::size_t position) const { return inventory->macs[rows[position]]; }
  // Empty where there is no such column.
  std::string_view value(std::size_t position, KnownColumn column) const {
    const auto at = inventory->known[static_cast<std::size_t>(column)];
    return at ? inventory->columns[*at][rows[position]] : std::string_view{};
  }
};

// The position in `rows`, or nothing.
std::optional<std::uint32_t> position_of(const ListedPhones& listed, MacAddress mac);

}  // namespace provphone::client::scenario
