#include "client/scenario/detail/inventory_block.hpp"

#include "client/scenario/detail/ipv4.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <numeric>
#include <set>
#include <tuple>

namespace provphone::client::scenario {
namespace {

Result<std::string> text_of_inventory(const Node& file, const Reading& reading) {
  auto text = reading.read_file(file.text, max_inventory_bytes);
  if (!text) return fail_at(file.place, text.error().detail);
  return text;
}

Result<std::shared_ptr<const Inventory>> inventory_of(const Node& file, const Reading& reading,
                                                      KnownInventories& known) {
  TRY(const auto name, as_filled_text(file));
  auto& inventory = known[name];
  if (inventory) return inventory;
  TRY(const auto text, text_of_inventory(file, reading));
  // As a person would name it, wherever the scenario's folder is.
  const auto title = std::filesystem::path(reading.path_of(name)).lexically_normal().string();
  TRY(auto read, parse_inventory(text, title));
  inventory = std::make_shared<const Inventory>(std::move(read));
  return inventory;
}

// The kind of phone that a row describes: texts of its model, personality, firmware and
// certificate.
using KindTexts =
    std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;

// In place of the name of a certificate's file: all that have one are of one kind.
constexpr std::string_view from_file = "/";

class ListingReader {
 public:
  ListingReader(const Node& file, const Reading& reading, const Inventory& inventory)
      : file_(file), reading_(reading), inventory_(inventory) {}

  Result<std::vector<std::uint32_t>> rows(const Node* where) const {
    std::vector<std::uint32_t> all(inventory_.rows());
    std::iota(all.begin(), all.end(), 0U);
    if (where == nullptr) return all;
    if (where->kind != Node::Kind::map || where->entries.empty())
      return unexpected_value(*where, "a map of columns and values");
    for (const auto& entry : where->entries) {
      TRY(all, rows_with(entry, all));
    }
    if (all.empty())
      return fail_at(where->place, fmt::format("no row of {} has all of this", inventory_.name));
    return all;
  }

  Result<void> check(const std::vector<std::uint32_t>& rows) const {
    const auto& certificate = column(KnownColumn::certificate);
    if (column(KnownColumn::key) != nullptr && certificate == nullptr)
      return fail_at(file_.place,
                     fmt::format("{} has a column 'key' and none 'certificate'", inventory_.name));
    for (const auto row : rows) {
      const auto source = text(row, KnownColumn::source);
      if (!source.empty() && !parse_ipv4(source))
        return fail_in(row, KnownColumn::source, "an IPv4 address such as 10.1.2.3");
    }
    return {};
  }

  Result<std::vector<ListedKind>> kinds(std::vector<std::uint32_t>& rows) const {
    std::map<KindTexts, std::uint32_t> numbers;
    std::vector<ListedKind> kinds;
    std::vector<std::uint32_t> kind_of;
    kind_of.reserve(rows.size());
    for (const auto row : rows) {
      const auto [known, is_new] =
          numbers.try_emplace(texts(row), static_cast<std::uint32_t>(kinds.size()));
      if (is_new) {
        TRY(kinds.emplace_back(), kind(row));
      }
      kind_of.push_back(known->second);
      ++kinds[known->second].count;
    }
    std::vector<std::uint32_t> next;
    std::uint32_t first = 0;
    for (auto& each : kinds) {
      next.push_back(each.first = first);
      first += each.count;
    }
    std::vector<std::uint32_t> sorted(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) sorted[next[kind_of[i]]++] = rows[i];
    rows = std::move(sorted);
    return kinds;
  }

 private:
  const InventoryColumn* column(KnownColumn which) const {
    const auto at = inventory_.known[static_cast<std::size_t>(which)];
    return at ? &inventory_.columns[*at] : nullptr;
  }

  std::string_view text(std::uint32_t row, KnownColumn which) const {
    const auto* found = column(which);
    return found == nullptr ? std::string_view{} : (*found)[row];
  }

  KindTexts texts(std::uint32_t row) const {
    const auto certificate = text(row, KnownColumn::certificate);
    const bool is_word = certificate.empty() || certificate_named(certificate);
    return {text(row, KnownColumn::model), text(row, KnownColumn::personality),
            text(row, KnownColumn::firmware), is_word ? certificate : from_file};
  }

  Result<ListedKind> kind(std::uint32_t row) const {
    ListedKind kind;
    kind.model = text(row, KnownColumn::model);
    kind.firmware = text(row, KnownColumn::firmware);
    if (const auto name = text(row, KnownColumn::personality); !name.empty()) {
      Node node;
      node.kind = Node::Kind::scalar;
      node.text = ascii::lowered(name);
      const auto generation = as_generation(node);
      if (!generation) return fail_in(row, KnownColumn::personality, "spa, mpp11 or mpp12");
      kind.generation = *generation;
    }
    const auto certificate = text(row, KnownColumn::certificate);
    if (!certificate.empty())
      kind.certificate = certificate_named(certificate).value_or(ListedCertificate{});
    return kind;
  }

