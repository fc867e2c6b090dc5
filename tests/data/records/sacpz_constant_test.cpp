// SENSITIVITY and A0 of SACPZ: what they are compared with where both are told, and that nothing needs them.
#include <gtest/gtest.h>

#include <string>

#include "data/records/sacpz.h"
#include "tests/support/input_error.h"

namespace data {
namespace {

// An entry of CONSTANT 6e8 with these annotations besides.
std::string entry_with(const std::string& annotations) {
  return "* NETWORK   (KNETWK): XX\n* STATION    (KSTNM): AAA\n* LOCATION   (KHOLE): \n* CHANNEL   (KCMPNM): BHE\n"
         "* LATITUDE          : 35.5\n* LONGITUDE         : -117.25\n* DIP               : 90.0\n"
         "* AZIMUTH           : 90.0\n" +
         annotations + "ZEROS 2\nPOLES 0\nCONSTANT 6.0e8\n";
}

std::string refusal_of_entry(const std::string& annotations) {
  return support::input_error([&] { parse_sacpz(entry_with(annotations), "f"); });
}

TEST(SacpzConstant, IsComparedWhereSensitivityAndA0AreTold) {
  const std::string sensitivity = "* SENSITIVITY       : 3.0e8 (M/S)\n";
  EXPECT_EQ(refusal_of_entry(sensitivity + "* A0                : 2.0\n"), "no error");
  EXPECT_EQ(refusal_of_entry(sensitivity + "* A0                : 2.1\n"),
            "f: line 13: CONSTANT = 6e+08: must be SENSITIVITY times A0 = 6.3e+08 within 1 %");
}

TEST(SacpzConstant, StandsForItselfWhereOneOfThemIsNotTold) {
  for (const char* annotations : {"", "* SENSITIVITY       : 3.0e8 (M/S)\n", "* A0                : 7.0\n",
                                  "* SENSITIVITY       : \n* A0                : 7.0\n",
                                  "* SENSITIVITY       : 3.0e8 (M/S)\n* A0                :\n"}) {
    EXPECT_EQ(refusal_of_entry(annotations), "no error") << annotations;
    EXPECT_EQ(response_of(parse_sacpz(entry_with(annotations), "f").front()).A0, 6e8) << annotations;
  }
}

}  // namespace
}  // namespace data
