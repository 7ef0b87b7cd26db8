#include "client/infer/passes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace provphone::client::infer {
namespace {

using evidence::Requested;
using evidence::SeenRequest;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

// Rules follow each other at once; what a phone needs to decode and apply a file is less.
constexpr milliseconds between_rules = 5s;
// R-TFTP-06: five tries, 5 s apart, and 5 s of patience behind the last.
constexpr milliseconds tftp_try = 5s;
constexpr std::uint32_t tftp_tries = 5;
constexpr milliseconds tftp_patience = tftp_try * tftp_tries;

struct Ending {
  std::string_view text;
  Purpose purpose;
};

constexpr std::array<Ending, 9> endings{{{".loads", Purpose::firmware},
                                         {".sbn", Purpose::firmware},
                                         {".zz", Purpose::firmware},
                                         {".bin", Purpose::firmware},
                                         {".pem", Purpose::certificates},
                                         {".crt", Purpose::certificates},
                                         {".cer", Purpose::certificates},
                                         {".p7b", Purpose::certificates},
                                         {".pac", Purpose::proxy}}};

milliseconds taken_by(const SeenRequest& request) {
  return milliseconds(std::max(request.took_ms, 0));
}

bool asks_for_login(std::int16_t status) {
  return status == 401 || status == 407;
}
bool leads_on(std::int16_t status) {
  return status >= 300 && status < 400;
}

PassOutcome outcome_of_status(std::int16_t status) {
  if (status == 0 || leads_on(status)) return PassOutcome::unknown;
  return status >= 200 && status < 300 ? PassOutcome::succeeded : PassOutcome::failed;
}

// What a pass is while requests are added to it.
struct Gathering {
  Pass pass;
  const SeenRequest* last = nullptr;
  std::uint32_t tries = 1;  // of the last file over TFTP
  Instant first_try{};
};

bool is_tried_again(const Gathering& gathering, const SeenRequest& next,
                    resync::Duration resolution) {
  return next.status == 0 && gathering.last->status == 0 && next.what == gathering.last->what &&
         next.at - gathering.last->at <= tftp_try + 2 * resolution && gathering.tries < tftp_tries;
}

// The same file at once is asked for again after a challenge or a redirect, or by a pass that
// follows because a rule has changed (R-RESYNC-16).
bool belongs(const Gathering& gathering, const SeenRequest& next, resync::Duration resolution) {
  if (is_tried_again(gathering, next, resolution)) return true;
  const auto gap = next.at - gathering.pass.ended;
  if (next.what != gathering.last->what) {
    // Behind a rule that failed comes no other (R-RESYNC-15).
    const bool goes_on = outcome_of_status(gathering.last->status) != PassOutcome::failed ||
                         asks_for_login(gathering.last->status) || gathering.last->status == 404;
    return gap <= (goes_on ? between_rules : resolution);
  }
  const bool again = asks_for_login(gathering.last->status) || leads_on(gathering.last->status);
  return gap <= (again ? between_rules : resolution);
}

void add(Gathering& gathering, const SeenRequest& request, std::uint32_t place,
         resync::Duration resolution) {
  const bool again = gathering.last != nullptr && is_tried_again(gathering, request, resolution);
  gathering.tries = again ? gathering.tries + 1 : 1;
  if (!again) gathering.first_try = request.at;
  auto& pass = gathering.pass;
  pass.ended = std::max(pass.ended, request.at + taken_by(request));
  pass.status = request.status;
  pass.outcome = outcome_of_status(request.status);
  // A log may lack a line, so one try less than all is taken for all.
  if (gathering.tries + 1 >= tftp_tries) {
    pass.outcome = PassOutcome::failed;
    pass.ended = gathering.first_try + tftp_patience;
  }
  pass.behind = place + 1;
  gathering.last = &request;
}

// A report may be sent with POST, and so may a profile be asked for (`--post`).
bool asks_with_post_only(const evidence::Seen& seen, const evidence::SeenPhone& phone) {
  return std::none_of(phone.requests.begin(), phone.requests.end(), [&](const SeenRequest& each) {
    const auto& method = seen.requested[each.what].method;
    return method == "GET" || method == "RRQ";
  });
}

}  // namespace

Purpose purpose_of(const Requested& requested) {
  if (requested.method == "PUT" || requested.method == "POST" || requested.method == "WRQ")
    return Purpose::report;
  const auto path = std::string_view(requested.path);
  const auto file = path.substr(0, path.find('?'));
  for (const auto& ending : endings)
    if (file.ends_with(ending.text)) return ending.purpose;
  return Purpose::profile;
}

std::vector<Pass> passes_of(const evidence::Seen& seen, const evidence::SeenPhone& phone) {
  std::vector<Pass> passes;
  Gathering gathering;
  const bool posts_only = asks_with_post_only(seen, phone);
  const auto close = [&] {
    if (gathering.last != nullptr) passes.push_back(gathering.pass);
    gathering = {};
  };
  for (std::uint32_t i = 0; i < phone.requests.size(); ++i) {
    const auto& request = phone.requests[i];
    const auto& requested = seen.requested[request.what];
    const bool is_posted_for = posts_only && requested.method == "POST";
    if (purpose_of(requested) != Purpose::profile && !is_posted_for) continue;
    if (gathering.last != nullptr && !belongs(gathering, request, seen.resolution)) close();
    if (gathering.last == nullptr) {
      gathering.pass.began = request.at;
      gathering.pass.ended = request.at;
      gathering.pass.first = i;
    }
    add(gathering, request, i, seen.resolution);
  }
  close();
  return passes;
}

Courses courses_of(const evidence::Seen& seen) {
  Courses courses;
  courses.resolution = seen.resolution;
  courses.from = Instant::max();
  courses.to = Instant::min();
  std::size_t requests = 0, timed = 0;
  for (std::uint32_t i = 0; i < seen.phones.size(); ++i) {
    const auto& phone = seen.phones[i];
    for (const auto& request : phone.requests) {
      courses.from = std::min(courses.from, request.at);
      courses.to = std::max(courses.to, request.at + taken_by(request));
      ++requests;
      timed += request.took_ms >= 0 ? 1 : 0;
    }
    auto passes = passes_of(seen, phone);
    if (!passes.empty()) courses.phones.push_back({i, std::move(passes)});
  }
  if (requests == 0) courses.from = courses.to = Instant{};
  if (requests > 0 && timed * 10 >= requests * 9) courses.transfers = Courses::Transfers::known;
  return courses;
}

}  // namespace provphone::client::infer
