#pragma once

// The exit statuses of every command (docs/reference/cli.md).
namespace provphone::client::cli {

enum class Exit : int {
  as_expected = 0,
  failed = 1,       // a verdict of fail, findings, or input that a phone would refuse
  wrong_usage = 2,  // flags or files that make no sense
  void_run = 3,     // a verdict of void, or an audit that was cut short
  internal_error = 4,
};

}  // namespace provphone::client::cli
