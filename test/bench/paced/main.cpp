#include "test/bench/paced/plan.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/resource.h>

namespace provphone::bench::paced {
namespace {

double begun = 0;

// Of all threads: libcurl may look names up in one of its own.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void begin_measured() {
  begun = cpu_seconds();
}

double measured() {
  return cpu_seconds() - begun;
}

}  // namespace provphone::bench::paced

// Prints microseconds of CPU a fetch, without what was made ready before the first.
int main(int argc, char** argv) {
  using namespace provphone::bench;
  paced::Plan plan;
  std::string kind;
  CLI::App app("A bare loop to hold a fleet against: aborts where a fetch fails");
  app.add_option("KIND", kind)->required()->check(CLI::IsMember({"libcurl", "openssl"}));
  app.add_option("SCHEME", plan.scheme)->required();
  app.add_option("HOST", plan.host)->required();
  app.add_option("PORT", plan.port)->required();
  app.add_option("PATH", plan.path, "* is the phone's MAC address")->required();
  app.add_option("--count", plan.count);
  app.add_option("--rate", plan.rate, "Starts a second; 0: flat out, 16 at a time");
  app.add_flag("--sources", plan.has_sources, "A source address for each");
  app.add_option("--certificates", plan.certificates);
  app.add_option("--trust", plan.trust);
  CLI11_PARSE(app, argc, argv);
  kind == "libcurl" ? run_curl(plan) : run_openssl(plan);
  fmt::print("{:.2f}\n", paced::measured() * 1e6 / plan.count);
}
