#include "propagator/layered_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "propagator/errors.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

namespace {

using propagator::InterfaceSide;
using propagator::LayeredModel;
using propagator::parse_layered_model;

std::string error_of(const std::string& text) {
  return support::input_error([&] { parse_layered_model(text, "m.txt"); });
}

TEST(LayeredModel, ReadsLayersCommentsAndInfiniteQ) {
  const LayeredModel model =
      parse_layered_model("# a model\n5.5 5.5 3.18 2.4 600 300 # crust\n\n0 7.8 4.5 3 inf inf\n", "m");
  ASSERT_EQ(model.n_layers(), 2);
  EXPECT_EQ(model.layers()[0].density_g_cm3, 2.4);
  EXPECT_EQ(model.layers()[1].vs_km_s, 4.5);
  EXPECT_TRUE(std::isinf(model.layers()[1].q_p));
}

TEST(LayeredModel, AcceptsWindowsLineEndsAndAByteOrderMark) {
  EXPECT_EQ(parse_layered_model("\xEF\xBB\xBF"
                                "1 3 1.5 2 99 50\r\n0\t5\t3\t2\t99\t50\r\n",
                                "m")
                .n_layers(),
            2);
}

TEST(LayeredModel, ReadsTheFormatOfComputerPrograms) {
  const std::string path = support::reference("byron_m44/gil7_model.txt");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44/gil7_model.txt");
  const LayeredModel model = propagator::read_layered_model(path);
  ASSERT_EQ(model.n_layers(), 7);
  EXPECT_EQ(model.layers()[4].thickness_km, 12.0);
  EXPECT_EQ(model.layers()[6].vp_km_s, 7.83);
  EXPECT_EQ(model.layers()[0].q_s, 300.0);
}

// Both ways to write Q, powers of two so that their inverses are exact; 1 is its own inverse.
TEST(LayeredModel, ReadsQualityUpToOneAsOneOverQInTheFormatOfComputerPrograms) {
  const auto model = [](const std::string& first, const std::string& second) {
    return parse_layered_model("MODEL.01\nx\nISOTROPIC\nKGS\nFLAT EARTH\n1-D\nCONSTANT VELOCITY\n\n\n\n\n\n5 5 3 2 " +
                                   first + " 0 0 1 1\n0 7 4 3 " + second + " 0 0 1 1\n",
                               "m");
  };
  const LayeredModel of_q = model("256 128", "1 0"), of_inverse = model("0.00390625 0.0078125", "1.0 -0.00");
  for (const LayeredModel& m : {of_q, of_inverse}) {
    EXPECT_EQ(m.layers()[0].q_p, 256.0);
    EXPECT_EQ(m.layers()[0].q_s, 128.0);
    EXPECT_EQ(m.layers()[1].q_p, 1.0);
    EXPECT_EQ(m.layers()[1].q_s, INFINITY);
  }
  EXPECT_EQ(parse_layered_model("0 5 3 2 0.5 0.25", "m").layers()[0].q_s, 0.25) << "in our own format Q is Q";
}

// The format of Computer Programs in Seismology, line by line; the layers are lines 13 and 14.
std::vector<std::string> lines_of_computer_programs() {
  return {"MODEL.01",
          "a model",
          "ISOTROPIC",
          "KGS",
          "FLAT EARTH",
          "1-D",
          "CONSTANT VELOCITY",
          "LINE08",
          "LINE09",
          "LINE10",
          "LINE11",
          "H VP VS RHO QP QS ETAP ETAS FREFP FREFS",
          "5 5 3 2 600 300 0 0 1 1",
          "0 7 4 3 0 0 0 0 1 1"};
}

// What is told where line `number`, counted from 1, is another.
std::string error_with_line(std::size_t number, const std::string& line) {
  std::vector<std::string> lines = lines_of_computer_programs();
  lines.at(number - 1) = line;
  std::string text;
  for (const std::string& l : lines) text += l + "\n";
  return error_of(text);
}

TEST(LayeredModel, RefusesAHeaderOfComputerProgramsThatItDoesNotUnderstand) {
  EXPECT_EQ(error_with_line(2, "another title"), "no error");
  EXPECT_EQ(error_with_line(7, "  CONSTANT\t VELOCITY \r"), "no error") << "blanks tell nothing";
  EXPECT_EQ(error_with_line(3, "ANISOTROPIC"), "m.txt: line 3: header = ANISOTROPIC: only \"ISOTROPIC\" is supported");
  EXPECT_EQ(error_with_line(4, "CGS"), "m.txt: line 4: header = CGS: only \"KGS\" is supported");
  EXPECT_EQ(error_with_line(5, "SPHERICAL EARTH"),
            "m.txt: line 5: header = SPHERICAL EARTH: only \"FLAT EARTH\" is supported");
  EXPECT_EQ(error_with_line(6, "2-D"), "m.txt: line 6: header = 2-D: only \"1-D\" is supported");
  EXPECT_EQ(error_with_line(7, "VARIABLE VELOCITY"),
            "m.txt: line 7: header = VARIABLE VELOCITY: only \"CONSTANT VELOCITY\" is supported");
  EXPECT_EQ(error_of("MODEL.01\nx\nISOTROPIC\n"), "m.txt: MODEL.01 header of 12 lines is cut short");
}

TEST(LayeredModel, RefusesAQThatDependsOnFrequencyAndAnotherReferenceFrequency) {
  EXPECT_EQ(error_with_line(13, "5 5 3 2 600 300 0.00 0.00 1.0 1.00"), "no error");
  EXPECT_EQ(error_with_line(13, "5 5 3 2 600 300 0.5 0 1 1"), "m.txt: line 13: ETAP = 0.5: only 0 is supported");
  EXPECT_EQ(error_with_line(13, "5 5 3 2 600 300 0 0.5 1 1"), "m.txt: line 13: ETAS = 0.5: only 0 is supported");
  EXPECT_EQ(error_with_line(13, "5 5 3 2 600 300 0 0 2 1"), "m.txt: line 13: FREFP = 2: only 1 is supported");
  EXPECT_EQ(error_with_line(13, "5 5 3 2 600 300 0 0 1 2"), "m.txt: line 13: FREFS = 2: only 1 is supported");
  EXPECT_EQ(error_with_line(14, "0 7 4 3 0 0 0 0 1 0"), "m.txt: line 14: FREFS = 0: only 1 is supported");
  EXPECT_EQ(error_with_line(14, "0 7 4 3 0 0 0 x 1 1"), "m.txt: line 14: ETAS = x: must be a number");
  EXPECT_EQ(error_with_line(14, "0 7 4 3 0 0"),
            "m.txt: line 14: columns = 6: expected H VP VS RHO QP QS ETAP ETAS FREFP FREFS");
}

// /proc/self/mem opens, and its first byte cannot be read.
TEST(LayeredModel, APathThatCannotBeReadIsAnInputError) {
  const support::TemporaryFolder folder;
  const auto message = [](const std::string& path) {
    return support::input_error([&] { propagator::read_layered_model(path); });
  };
  EXPECT_EQ(message(folder.path()), folder.path() + ": is a folder: expected a file of layers");
  EXPECT_EQ(message("/proc/self/mem"), "/proc/self/mem: cannot be read to its end");
  EXPECT_EQ(message("/no/such/model"), "/no/such/model: cannot be opened for reading");
  const std::string long_text = "# " + std::string(10000, 'x') + "\n0 7 4 3 9 9\n";
  EXPECT_EQ(propagator::read_layered_model(folder.write("model.txt", long_text)).n_layers(), 1);
}

TEST(LayeredModel, ErrorsNameLineFieldValueAndRule) {
  EXPECT_EQ(error_of("1 5 4.6 2 9 9\n0 6 3 2 9 9"),
            "m.txt: line 1: vs_km_s = 4.6: must be below sqrt(3)/2 vp = 4.33013 km/s (positive bulk modulus)");
  EXPECT_EQ(error_of("# c\n1 5 x 2 9 9\n"), "m.txt: line 2: vs_km_s = x: must be a number");
  EXPECT_EQ(error_of("1 5 3 2 9"), "m.txt: line 1: columns = 5: expected thickness vp vs density Qp Qs");
  EXPECT_EQ(error_of("0 5 3 2 9 9 junk"), "m.txt: line 1: columns = 7: expected thickness vp vs density Qp Qs");
  EXPECT_EQ(error_of("0 5 3,0 2 9 9"), "m.txt: line 1: vs_km_s = 3,0: must be a number");
  EXPECT_EQ(error_of("0 nan 3 2 9 9"), "m.txt: line 1: vp_km_s = nan: must be a number");
  EXPECT_EQ(error_of("0 5 0 2 9 9"),
            "m.txt: line 1: vs_km_s = 0: liquid layers are not supported; vs must be positive");
  EXPECT_EQ(error_of("-1 5 3 2 9 9\n0 5 3 2 9 9"),
            "m.txt: line 1: thickness_km = -1: must be positive in every layer but the last");
  EXPECT_EQ(error_of("3 5 3 2 9 9"),
            "m.txt: line 1: thickness_km = 3: the last layer is the half-space and has thickness 0");
  EXPECT_EQ(error_of("0 5 3 -2 9 9"), "m.txt: line 1: density_g_cm3 = -2: must be positive and finite");
  EXPECT_EQ(error_of("0 5 3 2 0 9"), "m.txt: line 1: q_p = 0: must be positive (inf: elastic)");
  EXPECT_EQ(error_of(" \n#\n"), "m.txt: no layers: expected lines of thickness vp vs density Qp Qs");
  EXPECT_EQ(error_of(""), "m.txt: no layers: expected lines of thickness vp vs density Qp Qs");
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "1 5 3 2 9 9\n";
  EXPECT_EQ(error_of(many), "m.txt: line 1001: more than 1000 layers");
  EXPECT_THAT(error_of("MODEL.01\nx\nTRANSVERSE ISOTROPIC\n\n\n\n\n\n\n\n\n\n0 5 3 2 9 9 0 0 1 1"),
              ::testing::HasSubstr("line 3: header = TRANSVERSE ISOTROPIC"));
}

TEST(LayeredModel, APointOnAnInterfaceBelongsToTheNamedSide) {
  const LayeredModel model = parse_layered_model("5 5 3 2 9 9\n3 6 3 2 9 9\n0 7 4 3 9 9\n", "m");
  EXPECT_EQ(model.layer_at(0.0), 0);
  EXPECT_EQ(model.layer_at(4.0), 0);
  EXPECT_EQ(model.layer_at(5.0), 1);
  EXPECT_EQ(model.layer_at(5.0, InterfaceSide::above), 0);
  EXPECT_EQ(model.layer_at(8.0), 2);
  EXPECT_EQ(model.layer_at(100.0), 2);
  EXPECT_THROW(model.layer_at(-1.0), std::invalid_argument);
}

TEST(LayeredModel, ItsSlowestAndFastestLayersMayLieInside) {
  const LayeredModel model = parse_layered_model("5 5 3 2 9 9\n3 2 1 2 9 9\n3 8 3 2 9 9\n0 7 4 3 9 9\n", "m");
  EXPECT_EQ(model.smallest_vs_km_s(), 1.0);
  EXPECT_EQ(model.largest_vp_km_s(), 8.0);
}

TEST(LayeredModel, MessagesCountLayersFromOne) {
  const auto build = [] { LayeredModel({{1.0, 5.0, 4.6, 2.0, 9.0, 9.0}, {0.0, 5.0, 3.0, 2.0, 9.0, 9.0}}); };
  EXPECT_THAT(support::error_of<std::invalid_argument>(build),
              ::testing::HasSubstr("LayeredModel: layer 1: vs_km_s = 4.6"));
}

TEST(LayeredModel, CannotBeBuiltAgainstItsRules) {
  EXPECT_THROW(LayeredModel({}), std::invalid_argument);
  EXPECT_THROW(LayeredModel({{1.0, 5.0, 3.0, 2.0, 9.0, 9.0}}), std::invalid_argument);
}

}  // namespace
