#include "client/scenario/inventory.hpp"

#include "client/input/csv.hpp"
#include "client/trace/fingerprint.hpp"
#include "macro/ascii.hpp"
#include "macro/fnv1a.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

namespace provphone::client::scenario {

namespace {

// Sites and models are few, names and extensions are not.
constexpr std::size_t most_shared = 4'096;

bool is_name_of(std::string_view known, std::string_view text) {
  return known.size() == text.size() &&
         std::equal(known.begin(), known.end(), text.begin(),
                    [](char a, char b) { return a == ascii::to_lower(b); });
}

bool is_known(std::string_view name) {
  return std::any_of(std::begin(known_columns), std::end(known_columns),
                     [&](std::string_view known) { return is_name_of(known, name); });
}

}  // namespace

// Fills a column, row after row.
class ColumnWriter {
 public:
  ColumnWriter(std::string name, std::size_t rows) : column_(std::move(name)) {
    column_.is_known_ = is_known(column_.name_);
    column_.at_.reserve(rows);
  }

  void add(std::string_view text) {
    // What a person sees of an address or a model ends with its letters.
    if (column_.is_known_) text = ascii::trimmed(text);
    const auto last = column_.at_.empty() ? 0U : column_.at_.back();
    if (!column_.at_.empty() && column_.texts_.data() + last == text)
      return column_.at_.push_back(last);
    if (!shares_) return column_.at_.push_back(append(text));
    const auto known = shared_.find(std::string(text));
    if (known != shared_.end()) return column_.at_.push_back(known->second);
    const auto at = append(text);
    column_.at_.push_back(at);
    shared_.emplace(text, at);
    if (shared_.size() < most_shared) return;
    shares_ = false;
    shared_.clear();
  }

  InventoryColumn take() {
    column_.at_.shrink_to_fit();
    column_.texts_.shrink_to_fit();
    return std::move(column_);
  }

 private:
  std::uint32_t append(std::string_view text) {
    const auto at = static_cast<std::uint32_t>(column_.texts_.size());
    column_.texts_.append(text).push_back('\0');
    return at;
  }

  InventoryColumn column_;
  std::unordered_map<std::string, std::uint32_t> shared_;
  bool shares_ = true;
};

namespace {

class InventoryReader {
 public:
  InventoryReader(std::string_view text, std::string_view name, input::CsvReader reader)
      : text_(text), reader_(std::move(reader)) {
    inventory_.name = name;
  }

  Result<Inventory> read() {
    TRY(find_columns());
    TRY(read_rows());
    TRY(check_addresses());
    for (auto& writer : writers_) inventory_.columns.push_back(writer.take());
    for (std::size_t i = 0; i < std::size(known_columns); ++i)
      inventory_.known[i] = find_column(inventory_, known_columns[i]);
    macro::Fnv1a<std::uint64_t> fingerprint;
    fingerprint.take(text_);
    inventory_.fingerprint = fingerprint.value();
    return std::move(inventory_);
  }

 private:
  Result<void> find_columns() {
    const auto& names = reader_.names();
    // No fewer than there are, unless cells go over lines.
    const auto lines = static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
    inventory_.macs.reserve(lines);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (is_name_of(mac_column, names[i])) {
        if (mac_ != none) return twice(i, mac_);
        mac_ = i;
        continue;
      }
      for (std::size_t k = 0; k < i && is_known(names[i]); ++k)
        if (ascii::lowered(names[k]) == ascii::lowered(names[i])) return twice(i, k);
      if (names[i].empty()) continue;
      columns_.push_back(i);
      writers_.emplace_back(names[i], lines);
    }
    if (mac_ != none) return {};
    std::string all;
    for (const auto& each : names) all.append(all.empty() ? "" : ", ").append(each);
    return input::fail_at(reader_.place_of_name(0),
                          fmt::format("expected a column 'mac', found {}", input::quoted(all)));
  }

  tl::unexpected<Error> twice(std::size_t column, std::size_t first) const {
    return input::fail_at(
        reader_.place_of_name(column),
        fmt::format("column {} for the second time; the first is number {}",
                    input::quoted(ascii::lowered(reader_.names()[column])), first + 1));
  }

