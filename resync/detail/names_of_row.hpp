#pragma once

#include "resync/detail/knob_row.hpp"

// The knob names_of (R-XML-36), of the table (knob_table.cpp).
namespace provphone::resync::detail {

inline constexpr KnobRow names_of = row<&Personality::names_of>(
    "names_of",
    {{NamesOf::spa, "spa"},
     {NamesOf::mpp, "mpp"},
     {NamesOf::ata, "ata"},
     {NamesOf::phoneos, "phoneos"},
     {NamesOf::all, "all"}},
    "whose parameters files may set; what other products alone are known to have is passed over",
    {{{NamesOf::spa, Status::observed, "dumps of SPA phones; guides"},
      {NamesOf::mpp, Status::observed, "dump of an 8841 with 11.x; sample profiles of guides"},
      {NamesOf::mpp, Status::observed,
       "XML Reference Guide; MPP Administration Guides 11.3(1)+"}}});

}  // namespace provphone::resync::detail
