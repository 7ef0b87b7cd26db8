#pragma once

#include <functional>
#include <string>

// Measures CPU time, not wall time, and compares two ways of one job in turn, A B A B ..., so that
// a machine whose speed drifts changes both alike.
namespace provphone::bench {

// Seconds of CPU that this thread has used, user and system.
double cpu_seconds();

struct Job {
  std::string name;
  std::function<void()> run;  // does `units` units of work
};

struct Comparison {
  std::string title;
  std::string unit;
  int units = 1;  // of work a run
  int rounds = 9;
  Job ours;
  Job theirs;
  double budget = 0;  // of the ratio ours / theirs
};

// Prints a line for each job (median microseconds a unit), and the median of the paired ratios
// beside the budget.
void compare(const Comparison& comparison);

// The same for a job that has a floor of units a second instead of a comparison.
void measure(const std::string& title, const std::string& unit, int units, double floor_per_second,
             const std::function<void()>& run);

void bench_rules();
void bench_decode();
void bench_fetch();
void bench_judge();
void bench_forecast();
void bench_logs();

}  // namespace provphone::bench