  Result<void> read_rows() {
    std::vector<input::CsvField> row;
    for (;;) {
      TRY(const auto more, reader_.next(row));
      if (!more) break;
      const auto mac = parse_mac_address(ascii::trimmed(row[mac_].text));
      if (!mac)
        return input::fail_at(
            reader_.place(row[mac_].at),
            fmt::format("expected a hardware address such as 000e08012345, found {}",
                        row[mac_].text.empty() ? "nothing" : input::quoted(row[mac_].text)));
      inventory_.macs.push_back(*mac);
      for (std::size_t i = 0; i < columns_.size(); ++i) writers_[i].add(row[columns_[i]].text);
    }
    if (inventory_.macs.empty())
      return input::fail_at(reader_.place(text_.size()), "no phone is in this list");
    return {};
  }

  Result<void> check_addresses() {
    const auto& macs = inventory_.macs;
    std::vector<std::uint32_t> order(macs.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto one, auto other) {
      return macs[one] != macs[other] ? macs[one] < macs[other] : one < other;
    });
    // The one that stands first in the file is told.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> found;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (macs[order[i - 1]] == macs[order[i]] && (!found || order[i] < found->second))
        found.emplace(order[i - 1], order[i]);
    }
    if (!found) return {};
    const auto first = place_of_row(found->first);
    return input::fail_at(place_of_row(found->second),
                          fmt::format("the address {} for the second time; line {} has the first",
                                      format_lower(macs[found->second]), first.line));
  }

  input::Place place_of_row(std::size_t row) const {
    auto again = *input::CsvReader::open(text_, inventory_.name);
    std::vector<input::CsvField> fields;
    for (std::size_t i = 0; i <= row; ++i) (void)again.next(fields);
    return again.place(fields[mac_].at);
  }

  static constexpr std::size_t none = SIZE_MAX;

  std::string_view text_;
  input::CsvReader reader_;
  Inventory inventory_;
  std::size_t mac_ = none;
  std::vector<std::size_t> columns_;  // of the file, those that are kept
  std::vector<ColumnWriter> writers_;
};

}  // namespace

Result<Inventory> parse_inventory(std::string_view text, std::string_view name) {
  TRY(auto reader, input::CsvReader::open(text, name));
  return InventoryReader(text, name, std::move(reader)).read();
}

std::optional<std::size_t> find_column(const Inventory& inventory, std::string_view name) {
  const bool any_case = is_known(name);
  for (std::size_t i = 0; i < inventory.columns.size(); ++i) {
    const auto& column = inventory.columns[i].name();
    if (column == name || (any_case && is_name_of(ascii::lowered(name), column))) return i;
  }
  return std::nullopt;
}

std::string place_in(const Inventory& inventory, std::string_view text, std::size_t row,
                     std::optional<std::size_t> column) {
  auto reader = input::CsvReader::open(text, inventory.name);
  if (!reader) return inventory.name;
  std::vector<input::CsvField> fields;
  for (std::size_t i = 0; i <= row; ++i) {
    const auto more = reader->next(fields);
    if (!more || !*more) return inventory.name;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& name = reader->names()[i];
    const bool is_it =
        column ? name == inventory.columns[*column].name() : is_name_of(mac_column, name);
    if (!is_it) continue;
    const auto place = reader->place(fields[i].at);
    return fmt::format("{}:{}:{}", inventory.name, place.line, place.column);
  }
  return inventory.name;
}

std::optional<std::string_view> variable_in(const Inventory& inventory, std::size_t row,
                                            std::string_view name) {
  for (const auto& column : inventory.columns)
    if (column.name() == name && !column.is_known()) return column[row];
  return std::nullopt;
}

std::optional<std::uint32_t> position_of(const ListedPhones& listed, MacAddress mac) {
  const auto found = std::lower_bound(
      listed.by_mac.begin(), listed.by_mac.end(), mac,
      [&](std::uint32_t position, MacAddress wanted) { return listed.mac(position) < wanted; });
  if (found == listed.by_mac.end() || listed.mac(*found) != mac) return std::nullopt;
  return *found;
}

}  // namespace provphone::client::scenario
