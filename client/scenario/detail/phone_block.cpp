#include "client/scenario/detail/addresses.hpp"
#include "client/scenario/detail/inventory_block.hpp"
#include "client/scenario/detail/keys.hpp"
#include "client/scenario/phones.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"
#include "resync/model.hpp"

#include <fmt/format.h>

#include <set>

namespace provphone::client::scenario {
namespace {

constexpr std::uint64_t mac_end = std::uint64_t{1} << 48U;
// The prefix of all made-up addresses of this project.
constexpr MacAddress first_mac{0x000e08000000};

struct CertificateKeys {
  std::string cert, key, password_file, directory;
};

constexpr std::array<Key<CertificateKeys>, 4> certificate_keys{{
    {"cert", into<&CertificateKeys::cert, as_filled_text>},
    {"key", into<&CertificateKeys::key, as_filled_text>},
    {"password_file", into<&CertificateKeys::password_file, as_filled_text>},
    {"directory", into<&CertificateKeys::directory, as_filled_text>},
}};

const std::array<Choice<Certificate>, 6>& certificate_words() {
  using Flaw = MintedCertificate::Flaw;
  static const std::array<Choice<Certificate>, 6> words{
      {{"minted", MintedCertificate{}},
       {"generic", GenericCertificate{}},
       {"none", NoCertificate{}},
       {"expired", MintedCertificate{Flaw::expired}},
       {"wrong_root", MintedCertificate{Flaw::wrong_root}},
       {"wrong_subject", MintedCertificate{Flaw::wrong_subject}}}};
  return words;
}

Result<Certificate> as_certificate(const Node& node, const Reading& reading) {
  if (node.kind != Node::Kind::map) return as_choice(node, certificate_words());
  CertificateKeys given;
  TRY(read_block(node, certificate_keys, given, reading));
  const bool has_files = !given.cert.empty() || !given.key.empty() || !given.password_file.empty();
  if (given.directory.empty() && !given.cert.empty())
    return CertificateFiles{given.cert, given.key, given.password_file};
  if (given.directory.empty() || has_files)
    return fail_at(node.place, "expected cert and perhaps key and password_file, or directory");
  return CertificateDirectory{given.directory};
}

Result<std::string> as_group_name(const Node& node) {
  const std::string_view text = node.text;
  const auto fits = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; };
  // Of what fits, letters and `_` alone come behind the digits.
  const bool begins_well = !text.empty() && text.front() > '9' && text.front() != '_';
  if (!begins_well || !std::all_of(text.begin(), text.end(), fits))
    return unexpected_value(node, "a name of letters, digits, - and _ that begins with a letter");
  if (text == "all" || parse_mac_address(text))
    return fail_at(node.place, fmt::format("{} would mean something else where phones are picked",
                                           input::quoted(text)));
  return node.text;
}

// A group while it is being read: what it is follows from several keys together.
struct GroupDraft : PhoneGroup {
  std::optional<profile::Generation> generation;
  std::vector<std::string> knobs;
  bool has_serial = false;
  // Where it is one of an inventory: of the block that is being read.
  const Node* where = nullptr;
  KnownInventories* inventories = nullptr;
  std::vector<ListedKind> kinds;
};

Result<void> note_where(const Node& node, GroupDraft& draft, const Reading& /*reading*/) {
  draft.where = &node;
  return {};
}

Result<void> read_inventory(const Node& node, GroupDraft& draft, const Reading& reading) {
  TRY(auto listing, as_listing(node, draft.where, reading, *draft.inventories));
  draft.listed = std::move(listing.phones);
  draft.kinds = std::move(listing.kinds);
  return {};
}

Result<void> read_knobs(const Node& node, GroupDraft& draft, const Reading& /*reading*/) {
  if (node.kind != Node::Kind::map) return unexpected_value(node, "a map of knobs and values");
  // Whether a knob takes a value is no question of whose knob it is.
  auto scratch = resync::personality_of(profile::Generation::mpp12);
  for (const auto& entry : node.entries) {
    TRY(const auto value, as_text(entry.value));
    auto assignment = fmt::format("{}={}", entry.key, value);
    const auto set = resync::set_knob(scratch, assignment);
    if (!set) return fail_at(entry.place, set.error().detail);
    draft.knobs.push_back(std::move(assignment));
  }
  return {};
}

Result<Variables> as_variables(const Node& node) {
  if (node.kind != Node::Kind::map) return unexpected_value(node, "a map of names and texts");
  Variables variables;
  for (const auto& entry : node.entries) {
    if (!is_variable_name(entry.key)) {
      return fail_at(entry.place, fmt::format("{} is no name of letters, digits and _",
                                              input::quoted(entry.key)));
    }
    if (std::find(std::begin(reserved_names), std::end(reserved_names), entry.key) !=
        std::end(reserved_names))
      return fail_at(entry.place,
                     fmt::format("{} means something already", input::quoted(entry.key)));
    TRY(auto value, as_text(entry.value));
    variables.emplace(entry.key, std::move(value));
  }
  return variables;
}

// The row of the variables stands above this one and those below.
Result<void> read_serial(const Node& node, GroupDraft& group, const Reading& /*reading*/) {
  const PhoneGroup* const groups[] = {&group};
  TRY(group.serial, as_template_for(node, groups));
  group.has_serial = true;
  return {};
}

Result<void> read_group_set(const Node& node, GroupDraft& group, const Reading& /*reading*/) {
  const PhoneGroup* const groups[] = {&group};
  TRY(group.set, as_settings(node, groups));
  return {};
}

Result<void> read_dhcp(const Node& node, GroupDraft& group, const Reading& /*reading*/) {
  if (node.kind != Node::Kind::map)
    return unexpected_value(node, "a map of option numbers and texts");
  const PhoneGroup* const groups[] = {&group};
  for (const auto& entry : node.entries) {
    TRY(auto option, as_lease_option(entry, groups));
    group.dhcp.push_back(std::move(option));
  }
  return {};
}

struct AccountDraft {
  const PhoneGroup& group;
  AccountTemplate account;
};

template <Template AccountTemplate::*part>
Result<void> read_of_account(const Node& node, AccountDraft& draft, const Reading& /*reading*/) {
  const PhoneGroup* const groups[] = {&draft.group};
  TRY(draft.account.*part, as_template_for(node, groups));
  return {};
}

constexpr std::array<Key<AccountDraft>, 2> account_keys{{
    {"user", read_of_account<&AccountTemplate::user>, Need::required},
    {"password", read_of_account<&AccountTemplate::password>, Need::required},
}};

Result<void> read_account(const Node& node, GroupDraft& group, const Reading& reading) {
  AccountDraft draft{group, {}};
  TRY(read_block(node, account_keys, draft, reading));
  group.profile_account = std::move(draft.account);
  return {};
}

Result<void> read_activation_code(const Node& node, GroupDraft& group, const Reading& /*reading*/) {
  const PhoneGroup* const groups[] = {&group};
  TRY(group.activation_code, as_template_for(node, groups));
  return {};
}

template <auto member>
Result<void> read_service(const Node& node, GroupDraft& group, const Reading& /*reading*/) {
  TRY(group.services.*member, as_filled_text(node));
  return {};
}

Result<std::vector<std::string>> as_files(const Node& node) {
  return as_list(node, "a list of files", as_filled_text);
}

// `variables`, `where` and `inventory` stand above all that has templates.
constexpr std::array<Key<GroupDraft>, 22> group_keys{{
    {"group", into<&PhoneGroup::name, as_group_name>},
    {"count", into<&PhoneGroup::count, as_count>},
    {"model", into<&PhoneGroup::model, as_filled_text>},
    {"personality", into<&GroupDraft::generation, as_generation>},
    {"knobs", read_knobs},
    {"mac", into<&PhoneGroup::mac, as_mac>},
    {"variables", into<&PhoneGroup::variables, as_variables>},
    {"where", note_where},
    {"inventory", read_inventory},
    {"serial", read_serial},
    {"firmware", into<&PhoneGroup::firmware, as_filled_text>},
    {"hardware", into<&PhoneGroup::hardware, as_filled_text>},
    {"certificate", into<&PhoneGroup::certificate, as_certificate>},
    {"trust", into<&PhoneGroup::trust, as_files>},
    {"source", into<&PhoneGroup::source, as_address_range>},
    {"config", into<&PhoneGroup::config, as_filled_text>},
    {"set", read_group_set},
    {"dhcp", read_dhcp},
    {"profile_account", read_account},
    {"activation_code", read_activation_code},
    {"onboarding_service", read_service<&resync::Services::onboarding>},
    {"redirect_service", read_service<&resync::Services::redirect>},
}};

// R-MODEL-01. Knobs come last: they are said of these very phones.
PhoneGroup settled(GroupDraft draft) {
  auto kind = resync::kind_of({draft.model, draft.firmware, draft.generation});
  draft.model = std::move(kind.model);
  draft.firmware = std::move(kind.firmware);
  draft.contradictions = std::move(kind.contradictions);
  draft.personality = kind.personality;
  for (const auto& knob : draft.knobs) (void)resync::set_knob(draft.personality, knob);
  if (!draft.has_serial) {
    draft.serial =
        *parse_template(fmt::format("{}{{index:0{}X}}", kind.serial_prefix, kind.serial_digits));
  }
  PhoneGroup group = std::move(draft);
  return group;
}

// What holds within one group only once all of its keys are read.
Result<void> check_group(const Node& node, const PhoneGroup& group) {
  // The groups before are within the limit, so that the difference is not negative.
  if (group.count > max_phones - group.first) {
    return fail_at(place_of(node, group.listed ? "inventory" : "count"),
                   fmt::format("more than {} phones altogether", max_phones));
  }
  const bool counts_up = !group.leased && !group.listed;
  if (counts_up && group.mac.bits + group.count > mac_end) {
    return fail_at(place_of(node, "mac"), fmt::format("{} addresses do not fit behind {}",
                                                      group.count, format_lower(group.mac)));
  }
  if (group.source && group.count > group.source->count) {
    return fail_at(place_of(node, "source"),
                   fmt::format("{} addresses for {} phones", group.source->count, group.count));
  }
  return {};
}

// No line of a file has it.
bool is_of_override(const Node& node) {
  return node.place.line == 0;
}

// What an inventory says is not said of the whole group too. One that an override brings takes the
// place of the phones that the file counts.
Result<void> check_inventory_keys(const Node& node, const Reading& reading) {
  const auto* inventory = find(node, "inventory");
  if (inventory == nullptr) {
    if (find(node, "where") == nullptr) return {};
    return fail_at(place_of(node, "where"), "where picks rows of an inventory, and there is none");
  }
  for (const auto* key : {"count", "mac"}) {
    const auto* counted = find(node, key);
    if (counted == nullptr || (is_of_override(*inventory) && !is_of_override(*counted))) continue;
    return fail_at(place_of(node, key),
                   fmt::format("{} goes without inventory, whose rows are the phones", key));
  }
  if (reading.given.leased) return fail_at(inventory->place, "inventory goes without a lease file");
  return {};
}

// Groups one after the other.
class GroupsReader {
 public:
  explicit GroupsReader(const Reading& reading) : reading_(reading) {}

