#pragma once

#include "client/face/status.hpp"
#include "profile/catalogue.hpp"
#include "resync/brought.hpp"

#include <optional>
#include <string>
#include <string_view>

// The phone's pages.
namespace provphone::client::face {

enum class Account : std::uint8_t { user, admin };

// A page as somebody sees it.
struct View {
  Account account = Account::user;
  std::string_view links;  // in front of every link
  std::string notice;      // told above everything else; empty: nothing is
};

// Of a path, `/` or `/admin/provisioning`; nothing where there is no such page.
std::optional<std::string> page_at(std::string_view path, const Seen& seen, const View& view);

// What somebody submits from that page: the fields whose value is another one, as far as the
// account may set them. Nothing where the page has no field that the account may set (R-FACE-05).
std::optional<resync::Brought> submitted_at(std::string_view path, std::string_view body,
                                            const resync::Device& device, Account account);

}  // namespace provphone::client::face
