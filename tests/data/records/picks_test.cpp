#include "data/records/picks.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace data {
namespace {

TEST(Picks, AreReadLineByLine) {
  const std::vector<Pick> picks =
      parse_picks("# picks\n\nCI CLC P 2019-07-06T03:19:55.1\r\n  CI  CCC P 2019-07-06T03:19:59.25Z  # weak\n", "f");
  ASSERT_EQ(picks.size(), 2U);
  EXPECT_EQ(picks[0].station, "CLC");
  EXPECT_EQ(picks[1].time_ns - picks[0].time_ns, 4'150'000'000);
}

TEST(Picks, RefusesEachBrokenRuleWithItsLine) {
  const auto message = [](const std::string& text) { return support::input_error([&] { parse_picks(text, "f"); }); };
  EXPECT_EQ(message("CI CLC 2019-07-06T03:19:55.1"), "f: line 1: fields = 3: must be four: network station P time");
  EXPECT_EQ(message("\nCI CLC S 2019-07-06T03:19:55.1"), "f: line 2: phase = S: must be P");
  EXPECT_EQ(message("CI CLC P 03:19:55"), "f: line 1: time = 03:19:55: must be UTC like 2019-07-06T03:19:58.1");
  EXPECT_EQ(message("CI CLC P 2019-07-06T03:19:55\nCI CLC P 2019-07-06T03:19:56"),
            "f: line 2: station = CI.CLC: is picked twice");
}

TEST(Picks, ReplaceTheTheoreticalTimeOfTheirStationOnly) {
  const std::vector<Station> slots = {{"CI", "CCC", 0.0, 0.0, 0.0}, {"CI", "CLC", 0.0, 0.0, 0.0}};
  const Event event = parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0");
  const std::vector<double> p_s = p_times_with_picks(
      slots, event, {6.0, 2.0}, parse_picks("CI CLC P 2019-07-06T03:19:54.54\nXX Y P 1999-01-01T00:00:00", "f"));
  EXPECT_EQ(p_s[0], 6.0);
  EXPECT_NEAR(p_s[1], 1.5, 1e-9);
  EXPECT_EQ(support::input_error([&] {
              p_times_with_picks(slots, event, {6.0, 2.0}, parse_picks("CI CLC P 2019-07-06T03:19:52.04", "f"));
            }),
            "pick: CI.CLC: time = 2019-07-06T03:19:52.040Z: must be 0 to 300 s after the origin, is -1.0 s");
  EXPECT_THROW(p_times_with_picks(slots, event, {6.0}, {}), std::invalid_argument);
  const auto p_at = [&](const std::string& time) {
    return p_times_with_picks(slots, event, {6.0, 2.0}, parse_picks("CI CLC P " + time, "f")).at(1);
  };
  EXPECT_EQ(p_at("2019-07-06T03:19:53.04"), 0.0);
  EXPECT_EQ(p_at("2019-07-06T03:24:53.04"), 300.0);
  EXPECT_EQ(support::input_error([&] { p_at("2019-07-06T03:24:53.14"); }),
            "pick: CI.CLC: time = 2019-07-06T03:24:53.140Z: must be 0 to 300 s after the origin, is 300.1 s");
  // 319 years before: more than 64 bits of nanoseconds hold.
  EXPECT_EQ(support::input_error([&] {
              p_times_with_picks(slots, event, {6.0, 2.0}, parse_picks("CI CLC P 1700-01-01T00:00:00", "f"));
            }),
            "pick: CI.CLC: time = 1700-01-01T00:00:00.000Z: must be 0 to 300 s after the origin, is -10082719193.0 s");
}

}  // namespace
}  // namespace data
