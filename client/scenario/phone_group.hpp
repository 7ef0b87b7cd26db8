#pragma once

#include "client/scenario/inventory.hpp"
#include "client/scenario/lease_file.hpp"
#include "client/scenario/template.hpp"
#include "macro/mac_address.hpp"
#include "profile/catalogue.hpp"
#include "resync/dhcp.hpp"
#include "resync/first_boot.hpp"
#include "resync/personality.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The phones of a scenario, and the ways to pick some of them.
namespace provphone::client::scenario {

struct Share {
  std::uint32_t ppm = 0;  // parts per million: 40 % is 400 000

  friend bool operator==(const Share&, const Share&) = default;
};
inline constexpr std::uint32_t whole_ppm = 1'000'000;

// Of its own, signed by the PKI's device root unless something is wrong with it.
struct MintedCertificate {
  enum class Flaw : std::uint8_t {
    none,
    expired,
    wrong_root,     // signed by one that nobody knows
    wrong_subject,  // another device's
  } flaw = Flaw::none;
};
struct GenericCertificate {};  // of the PKI, one for all phones
struct NoCertificate {};
// Where identity::CertificateSource has it, by the names that the scenario gives: PEM, PKCS#12, or
// pkcs11:... of a token.
struct CertificateFiles {
  std::string certificate;
  std::string key;            // empty: with the certificate
  std::string password_file;  // of PKCS#12, or with the PIN of a token; empty: none is named
};
struct CertificateDirectory {
  std::string directory;  // with <mac>.pem and <mac>.key
};
// Each phone's own row of the inventory names the files.
struct ListedCertificate {};
using Certificate = std::variant<NoCertificate, MintedCertificate, GenericCertificate,
                                 CertificateFiles, CertificateDirectory, ListedCertificate>;

// IPv4 addresses, in host order, that phones ask from (R-HTTP-17): one a phone, from the first on.
struct AddressRange {
  std::uint32_t first = 0;
  std::uint32_t count = 1;  // usable ones
};

struct Setting {
  profile::ParameterId parameter;
  Template value;
};

// What the phone's DHCP lease holds (R-DHCP-01); numbers are 1 to 254.
struct LeaseOption {
  int number;
  Template value;
  resync::DhcpVersion version = resync::DhcpVersion::v4;
};

struct AccountTemplate {
  Template user, password;
};

// Phones that have all of this in common, with numbers one after the other. What a scenario calls
// a group is one of these, or the parts of one: where an inventory has phones of several kinds each
// kind is a part (docs/architecture.md). The reader sees to it that names are unique but for parts
// and that no two phones have one MAC address.
struct PhoneGroup {
  std::string name;         // default: phones-1 for the first group
  std::uint32_t part = 0;   // from 0; part 0 stands before part 1 of the same group
  std::uint32_t first = 0;  // number of its first phone
  std::uint32_t count = 1;  // default: 1
  // A phone that is consistent in itself: what the scenario leaves out follows from what it says
  // (resync/model.hpp).
  std::string model;
  std::string firmware;
  std::string hardware;  // empty: as resync::Identity has it
  resync::Personality personality = resync::personality_of(profile::Generation::mpp12);
  // Sentences about what the scenario says of the group and does not go together.
  std::vector<std::string> contradictions;
  // Of its first phone, the others count on from there. Default: behind the group before.
  MacAddress mac;
  Template serial;          // default: as its family numbers them
  Certificate certificate;  // default: none
  std::vector<std::string> trust;
  // One address a phone, in order, and never fewer than phones.
  std::optional<AddressRange> source;
  // A profile that all of them have loaded before the run, a file's name from the scenario's
  // folder; empty: none. What `set` says comes on top.
  std::string config;
  std::vector<Setting> set;  // in catalogue order
  std::vector<LeaseOption> dhcp;
  // What a person types where a phone asks for it: a login (resync::Device::profile_account) and an
  // activation code.
  std::optional<AccountTemplate> profile_account;
  std::optional<Template> activation_code;
  resync::Services services;  // default: none
  Variables variables;
  // Not null: who its phones are instead of `mac` and what follows it, as many as `count`.
  LeasedPhones leased;
  // Likewise: the rows from `listed_from` on. Not null in all parts of a group, or in none.
  std::shared_ptr<const ListedPhones> listed;
  std::uint32_t listed_from = 0;
};

// --- which phones ---

// Picks by share and by number are drawn (selection.hpp), the others are not.
struct EveryPhone {};
struct PhonesOfGroup {
  std::size_t group;  // its first part, and all others with it
};
struct ShareOfPhones {
  Share share;
};
struct NumberOfPhones {
  std::uint32_t count;
};
struct SinglePhone {
  std::uint32_t phone;
};
using Selection =
    std::variant<EveryPhone, PhonesOfGroup, ShareOfPhones, NumberOfPhones, SinglePhone>;

// The union of its selections; every phone where there is none.
struct Selector {
  std::vector<Selection> any_of;
  // Not null: of them these alone, in ascending order.
  std::shared_ptr<const std::vector<std::uint32_t>> only{};

  bool is_every() const { return any_of.empty() && only == nullptr; }
};

}  // namespace provphone::client::scenario
