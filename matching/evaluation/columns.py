"""The arrays that the evaluation passes around."""

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
