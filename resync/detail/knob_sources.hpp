#pragma once

#include <string_view>

// Where the cells of the knob table come from, as far as more than one has it from there.
namespace provphone::resync::detail::source {

inline constexpr std::string_view silent = "no document says";
inline constexpr std::string_view methods_8800 =
    "8832 MPP Administration Guide, Provisioning Methods";
inline constexpr std::string_view submit_8832 =
    "8832 MPP Administration Guide, Provisioning Methods; its kind is assumed";
inline constexpr std::string_view guide_2017 =
    "7800/7832 MPP Provisioning Guide (2017), Provisioning Parameters";
inline constexpr std::string_view linksys_guide = "Linksys SPA Provisioning Guide 3.0";
inline constexpr std::string_view formats_7832 =
    "7832 MPP Administration Guide 11.3(1)+, Provisioning Formats";

inline constexpr std::string_view provisioning_6800 =
    "Cisco IP Phone 6800 Series MPP Provisioning Guide";
inline constexpr std::string_view access_control =
    "MPP Administration Guides 11.3(1)+, Access Control: from 11.3(1) on";
inline constexpr std::string_view release_notes_11_2_3 =
    "8800 MPP Release Notes 11.2(3): from that release on";
inline constexpr std::string_view release_notes_12 =
    "MPP Release Notes 12.0(4): from that release on";
inline constexpr std::string_view security_7832 =
    "7832 MPP Administration Guide 11.3(1)+, Cisco IP Phone Security";
inline constexpr std::string_view conference_8832 =
    "8832 MPP Administration Guide 11.3(1)+; what no answer does is assumed";
inline constexpr std::string_view third_party_8800 =
    "8800 MPP Administration Guide 11.3(1)+, Third-Party Call Control Setup";

inline constexpr std::string_view servers_8800 =
    "8800 Series and 8832 MPP Provisioning Guide, Provisioning Servers";
inline constexpr std::string_view customization_state =
    "View the Customization State on the MPP phone, Cisco support article";

}  // namespace provphone::resync::detail::source
