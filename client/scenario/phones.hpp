#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/device.hpp"

#include <memory>
#include <optional>
#include <vector>

// Who a phone is: a function of (scenario, number), so that no phone costs anything until somebody
// asks for it.
namespace provphone::client::scenario {

// At most max_phones; phones are numbered from 0 to below it.
std::uint32_t phone_count(const Scenario& scenario);

// The group of a phone, which must exist: the part of it where it has several.
std::size_t group_of(const Scenario& scenario, std::uint32_t phone);

// --- groups as a scenario names them, whatever parts they have ---

// The group's first part, of any of its parts.
std::size_t first_part(const Scenario& scenario, std::size_t group);

// How many there are.
std::size_t named_groups(const Scenario& scenario);

struct PhoneNumbers {
  std::uint32_t first, count;
};
// Of all parts of the group, whose first one is given.
PhoneNumbers phones_of_group(const Scenario& scenario, std::size_t first_part);

MacAddress mac_of(const Scenario& scenario, std::uint32_t phone);

// Nothing where no phone of the scenario has that address.
std::optional<std::uint32_t> phone_with(const Scenario& scenario, MacAddress mac);

// What the names in a template stand for, for that phone. Refers to the scenario.
TemplateValues values_of(const Scenario& scenario, std::uint32_t phone);

// The files that the phone's row names; nothing where it names none.
std::optional<CertificateFiles> listed_certificate(const Scenario& scenario, std::uint32_t phone);

// The phone's own address, of its row or of its group's `source`; empty where it has none.
std::string source_of(const Scenario& scenario, std::uint32_t phone);

// The same as a number, IPv4 in host order.
std::optional<std::uint32_t> source_address_of(const Scenario& scenario, std::uint32_t phone);

// What a lease holds for one phone.
std::vector<resync::DhcpOption> options_of(const std::vector<LeaseOption>& options,
                                           const TemplateValues& values);

// `$IP` is the source address where there is one.
resync::Identity identity_of(const Scenario& scenario, std::uint32_t phone);

// A file that the scenario names, from its folder; an absolute name stays as it is.
std::string path_of(const Scenario& scenario, const std::string& file);

// What the phones of a group have in common, its files read: values that differ from phone to
// phone are left for device_of.
struct GroupSetup {
  std::shared_ptr<const profile::BaseValues> values;  // and the rights that `config` gives
};

// Fails with unreadable_file, with what `config` is refused for.
Result<GroupSetup> group_setup(const Scenario& scenario, std::size_t group);

// The phone before anything has happened to it. `group` is group_setup() of the phone's own group.
// Where its traffic comes from is source_of's to say; its certificate and trust are for whoever
// connects.
resync::Device device_of(const Scenario& scenario, const GroupSetup& group, std::uint32_t phone);

// The same phone with other parameters, as they became in the course of a run.
resync::Device device_around(const Scenario& scenario, std::uint32_t phone,
                             profile::ParameterSet parameters);

}  // namespace provphone::client::scenario
