#pragma once

// The exit statuses of every command (docs/reference/cli.md).
namespace provphone::client::cli {

enum class Exit : int {
  as_expected = 0,
  failed = 1,       // an expectation or a pass failed, or a phone would refuse the input
  wrong_usage = 2,  // flags or files that make no sense
  void_run = 3,     // the generator could not keep its own schedule
  internal_error = 4,
};

}  // namespace provphone::client::cli
