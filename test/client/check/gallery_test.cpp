#include "test/client/check/gallery.hpp"

#include "client/check/checks.hpp"
#include "client/check/detail/facts.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

// Every check has a server that fails it and one that passes it, and what is listed for a server is
// all that is found there.
namespace provphone::test::gallery {
namespace {

using client::check::ClientRole;
using client::check::findings_of;
using client::check::ProbeTarget;
using client::check::State;

struct Hung {
  std::string server, expected, found;
  std::set<std::string_view> failed, passed;
  std::size_t files_got = 0;  // by the phone, followed ones among them
};

Hung hang(const Entry& entry, const std::string& protocol) {
  Hung hung{fmt::format("{}: {}", protocol, entry.server), entry.expected, {}, {}, {}, 0};
  for (const auto& file : audited(entry).files) {
    const auto* own = client::check::detail::find(file, ProbeTarget::own_file, ClientRole::own);
    if (own != nullptr && client::check::detail::is_success(*own)) ++hung.files_got;
    for (const auto& judgement : findings_of(file)) {
      const auto id = judgement.check->id;
      if (judgement.outcome.state == State::passed) hung.passed.insert(id);
      if (!judgement.is_finding()) continue;
      hung.failed.insert(id);
      hung.found += hung.found.empty() ? "" : " ";
      if (!file.led_by.empty()) hung.found += fmt::format("{}:", file.led_by.back());
      hung.found += id;
    }
  }
  return hung;
}

// Once for all test cases.
const std::vector<Hung>& gallery() {
  static const auto made = [] {
    std::vector<Hung> all;
    for (const auto& [protocol, entries] :
         {std::pair{"file", file_entries()}, std::pair{"tls", tls_entries()},
          std::pair{"https", https_entries()}, std::pair{"http", http_entries()},
          std::pair{"tftp", tftp_entries()}}) {
      for (const auto& entry : entries) all.push_back(hang(entry, protocol));
    }
    return all;
  }();
  return made;
}

TEST_CASE("each server of the gallery has the findings that are listed for it, and no other") {
  for (const auto& hung : gallery()) {
    INFO(hung.server);
    CHECK(hung.found == hung.expected);
  }
}

TEST_CASE("a server that shuts out who asks often spoils no file behind the first") {
  for (const std::string server :
       {"https: careful, asked often", "https: who asks often is shut out"}) {
    INFO(server);
    const auto& all = gallery();
    const auto hung = std::find_if(all.begin(), all.end(),
                                   [&](const Hung& each) { return each.server == server; });
    REQUIRE(hung != all.end());
    // The first one, the one behind rule B, and the load.
    CHECK(hung->files_got == 3);
  }
}

struct Exception {
  std::string_view id, why;
};

// What no server in the gallery can fail, or pass.
constexpr Exception never_failed[] = {
    {"CHK-TFTP-WRAP", "never tried: it takes a file of more than 32 MB"}};
constexpr Exception never_passed[] = {
    {"CHK-TFTP-WRAP", "never tried: it takes a file of more than 32 MB"}};

bool is_among(std::string_view id, std::span<const Exception> exceptions) {
  return std::any_of(exceptions.begin(), exceptions.end(),
                     [&](const Exception& each) { return each.id == id; });
}

TEST_CASE("every check has a server in the gallery that fails it, and one that passes it") {
  std::set<std::string_view> failed, passed, known;
  for (const auto& hung : gallery()) {
    failed.insert(hung.failed.begin(), hung.failed.end());
    passed.insert(hung.passed.begin(), hung.passed.end());
  }
  for (const auto* check : client::check::all_checks()) {
    INFO(check->id);
    known.insert(check->id);
    CHECK((failed.count(check->id) == 1) != is_among(check->id, never_failed));
    CHECK((passed.count(check->id) == 1) != is_among(check->id, never_passed));
  }
  // No exception for a check that there is not.
  for (const auto& exceptions : {std::span(never_failed), std::span(never_passed)}) {
    for (const auto& [id, why] : exceptions) {
      INFO(id << ": " << why);
      CHECK(known.count(id) == 1);
    }
  }
}

}  // namespace
}  // namespace provphone::test::gallery
