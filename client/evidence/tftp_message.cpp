#include "client/evidence/tftp_message.hpp"

#include "macro/ascii.hpp"

#include <algorithm>

namespace provphone::client::evidence {
namespace {

// The two gaps of a form such as `sent {} to {}`; nothing where the message has another one. The
// last of several places for what stands between them is taken: names of files may hold it.
struct Gaps {
  std::string_view first, second;
};

std::optional<Gaps> gaps_in(std::string_view message, std::string_view before,
                            std::string_view between) {
  if (!message.starts_with(before)) return std::nullopt;
  const auto rest = message.substr(before.size());
  const auto at = rest.rfind(between);
  if (at == std::string_view::npos) return std::nullopt;
  return Gaps{rest.substr(0, at), ascii::trimmed(rest.substr(at + between.size()))};
}

// `10.0.0.7:34808` without the port; an address of IPv6 as it is.
std::string_view without_port(std::string_view address) {
  const auto colon = address.find(':');
  const bool is_port = colon != std::string_view::npos && colon == address.rfind(':');
  return is_port ? address.substr(0, colon) : address;
}

Sighting request(std::string_view method, std::string_view path, std::string_view address) {
  Sighting made;
  made.method = method;
  made.path = path;
  made.address = address;
  made.scheme = "tftp";
  return made;
}

struct Form {
  std::string_view before, between, method;
  enum class Order { path_first, address_first } order;
};

constexpr Form forms[] = {
    // dnsmasq
    {"sent ", " to ", "RRQ", Form::Order::path_first},
    {"file ", " not found for ", "RRQ", Form::Order::path_first},
    {"failed sending ", " to ", "RRQ", Form::Order::path_first},
    // tftpd-hpa
    {"RRQ from ", " filename ", "RRQ", Form::Order::address_first},
    {"WRQ from ", " filename ", "WRQ", Form::Order::address_first},
    // atftpd
    {"Serving ", " to ", "RRQ", Form::Order::path_first},
    {"Fetching from ", " to ", "WRQ", Form::Order::address_first},
};

constexpr std::string_view usual_roots[] = {"/srv/tftp", "/var/lib/tftpboot", "/tftpboot",
                                            "/var/ftpd", "/var/tftp"};

}  // namespace

std::optional<Sighting> read_tftp_message(std::string_view message) {
  for (const auto& form : forms) {
    const auto gaps = gaps_in(message, form.before, form.between);
    if (!gaps) continue;
    const bool path_first = form.order == Form::Order::path_first;
    auto path = path_first ? gaps->first : gaps->second;
    // `filename a remapped to b`: what was asked for is a.
    path = path.substr(0, path.find(" remapped to "));
    const auto address = without_port(path_first ? gaps->second : gaps->first);
    if (path.empty() || address.empty() || address.find(' ') != std::string_view::npos)
      return std::nullopt;
    return request(form.method, path, address);
  }
  return std::nullopt;
}

void TftpRoot::learn(std::string_view message) {
  constexpr std::string_view says_it = "TFTP root is ";
  if (!message.starts_with(says_it)) return;
  auto root = ascii::trimmed(message.substr(says_it.size()));
  root = root.substr(0, root.find("  "));
  while (root.ends_with('/')) root.remove_suffix(1);
  root_ = root;
}

std::string_view TftpRoot::asked_for(std::string_view path) {
  const auto take_off = [&](std::string_view root) {
    const bool is_below =
        !root.empty() && path.starts_with(root) && path.substr(root.size()).starts_with('/');
    if (is_below) path.remove_prefix(root.size());
    return is_below;
  };
  if (!take_off(root_)) std::any_of(std::begin(usual_roots), std::end(usual_roots), take_off);
  if (path.starts_with('/')) return path;
  path_ = '/';
  path_ += path;
  return path_;
}

}  // namespace provphone::client::evidence