  Result<void> add(const Node& node) {
    TRY(check_inventory_keys(node, reading_));
    GroupDraft group;
    // What follows from the groups before; the group's own keys go over it.
    group.name = fmt::format("phones-{}", ++named_);
    group.mac = next_mac_;
    group.first = next_;
    group.inventories = &inventories_;
    TRY(read_block(node, group_keys, group, reading_));
    const auto& leased = reading_.given.leased;
    if (leased) {
      group.leased = leased;
      group.count = static_cast<std::uint32_t>(leased->size());
    }
    if (group.listed) group.count = static_cast<std::uint32_t>(group.listed->rows.size());
    TRY(check_group(node, group));
    if (!names_.insert(group.name).second)
      return fail_at(place_of(node, "group"),
                     fmt::format("a second group {}", input::quoted(group.name)));
    next_ = group.first + group.count;
    if (!group.listed) {
      next_mac_ = {group.mac.bits + group.count};
      groups_.push_back(settled(std::move(group)));
      blocks_.push_back(&node);
      return {};
    }
    for (std::uint32_t part = 0; part < group.kinds.size(); ++part) {
      groups_.push_back(settled(part_of(group, part)));
      blocks_.push_back(&node);
    }
    return {};
  }

  // No two phones with one address.
  Result<std::vector<PhoneGroup>> take() {
    const auto shared = first_shared_address(groups_);
    if (!shared) return std::move(groups_);
    const auto& group = groups_[shared->group];
    const auto& node = *blocks_[shared->group];
    const auto& other = groups_[shared->earlier];
    if (!group.listed && !other.listed)
      return fail_at(place_of(node, "mac"),
                     fmt::format("the addresses of group {} and of group {} overlap",
                                 input::quoted(group.name), input::quoted(other.name)));
    const auto& listing = group.listed ? group : other;
    const auto position = *position_of(*listing.listed, shared->mac);
    const auto& listing_node = *blocks_[group.listed ? shared->group : shared->earlier];
    return fail_at(place_of(node, group.listed ? "inventory" : "mac"),
                   fmt::format("{} of {} is in group {} already", format_lower(shared->mac),
                               place_of_listed(reading_, *find(listing_node, "inventory"),
                                               *listing.listed, position),
                               input::quoted(other.name)));
  }

