#pragma once

#include "resync/detail/knob_row.hpp"

#include <array>

// The knobs that give phones a defect of old firmware, which no family has by itself; of the table
// (knob_table.cpp).
namespace provphone::resync::detail {

inline constexpr std::array defects{
    row<&Personality::starts_after_upgrade>(
        "starts_after_upgrade",
        {{StartsAfterUpgrade::once, "once"}, {StartsAfterUpgrade::twice, "twice"}},
        "how often a phone starts behind an upgrade, each time with a boot pass; twice is a defect "
        "of old firmware",
        same(StartsAfterUpgrade::once, Status::observed, "release notes 8800 11.1(1), CSCvh13474")),
    row<&Personality::report_taken_by>(
        "report_taken_by",
        {{ReportTakenBy::any_2xx, "any_2xx"}, {ReportTakenBy::only_200, "only_200"}},
        "by which status a report has been taken; only_200 is a defect of old firmware",
        same(ReportTakenBy::any_2xx, Status::observed,
             "release notes 8800 11.1(1)SR2 and 11.2(1), CSCvi29841")),
    row<&Personality::host_of_upgrade>(
        "host_of_upgrade", {{HostOfUpgrade::sent, "sent"}, {HostOfUpgrade::none, "none"}},
        "whether the request for a load has the header Host; none is a defect of old firmware",
        same(HostOfUpgrade::sent, Status::observed, "release notes 8800 11.1(1)SR1, CSCvh62303")),
    row<&Personality::head_before_load>(
        "head_before_load", {{HeadBeforeLoad::no, "no"}, {HeadBeforeLoad::yes, "yes"}},
        "whether each file of a load is asked for with HEAD first; yes is a defect of old firmware",
        same(HeadBeforeLoad::no, Status::observed, "release notes 6800 11.3(7), CSCwa61106")),
    row<&Personality::log_request_servip>(
        "log_request_servip",
        {{LogRequestServip::expanded, "expanded"}, {LogRequestServip::literal, "literal"}},
        "whether $SERVIP is expanded in the message of a request; literal is a defect of old "
        "firmware",
        same(LogRequestServip::expanded, Status::observed,
             "release notes 7800 12.0(4) to 12.0(7)SR2, CSCwf10956")),
    row<&Personality::ipv4_lookup>(
        "ipv4_lookup", {{Ipv4Lookup::a, "a"}, {Ipv4Lookup::a_and_aaaa, "a_and_aaaa"}},
        "what a phone that uses IPv4 alone asks name servers for; a_and_aaaa is a defect of old "
        "firmware",
        same(Ipv4Lookup::a, Status::observed, "release notes ATA 11.2(1), CSCvw60654")),
};

}  // namespace provphone::resync::detail