  tl::unexpected<Error> fail_in(std::uint32_t row, KnownColumn which,
                                std::string_view expected) const {
    const auto found = std::string(text(row, which));
    const auto again = text_of_inventory(file_, reading_);
    const auto place =
        again ? place_in(inventory_, *again, row, inventory_.known[static_cast<std::size_t>(which)])
              : inventory_.name;
    return fail(Errc::scenario_invalid,
                fmt::format("{}: expected {}, found {}", place, expected, input::quoted(found)));
  }

  Result<std::vector<std::uint32_t>> rows_with(const Entry& entry,
                                               const std::vector<std::uint32_t>& rows) const {
    std::vector<std::string> wanted;
    if (entry.value.kind == Node::Kind::list && !entry.value.items.empty()) {
      TRY(wanted, as_list(entry.value, "a list of values", as_text));
    } else {
      TRY(wanted.emplace_back(), as_text(entry.value));
    }
    const auto at = find_column(inventory_, entry.key);
    if (!at) return no_column(entry);
    const auto& column = inventory_.columns[*at];
    std::set<std::string_view> found;
    const std::set<std::string_view> values(wanted.begin(), wanted.end());
    std::vector<std::uint32_t> picked;
    for (const auto row : rows)
      if (values.contains(column[row])) picked.push_back(row);
    for (std::size_t row = 0; row < inventory_.rows() && found.size() < values.size(); ++row)
      if (values.contains(column[row])) found.insert(column[row]);
    for (const auto& value : wanted)
      if (!found.contains(value)) return no_value(entry, column, value);
    return picked;
  }

  tl::unexpected<Error> no_column(const Entry& entry) const {
    if (ascii::lowered(entry.key) == mac_column)
      return fail_at(entry.place, "phones are not picked by their address here");
    std::vector<std::string_view> names;
    for (const auto& each : inventory_.columns) names.emplace_back(each.name());
    return fail_at(entry.place,
                   fmt::format("{} has no column {}{}", inventory_.name, input::quoted(entry.key),
                               input::suggestion(entry.key, names)));
  }

  tl::unexpected<Error> no_value(const Entry& entry, const InventoryColumn& column,
                                 const std::string& value) const {
    // Each candidate costs a comparison; where there are many no one misspells a site.
    constexpr std::size_t most = 1'000;
    std::set<std::string_view> there;
    for (std::size_t row = 0; row < inventory_.rows() && there.size() < most; ++row)
      there.insert(column[row]);
    return fail_at(entry.value.place,
                   fmt::format("no row of {} has {} in its column {}{}", inventory_.name,
                               input::quoted(value), input::quoted(entry.key),
                               input::suggestion(value, {there.begin(), there.end()})));
  }

  const Node& file_;
  const Reading& reading_;
  const Inventory& inventory_;
};

}  // namespace

Result<Listing> as_listing(const Node& file, const Node* where, const Reading& reading,
                           KnownInventories& known) {
  ListedPhones listed;
  TRY(listed.inventory, inventory_of(file, reading, known));
  const ListingReader reader(file, reading, *listed.inventory);
  TRY(listed.rows, reader.rows(where));
  TRY(reader.check(listed.rows));
  const auto in_file = listed.rows;
  Listing listing;
  TRY(listing.kinds, reader.kinds(listed.rows));
  if (listing.kinds.size() > 1) {
    for (const auto row : listed.rows) {
      const auto place = std::lower_bound(in_file.begin(), in_file.end(), row);
      listed.index.push_back(static_cast<std::uint32_t>(place - in_file.begin()));
    }
  }
  listed.by_mac.resize(listed.rows.size());
  std::iota(listed.by_mac.begin(), listed.by_mac.end(), 0U);
  std::sort(listed.by_mac.begin(), listed.by_mac.end(),
            [&](auto one, auto other) { return listed.mac(one) < listed.mac(other); });
  listing.phones = std::make_shared<const ListedPhones>(std::move(listed));
  return listing;
}

std::string place_of_listed(const Reading& reading, const Node& file, const ListedPhones& listed,
                            std::uint32_t position) {
  const auto again = text_of_inventory(file, reading);
  return again ? place_in(*listed.inventory, *again, listed.rows[position], std::nullopt)
               : listed.inventory->name;
}

}  // namespace provphone::client::scenario
