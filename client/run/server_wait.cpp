#include "client/run/server_wait.hpp"

#include "client/run/signals.hpp"
#include "client/trace/sentence.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace provphone::client::run {
namespace {

std::string clause_on(const transport::Unanswered& unanswered, resync::Duration at_most) {
  const auto& [server, why] = unanswered;
  if (why.code == Errc::target_refused) return why.detail;
  return fmt::format("{} did not answer within {} ({})", format(server),
                     trace::format_duration(at_most), name(why.code));
}

}  // namespace

Waited wait_for_servers(ServerWait wait) {
  Waited waited;
  boost::asio::io_context loop;
  boost::asio::signal_set signals(loop);
  for (const int signal : ending_signals()) signals.add(signal);
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    waited.signal = signal;
    loop.stop();
  });
  release_signals();
  transport::ServersUp servers(loop, std::move(wait.network), std::move(wait.servers),
                               [&loop] { loop.stop(); });
  boost::asio::steady_timer end(loop, wait.at_most), slow(loop, slow_after);
  end.async_wait([&loop](const boost::system::error_code& error) {
    if (!error) loop.stop();
  });
  slow.async_wait([&](const boost::system::error_code& error) {
    if (!error && wait.on_slow) wait.on_slow(servers.unanswered());
  });
  loop.run();
  hold_signals();
  waited.unanswered = servers.unanswered();
  return waited;
}

std::string told(const Waited& waited, resync::Duration at_most) {
  std::vector<std::string> clauses;
  for (const auto& each : waited.unanswered) clauses.push_back(clause_on(each, at_most));
  return fmt::format("{}", fmt::join(clauses, "; "));
}

figures::Outcome never_begun(const scenario::Scenario* scenario, std::size_t phones,
                             const Waited& waited, resync::Duration at_most) {
  figures::Outcome outcome;
  outcome.extent.phones = phones;
  if (waited.signal) {
    outcome.end = figures::end_by_signal(*waited.signal);
    outcome.void_reasons.push_back(
        {std::string(figures::cut_short_run),
         fmt::format("ended by {} while it waited for its servers", name(outcome.end)),
         "let it come to its end"});
  } else {
    outcome.never_began = told(waited, at_most);
  }
  if (scenario == nullptr) return outcome;
  for (const auto& expectation : scenario->expect) {
    auto& evidence = outcome.evidence.emplace_back();
    evidence.title = expectation.title;
    evidence.line = expectation.line;
    evidence.without = "the run did not begin";
  }
  return outcome;
}

}  // namespace provphone::client::run
