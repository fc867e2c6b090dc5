#include "fmnet/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/figures/mechanism_row.h"
#include "propagator/errors.h"
#include "tests/support/error_of.h"
#include "tests/support/shell.h"
#include "tests/support/svg_texts.h"
#include "tests/support/temporary_folder.h"

namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class FigureFiles : public testing::Test {
 protected:
  std::string text(const std::string& file) const { return data::read_whole_file((folder_ / file).string(), 1 << 22); }

  const support::TemporaryFolder temporary_;
  const fs::path folder_ = fs::path(temporary_.path()) / "figures";
};

fmnet::Figure small_figure() {
  fmnet::Figure figure;
  figure.name = "parabola";
  figure.title = "A parabola";
  figure.caption = "Its vertex is at 0.";
  figure.width_px = 300, figure.height_px = 200;
  fmnet::Table table({"x", "y"});
  for (int i = -3; i <= 3; ++i) table.add_row(std::vector<double>{1.0 * i, 1.0 * i * i});
  figure.tables = {{"points", table}};
  figure.commands = "plot 'parabola.points.tsv' using 1:2 with lines";
  return figure;
}

TEST(FigureTable, HasANameLineRowsAndBlocksPartedByTwoEmptyLines) {
  fmnet::Table table({"x", "y"});
  table.add_row(std::vector<double>{1.0, 0.5});
  table.begin_block();
  table.add_row(std::vector<std::string>{"2", "A"});
  EXPECT_EQ(table.text(), "# x\ty\n1\t0.5\n\n\n2\tA\n");
}

TEST(FigureTable, RefusesAFieldThatWouldBreakTheTable) {
  fmnet::Table table({"name"});
  for (const char* field : {"a\tb", "a\nb", "a\"b"}) {
    EXPECT_THROW(table.add_row(std::vector<std::string>{field}), std::invalid_argument);
  }
  EXPECT_THROW(table.add_row(std::vector<double>{1.0, 2.0}), std::invalid_argument);
}

TEST(FigureNames, OnlyHarmlessCharactersReachAScript) {
  EXPECT_EQ(fmnet::checked_name("WVP2", "station"), "WVP2");
  EXPECT_EQ(fmnet::checked_name("NN.QSM-1_B", "station"), "NN.QSM-1_B");
  for (const char* name : {"", "A B", "A'B", "`id`", "A\nB", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456"}) {
    EXPECT_THROW(fmnet::checked_name(name, "station"), propagator::InputError) << name;
  }
}

TEST(FigureNames, AQuotedTextCannotEndItsString) { EXPECT_EQ(fmnet::gnuplot_quoted("it's\n`ls`"), "'it''s `ls`'"); }

// A picture of 100 x 50 with one text of three letters, 18 wide and 10 high.
std::string picture_with(const std::string& place, const std::string& anchor) {
  return "<svg viewBox=\"0 0 100 50\">\n<g transform=\"" + place +
         "\" stroke=\"none\" font-size=\"10.00\"  text-anchor=\"" + anchor +
         "\">\n\t\t<text><tspan>abc</tspan></text>\n\t</g>\n</svg>";
}

TEST(SvgTexts, ThatLeaveThePictureAreNamed) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(support::texts_outside(picture_with("translate(50.00,25.00)", "middle")), IsEmpty());
  EXPECT_THAT(support::texts_outside(picture_with("translate(81.00,40.00)", "start")), IsEmpty());
  EXPECT_THAT(support::texts_outside(picture_with("translate(83.00,40.00)", "start")), ElementsAre("abc"));
  EXPECT_THAT(support::texts_outside(picture_with("translate(17.00,40.00)", "end")), ElementsAre("abc"));
  EXPECT_THAT(support::texts_outside(picture_with("translate(50.00,48.00)", "middle")), ElementsAre("abc"));
  EXPECT_THAT(support::texts_outside(picture_with("translate(50.00,7.00)", "middle")), ElementsAre("abc"));
  EXPECT_THAT(support::texts_outside(picture_with("translate(8.00,25.00) rotate(270.00)", "middle")), IsEmpty());
  EXPECT_THAT(support::texts_outside(picture_with("translate(7.00,25.00) rotate(270.00)", "middle")),
              ElementsAre("abc"));
  EXPECT_THAT(support::texts_outside(picture_with("translate(50.00,8.00) rotate(270.00)", "middle")),
              ElementsAre("abc"));
}

TEST_F(FigureFiles, LieBesideEachOtherAndTheScriptRedrawsThem) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  fmnet::write_figure(folder_.string(), small_figure());
  for (const char* file : {"parabola.points.tsv", "parabola.gp", "parabola.svg", "parabola.png", "parabola.caption"}) {
    EXPECT_TRUE(fs::exists(folder_ / file)) << file;
  }
  const std::string svg = text("parabola.svg");
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_EQ(text("parabola.png").substr(1, 3), "PNG");
  fs::remove(folder_ / "parabola.svg");
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && gnuplot -d parabola.gp").c_str()), 0);
  EXPECT_EQ(text("parabola.svg"), svg);
}

TEST_F(FigureFiles, AreTheSameBytesEachTime) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  const auto figure =
      fmnet::mechanism_row({"mechanisms",
                            "Mechanisms of an event",
                            "A row of balls.",
                            {{"network", {230.0, 80.0, -10.0}, true}, {"O'Higgins' list", {45.0, 90.0, 0.0}, false}}});
  fmnet::write_figure(folder_.string(), figure);
  const std::string svg = text("mechanisms.svg"), png = text("mechanisms.png");
  setenv("TZ", "Asia/Tokyo", 1);
  fmnet::write_figure(folder_.string(), figure);
  unsetenv("TZ");
  EXPECT_EQ(text("mechanisms.svg"), svg);
  EXPECT_EQ(text("mechanisms.png"), png);
}

TEST_F(FigureFiles, AScriptThatGnuplotRefusesIsAnErrorWithItsWords) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  fmnet::Figure figure = small_figure();
  figure.commands = "plot 'absent.tsv'";
  const std::string error =
      support::error_of<propagator::OutputError>([&] { fmnet::write_figure(folder_.string(), figure); });
  EXPECT_THAT(error, HasSubstr("gnuplot ended with status"));
  EXPECT_THAT(error, HasSubstr("absent.tsv"));
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST_F(FigureFiles, WithoutGnuplotTheErrorSaysHowToGetIt) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const std::string error =
      support::error_of<propagator::OutputError>([&] { fmnet::write_figure(folder_.string(), small_figure()); });
  setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(error, HasSubstr("gnuplot cannot be started"));
  EXPECT_THAT(error, HasSubstr("apt-get install gnuplot-nox"));
}

}  // namespace
