#include "profile/parameter_id.hpp"

constexpr auto id = provphone::profile::parameter_id(NAME);
static_assert(static_cast<int>(id) >= 0);
