#include "client/cli/from_phone.hpp"

#include "client/cli/complain.hpp"
#include "client/evidence/phone_pages.hpp"
#include "client/report/output.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/targets.hpp"
#include "macro/rule.hpp"
#include "macro/try.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <optional>

namespace provphone::client::cli {
namespace {

constexpr int page_found = 200, page_missing = 404;

// One page, or nothing where the phone has no such page.
Result<std::optional<std::string>> page_of(const transport::Targets& targets, macro::Url url,
                                           const std::string& path) {
  boost::asio::io_context loop;
  transport::Fetcher fetcher(loop, targets);
  transport::Request request;
  url.path = path;
  request.url = url;
  request.user_agent = "provphone";
  std::optional<Result<transport::Response>> answer;
  fetcher.start(std::move(request), {}, [&](Result<transport::Response> response) {
    answer.emplace(std::move(response));
    // Nobody asks anything more, whatever its timers wait for.
    loop.stop();
  });
  loop.run();
  const auto where = format(url);
  if (!answer) return fail(Errc::bad_argument, where + ": no answer");
  if (!*answer)
    return fail(answer->error().code, fmt::format("{}: {}", where, format(answer->error())));
  auto& response = **answer;
  if (response.status == page_missing) return std::optional<std::string>{};
  if (response.status == page_found) return std::optional(std::move(response.body));
  const auto* const hint = response.status == 401
                               ? "; save the page in a browser and use --config of from-log or run"
                               : "";
  return fail(Errc::bad_argument, fmt::format("{}: status {}, expected the phone's page{}", where,
                                              response.status, hint));
}

// MPP phones have it below /admin, others at the top.
Result<std::optional<std::string>> page_named(const transport::Targets& targets,
                                              const macro::Url& phone, const std::string& name) {
  TRY(auto page, page_of(targets, phone, "/admin/" + name));
  if (page) return page;
  return page_of(targets, phone, "/" + name);
}

Result<evidence::PhonePages> pages_of(const FromPhoneFlags& flags) {
  const auto host = flags.url.find("://");
  const bool names_no_path =
      host != std::string::npos && flags.url.find('/', host + 3) == std::string::npos;
  TRY(const auto url, macro::parse_url(flags.url + (names_no_path ? "/" : ""), std::nullopt));
  if (url.scheme != macro::Scheme::http)
    return fail(Errc::bad_argument, flags.url + ": expected http://PHONE, whose page it is");
  transport::Targets targets;
  for (const auto& target : flags.targets) {
    if (const auto added = targets.add(target); !added)
      return fail(added.error().code, "--target: " + added.error().detail);
  }
  TRY(auto config, page_named(targets, url, "cfg.xml"));
  if (!config) {
    TRY(config, page_of(targets, url, "/admin/spacfg.xml"));
  }
  if (!config)
    return fail(Errc::bad_argument, flags.url + ": expected a phone, and there is no cfg.xml");
  TRY(auto status, page_named(targets, url, "status.xml"));
  return evidence::PhonePages{std::move(*config), status.value_or("")};
}

// Beside the scenario, by the phone's address.
std::string config_name(const evidence::DevicePage& device) {
  return (device.mac ? format_lower(*device.mac) : std::string("phone")) + ".cfg.xml";
}

Result<void> write_phone(const FromPhoneFlags& flags) {
  TRY(const auto pages, pages_of(flags));
  TRY(const auto phone, evidence::differences_of(pages));
  const auto name = config_name(phone.device);
  const auto folder = flags.output == "-" ? std::filesystem::path()
                                          : std::filesystem::path(flags.output).parent_path();
  TRY(report::write_output((folder / name).string(), pages.config));
  TRY(report::write_output(flags.output, scenario_of(phone, flags.url, name)));
  complain(
      fmt::format("its configuration is in {}; {} parameters act here, {} are stored, {} are "
                  "not known; the scenario's comments say which",
                  (folder / name).string(), phone.acting, phone.stored, phone.unknown.size()));
  return {};
}

}  // namespace

Exit make_from_phone(const FromPhoneFlags& flags) {
  const auto made = write_phone(flags);
  return made ? Exit::as_expected : refuse_usage(made.error());
}

}  // namespace provphone::client::cli
