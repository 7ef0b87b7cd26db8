#include "client/transport/detail/failures.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace provphone::client::transport::detail {
namespace {

Error of(std::string_view whom, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}", whom, what)};
}

}  // namespace

Error not_connected(std::string_view whom, int system_error) {
  switch (system_error) {
    case ECONNREFUSED:
      return of(whom, Errc::connection_refused, "connection refused");
    case ETIMEDOUT:
      return of(whom, Errc::connect_timeout, "no answer");
    case EADDRNOTAVAIL:
      return of(whom, Errc::no_local_port, "no local port is free");
    case 0:
      return of(whom, Errc::host_unreachable, "unreachable");
    default:
      return of(whom, Errc::host_unreachable, std::strerror(system_error));
  }
}

std::string within_connect_limit(const Timeouts& timeouts) {
  const auto& [connect, idle, total] = timeouts;
  const bool is_total = total > total.zero() && (total < connect || connect == connect.zero());
  return fmt::format("within {} ms", (is_total ? total : connect).count());
}

Error not_connected_in_time(std::string_view whom, const Timeouts& timeouts) {
  return of(whom, Errc::connect_timeout, "no connection " + within_connect_limit(timeouts));
}

Error not_finished_in_time(std::string_view whom, const Timeouts& timeouts) {
  return of(whom, Errc::transfer_timeout,
            fmt::format("not finished within {} ms", timeouts.total.count()));
}

Error silent_too_long(std::string_view whom, const Timeouts& timeouts) {
  return of(whom, Errc::transfer_stalled,
            fmt::format("nothing arrived for {} ms", timeouts.idle.count()));
}

Error no_answer_about(std::string_view name) {
  return {Errc::name_not_resolved, fmt::format("no answer about {} in time", name)};
}

Error no_target(std::string_view whom, std::string_view address) {
  return of(whom, Errc::target_refused,
            fmt::format("{} is not among the allowed targets", address));
}

Error no_socket(std::string_view whom, int system_error) {
  return of(whom, Errc::no_socket, fmt::format("no socket: {}", std::strerror(system_error)));
}

Error unusable_source(std::string_view source, int system_error) {
  return {Errc::bad_argument, fmt::format("source {}: {}", source, std::strerror(system_error))};
}

}  // namespace provphone::client::transport::detail
