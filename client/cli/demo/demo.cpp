#include "client/cli/demo/demo.hpp"

#include "client/cli/demo/stage.hpp"
#include "client/drive/real.hpp"
#include "client/input/temporary_folder.hpp"
#include "client/report/table.hpp"
#include "macro/try.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace provphone::client::demo {
namespace {

constexpr auto longest = std::chrono::seconds(45);

// What the closing table says of one phone.
struct Summary {
  std::string label;
  std::vector<std::string> fetched;  // paths, in order
  std::vector<std::string> how;      // scheme and layers of each applied file
  std::set<std::string> changed;
  int failed = 0;
  bool provisioned = false;
  bool certified = false;
  std::string scheme;  // of the last request

  void add(const trace::TraceEvent& event);
  std::vector<std::string> row() const;
};

std::string scheme_of(const std::string& url) {
  return url.substr(0, url.find("://"));
}

std::string path_of(const std::string& url) {
  return url.substr(url.find('/', url.find("://") + 3));
}

void Summary::add(const trace::TraceEvent& event) {
  switch (event.event) {
    case trace::EventKind::request:
      scheme = scheme_of(event.url);
      // A retry asks for the same path again, and is counted elsewhere.
      if (const auto path = path_of(event.url); fetched.empty() || fetched.back() != path)
        fetched.push_back(path);
      break;
    case trace::EventKind::applied:
      how.push_back(fmt::format("{} {}", scheme, fmt::join(event.layers, "+")));
      changed.insert(event.changed.begin(), event.changed.end());
      break;
    case trace::EventKind::pass_failed:
      ++failed;
      break;
    case trace::EventKind::pass_succeeded:
      provisioned = true;
      break;
    default:
      break;
  }
}

std::vector<std::string> Summary::row() const {
  auto means = fmt::format("{}", fmt::join(how, ", "));
  if (certified) means += ", own certificate";
  if (failed > 0) means += fmt::format(", after {} failed passes", failed);
  return {label, fmt::format("{}", fmt::join(fetched, ", ")),
          provisioned ? means : "not provisioned", fmt::format("{}", fmt::join(changed, ", "))};
}

void print_introduction(std::ostream& out, const serve::Server& server) {
  out << fmt::format(
      "A provisioning server on 127.0.0.1: http {}, https {} (client certificates required), tftp "
      "{}.\n"
      "Four phones are powered on. Each waits its random delay, fetches what its rules name, and "
      "applies it.\n\n",
      server.http_port(), server.https_port(), server.tftp_port());
}

void print_table(std::ostream& out, const std::vector<Summary>& summaries) {
  std::vector<std::vector<std::string>> rows{{"phone", "fetched", "how", "set"}};
  for (const auto& summary : summaries) rows.push_back(summary.row());
  out << '\n' << report::format_table(rows);
}

}  // namespace

Result<Outcome> run_demo(std::ostream& out, report::Colour colour) {
  TRY(const auto directory, input::TemporaryFolder::make("demo"));
  TRY(write_stage(directory.path()));
  // Behind the files, before all that works in it: what is declared later goes first.
  boost::asio::io_context loop;
  const auto server = start_server(loop, directory.path());
  if (!server) return tl::unexpected(server.error());
  TRY(auto actors, make_actors(**server, directory.path()));

  print_introduction(out, **server);
  report::Timeline timeline(out, colour);
  std::vector<Summary> summaries;
  std::vector<MacAddress> macs;
  drive::RealRun plan;
  std::vector<drive::DrivenPhone> setups;
  plan.seed = 2;
  for (auto& actor : actors) {
    const auto mac = actor.setup.device.identity.mac;
    timeline.label(mac, actor.label);
    macs.push_back(mac);
    summaries.push_back({});
    summaries.back().label = actor.label;
    summaries.back().certified = actor.setup.device.identity.certificate_installed;
    setups.push_back(std::move(actor.setup));
  }
  plan.phones = drive::kept_phones(std::move(setups));
  plan.trace = [&](const trace::TraceEvent& event) {
    timeline.add(event);
    const auto index = std::find(macs.begin(), macs.end(), event.phone) - macs.begin();
    summaries[static_cast<std::size_t>(index)].add(event);
  };
  // Over as soon as all are provisioned; the limit below is for when something goes wrong.
  plan.on_pass_over = [&](std::size_t) {
    const auto done = [](const Summary& summary) { return summary.provisioned; };
    if (std::all_of(summaries.begin(), summaries.end(), done)) loop.stop();
  };
  drive::RealDriver driver(loop, std::move(plan));
  boost::asio::steady_timer limit(loop, longest);
  limit.async_wait([&](const boost::system::error_code&) { loop.stop(); });
  for (std::size_t phone = 0; phone < driver.phone_count(); ++phone) driver.power_on(phone);
  loop.run();

  print_table(out, summaries);
  const bool all = std::all_of(summaries.begin(), summaries.end(),
                               [](const Summary& s) { return s.provisioned; });
  return all ? Outcome::every_phone_provisioned : Outcome::some_phone_not;
}

}  // namespace provphone::client::demo
