#include "client/lint/detail/names.hpp"

namespace provphone::client::lint::detail {
namespace {

Kind kind_of(profile::NameStanding standing) {
  switch (standing) {
    case profile::NameStanding::other_line:
      return Kind::other_family;
    case profile::NameStanding::other_number:
      return Kind::more_numbers;
    case profile::NameStanding::same_letters:
      return Kind::misspelt;
    case profile::NameStanding::misprint:
      return Kind::misprint;
    case profile::NameStanding::container:
    case profile::NameStanding::in_no_source:
    case profile::NameStanding::known:
      break;
  }
  return Kind::unknown_name;
}

}  // namespace

std::optional<Finding> remark_on(std::string_view name,
                                 std::optional<profile::ProductLine> reader) {
  auto remark = profile::remark_on_name(name, reader);
  if (remark.standing == profile::NameStanding::known) return std::nullopt;
  return finding_of(kind_of(remark.standing), name, std::move(remark.text));
}

}  // namespace provphone::client::lint::detail
