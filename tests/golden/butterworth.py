#!/usr/bin/env python3
"""Writes butterworth.tsv: Butterworth sections, responses and filtered series as SciPy computes them. See butterworth.md.

Usage: python3 butterworth.py > butterworth.tsv
"""
import numpy as np
import scipy
from scipy.signal import butter, sosfilt, sosfiltfilt, sosfreqz

BANDPASS = [(order, low, high, fs) for order in range(1, 9)
            for low, high, fs in [(0.05, 0.1, 1.0), (0.05, 0.1, 2.0), (0.05, 0.1, 100.0), (0.02, 0.05, 40.0),
                                  (0.02, 0.1, 20.0), (0.5, 8.0, 20.0), (0.01, 0.45, 1.0)]]
SINGLE = [(kind, order, corner, fs) for order in range(1, 9)
          for kind, corner, fs in [("lowpass", 0.1, 1.0), ("highpass", 0.05, 1.0), ("lowpass", 4.0, 100.0),
                                   ("highpass", 0.01, 20.0)]]
FILTERED = [(4, 0.05, 0.1, 1.0), (4, 0.05, 0.1, 2.0), (2, 0.02, 0.1, 20.0), (3, 0.05, 0.1, 100.0), (4, 0.05, 0.1, 100.0)]


def numbers(values):
    return "\t".join(repr(float(v)) for v in np.ravel(values))


def series(n):
    """A series that needs no random numbers: two sines, an offset and a step."""
    i = np.arange(n)
    return np.sin(0.37 * i) + 0.5 * np.cos(0.011 * i * i / 7.0) + 0.25 + (i >= n // 3)


print("# scipy", scipy.__version__, "numpy", np.__version__)
for order, low, high, fs in BANDPASS:
    sos = butter(order, [low, high], "bandpass", fs=fs, output="sos")
    print("bandpass", order, repr(low), repr(high), repr(fs), numbers(sos), sep="\t")
for kind, order, corner, fs in SINGLE:
    sos = butter(order, corner, kind, fs=fs, output="sos")
    print(kind, order, repr(corner), repr(0.0), repr(fs), numbers(sos), sep="\t")
for order, low, high, fs in FILTERED:
    sos = butter(order, [low, high], "bandpass", fs=fs, output="sos")
    x = series(300)
    forward = sosfilt(sos, x)
    zero_phase = sosfilt(sos, forward[::-1])[::-1]
    padded = sosfiltfilt(sos, x)
    for kind, y in [("one_way", forward), ("zero_phase", zero_phase), ("padded", padded)]:
        print(kind, order, repr(low), repr(high), repr(fs), numbers(y[::7]), sep="\t")
    frequencies = np.array([0.01, 0.03, 0.05, 0.07, 0.1, 0.2, 0.4])
    response = np.abs(sosfreqz(sos, frequencies, fs=fs)[1])
    print("gain", order, repr(low), repr(high), repr(fs), numbers(response), sep="\t")
