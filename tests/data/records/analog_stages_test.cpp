// Stages of a response that are given otherwise than by poles and zeros.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/records/station_xml.h"
#include "tests/support/input_error.h"
#include "tests/support/made_up_station.h"

namespace data {
namespace {

// The flat accelerometer of made_up_station.h, whose poles and zeros are none, with this as a second stage.
std::vector<ChannelEpoch> epochs_with_stage(const std::string& form) {
  std::string xml = support::flat_station_xml("AAA", {"HNZ"}, 20.0);
  const std::string stage = "<Stage number=\"2\">" + form + "<StageGain><Value>1</Value></StageGain></Stage>";
  return parse_station_xml(xml.insert(xml.find("</Response>"), stage), "f");
}

std::string refusal_of_stage(const std::string& form) {
  const std::vector<ChannelEpoch> epochs = epochs_with_stage(form);
  return support::input_error([&] { response_of(epochs.at(0)); });
}

std::string coefficients_of_type(const std::string& type) {
  return "<Coefficients><CfTransferFunctionType>" + type +
         "</CfTransferFunctionType><Numerator>1</Numerator></Coefficients>";
}

TEST(AnalogStages, InAnotherFormThanPolesAndZerosAreRefused) {
  EXPECT_EQ(refusal_of_stage("<ResponseList><ResponseListElement><Frequency>1</Frequency><Amplitude>1</Amplitude>"
                             "<Phase>0</Phase></ResponseListElement></ResponseList>"),
            "f: XX.AAA..HNZ stage 2: ResponseList = given: of an analog stage poles and zeros alone are understood");
  EXPECT_EQ(refusal_of_stage("<Polynomial><Coefficient number=\"0\">1</Coefficient></Polynomial>"),
            "f: XX.AAA..HNZ stage 2: Polynomial = given: of an analog stage poles and zeros alone are understood");
  for (const std::string type : {"ANALOG (RADIANS/SECOND)", "ANALOG (HERTZ)"}) {
    EXPECT_EQ(refusal_of_stage(coefficients_of_type(type)), "f: XX.AAA..HNZ stage 2: CfTransferFunctionType = " + type +
                                                                ": must be DIGITAL: of an analog stage poles and zeros "
                                                                "alone are understood");
  }
  EXPECT_EQ(refusal_of_stage("<Coefficients><Numerator>1</Numerator></Coefficients>"),
            "f: XX.AAA..HNZ stage 2: CfTransferFunctionType = absent: must be DIGITAL: of an analog stage poles and "
            "zeros alone are understood");
}

TEST(AnalogStages, InAnotherFormStopNoOtherChannel) {
  EXPECT_EQ(support::input_error([] { epochs_with_stage("<Polynomial/>"); }), "no error");
}

TEST(AnalogStages, AreNotWhatDigitalFiltersAre) {
  EXPECT_EQ(refusal_of_stage(coefficients_of_type("DIGITAL")), "no error");
  EXPECT_EQ(refusal_of_stage("<FIR><Symmetry>NONE</Symmetry><NumeratorCoefficient>1</NumeratorCoefficient></FIR>"),
            "no error");
  EXPECT_EQ(refusal_of_stage(""), "no error");
}

}  // namespace
}  // namespace data
