// The figures of the chapter on Green's functions.
#pragma once

#include "fmnet/figure.h"
#include "fmnet/figures/greens_studies.h"

namespace fmnet {

// Snapshots of the wave field in a vertical section through the layers.
Figure wave_field_figure(const WaveField& field);

// The error of minors of two solutions that are carried one by one, and of minors that are carried as such.
Figure plain_product_figure(const PlainProduct& study);

// Left: where the sum over wavenumbers may end; right: how many of them it needs.
Figure wavenumber_sum_figure(const std::vector<SumError>& end, const std::vector<SumError>& step);

// Processor time against error, by tolerance and by fk's step.
Figure accuracy_and_cost_figure(const AccuracyAndCost& study, const std::string& machine);

}  // namespace fmnet
