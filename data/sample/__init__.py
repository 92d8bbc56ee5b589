"""A sample district and regency: realistic villages, households, officers, visits and crimes.

Nothing here is real: names, codes and people are invented, and regency 3599 does not exist. The same seed
gives the same place, byte for byte.
"""

from data.sample.load import SAMPLE_NAME, load_sample
from data.sample.make import Sample, make_sample
from data.sample.scales import SCALES, Scale

__all__ = ["SAMPLE_NAME", "SCALES", "Sample", "Scale", "load_sample", "make_sample"]
