#include "client/cli/live_capsule.hpp"

#include "client/capsule/file.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/remarks.hpp"
#include "client/replay/files_on_disk.hpp"
#include "client/run/session.hpp"
#include "client/trace/read.hpp"
#include "client/trace/sentence.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

namespace provphone::client::cli {
namespace {

using trace::EventKind;
using trace::TraceEvent;

// What a phone came to, whenever that was: in real time the same decisions come at other moments.
struct Decided {
  std::string what;      // that is compared
  std::string sentence;  // for people
};
using Courses = std::map<MacAddress, std::vector<Decided>>;

void add(Courses& courses, const TraceEvent& event) {
  switch (event.event) {
    case EventKind::response:
    case EventKind::applied:
    case EventKind::pass_started:
    case EventKind::pass_succeeded:
    case EventKind::pass_failed:
    case EventKind::upgrade_done:
    case EventKind::reported:
      break;
    default:
      return;
  }
  auto timeless = event;
  timeless.at = {};
  timeless.due.reset();
  trace::TraceHash hash;
  hash.add(timeless);
  courses[event.phone].push_back(
      {fmt::format("{} {}", hash.hex(), event.status.value_or(0)), trace::line_text(event)});
}

Courses recorded_courses(capsule::CapsuleReader& reader) {
  Courses courses;
  for (std::string line; reader.next(line);) {
    const auto read = trace::parse_trace_line(line);
    if (read && read->event && read->phone) add(courses, *read->event);
  }
  return courses;
}

// What people did to the phones, at the times at which they did.
std::vector<drive::Planned> plan_of(const capsule::Tape& tape) {
  struct Plan {
    resync::Time at;
    std::uint32_t phone;
    std::vector<drive::Planned>& plan;

    void add(const resync::Event& event, resync::Brought brought) const {
      plan.push_back(
          {at, phone, event, std::make_shared<const resync::Brought>(std::move(brought))});
    }
    void operator()(const resync::Input& /*input*/) const {}  // the server's part
    void operator()(const resync::Event& event) const { plan.push_back({at, phone, event, {}}); }
    void operator()(const drive::SetByHand& set) const {
      add(resync::ParametersChanged{set.how}, {set.assignments, {}, {}});
    }
    void operator()(const drive::AskWithRule& ask) const { add(ask.request, {{}, ask.rule, {}}); }
    void operator()(const drive::Grant& grant) const {
      add(resync::LeaseChanged{}, {{}, {}, grant.lease});
    }
  };
  std::vector<drive::Planned> plan;
  for (const auto& entry : tape.entries)
    if (const auto* what = std::get_if<std::shared_ptr<const drive::Stimulus>>(&entry.what))
      std::visit(Plan{entry.at, entry.phone, plan}, **what);
  return plan;
}

bool began_running(const capsule::Tape& tape) {
  return std::any_of(tape.entries.begin(), tape.entries.end(), [](const auto& entry) {
    return std::holds_alternative<capsule::BeganRunning>(entry.what);
  });
}

Result<run::Session> session_of_capsule(const capsule::Capsule& capsule, const ReplayFlags& flags,
                                        const replay::FilesOnDisk& files) {
  TRY(auto scenario, replay::scenario_of(capsule, flags.changes));
  files.take_place_in(scenario);
  auto& targets = scenario.limits.targets;
  targets.insert(targets.end(), flags.targets.begin(), flags.targets.end());
  const auto length = capsule.manifest.end.time_since_epoch();
  TRY(auto session, run::session_of(std::move(scenario), length, std::chrono::system_clock::now(),
                                    usual_keeping()));
  session.until = run::Until::its_time;
  auto plan = plan_of(capsule.tape);
  if (began_running(capsule.tape)) {
    session.beginning = run::Beginning::resync;
    // That request is the session's own.
    plan.erase(plan.begin());
  }
  session.run.plan = plan;
  return session;
}

// How many phones decided something else; the first of them is told.
std::size_t tell_live(const Courses& recorded, const Courses& live) {
  static const std::vector<Decided> nothing;
  std::size_t different = 0;
  for (const auto& [phone, was] : recorded) {
    const auto found = live.find(phone);
    const auto& is = found == live.end() ? nothing : found->second;
    std::size_t common = 0;
    while (common < was.size() && common < is.size() && was[common].what == is[common].what)
      ++common;
    // The last things may not have come to pass within the time.
    if (common > 0 && common == is.size() && common + 2 >= was.size()) continue;
    if (common == was.size()) continue;
    const auto said = [common](const std::vector<Decided>& course) {
      return common < course.size() ? course[common].sentence : std::string("nothing more");
    };
    if (different++ == 0)
      std::cout << fmt::format("the first difference: phone {}\n  recorded  {}\n  now       {}\n",
                               format_lower(phone), said(was), said(is));
  }
  return different;
}

}  // namespace

Exit replay_live(const ReplayFlags& flags) {
  auto reader = capsule::CapsuleReader::open(flags.file);
  if (!reader) return refuse_usage(reader.error());
  const auto& capsule = reader->capsule();
  if (capsule.manifest.secrets == capsule::SecretsAre::replaced)
    complain(
        "the capsule has stand-ins for secrets, which a server that wants the real ones "
        "refuses; --keep-secrets keeps them when it is recorded");
  const auto files = replay::FilesOnDisk::make(capsule);
  if (!files) return refuse_usage(files.error());
  auto session = session_of_capsule(capsule, flags, *files);
  if (!session) return refuse_usage(session.error());
  Courses live;
  const auto result = hold(*std::move(session), [&](const TraceEvent& event) { add(live, event); });
  if (!result) return refuse_usage(result.error());
  const auto recorded = recorded_courses(*reader);
  const auto different = tell_live(recorded, live);
  std::cout << fmt::format("{} of {} phones do something else now\n", different, recorded.size());
  return different == 0 && !recorded.empty() ? Exit::as_expected : Exit::failed;
}

}  // namespace provphone::client::cli