 private:
  static GroupDraft part_of(const GroupDraft& whole, std::uint32_t part) {
    auto draft = whole;
    const auto& kind = whole.kinds[part];
    draft.kinds.clear();
    draft.part = part;
    draft.first = whole.first + kind.first;
    draft.count = kind.count;
    draft.listed_from = kind.first;
    if (!kind.model.empty()) draft.model = kind.model;
    if (!kind.firmware.empty()) draft.firmware = kind.firmware;
    if (kind.generation) draft.generation = kind.generation;
    if (kind.certificate) draft.certificate = *kind.certificate;
    return draft;
  }

  const Reading& reading_;
  KnownInventories inventories_;
  std::set<std::string> names_;
  std::vector<PhoneGroup> groups_;
  std::vector<const Node*> blocks_;  // of each of them
  std::size_t named_ = 0;
  std::uint32_t next_ = 0;
  MacAddress next_mac_ = first_mac;
};

}  // namespace

Result<profile::Generation> as_generation(const Node& node) {
  using profile::Generation;
  constexpr std::array<Choice<Generation>, 3> names{
      {{"spa", Generation::spa}, {"mpp11", Generation::mpp11}, {"mpp12", Generation::mpp12}}};
  return as_choice(node, names);
}

std::optional<Certificate> certificate_named(std::string_view word) {
  for (const auto& [name, value] : certificate_words())
    if (name == word) return value;
  return std::nullopt;
}

Result<std::vector<PhoneGroup>> as_phones(const Node& node, const Reading& reading) {
  if (node.kind != Node::Kind::list || node.items.empty())
    return unexpected_value(node, "a list of phone groups");
  if (reading.given.leased && node.items.size() > 1)
    return fail_at(node.place, "phones of a lease file are one group, and here are more");
  GroupsReader groups(reading);
  for (const auto& item : node.items) {
    TRY(groups.add(item));
  }
  return groups.take();
}

std::vector<BlockInfo> phone_blocks() {
  return {{"phones", infos(group_keys)},
          {"phones.certificate", infos(certificate_keys)},
          {"phones.profile_account", infos(account_keys)}};
}

}  // namespace provphone::client::scenario
