#pragma once

#include <tl/expected.hpp>

#include <utility>

// The one macro of the project: takes the value of a Result, or returns its error to the caller.
//
//   TRY(check(targets));                     a value that there is not, or that nobody wants
//   TRY(const auto port, parse_port(text));  declares `port` with the value
//   TRY(run.phones, phones_of(scenario));    or gives it to what is there
//
// It is a statement of its own, never the body of an `if` without braces. An expression with a
// comma outside of parentheses goes into parentheses. The error is copied: where it is moved, GCC
// 12 warns of strings out of bounds that are not.
#define TRY(...) \
  PROVPHONE_TRY_FORM(__VA_ARGS__, PROVPHONE_TRY_VALUE, PROVPHONE_TRY_CHECK, )(__VA_ARGS__)

#define PROVPHONE_TRY_FORM(first, second, form, ...) form
#define PROVPHONE_TRY_CHECK(result) \
  if (const auto tried = (result); !tried) return tl::unexpected(tried.error())
#define PROVPHONE_TRY_VALUE(place, result) \
  PROVPHONE_TRY_NAMED(place, result, PROVPHONE_TRY_NAME(tried_, __LINE__))
#define PROVPHONE_TRY_NAME(word, line) PROVPHONE_TRY_JOIN(word, line)
#define PROVPHONE_TRY_JOIN(word, line) word##line
#define PROVPHONE_TRY_NAMED(place, result, name)  \
  auto name = (result);                           \
  if (!name) return tl::unexpected(name.error()); \
  place = *std::move(name)
