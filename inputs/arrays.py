"""The types of arrays that the code passes around."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int32]
"""Places in the arrays of a program, of the width that HiGHS takes."""
