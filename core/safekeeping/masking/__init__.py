"""Personal data in texts replaced by placeholders of the same length (docs/security.md).

`mask` takes one text, `mask_turns` a conversation, `mask_data` data with texts in them.
"""

from core.safekeeping.masking.masking import (
    Masked,
    PlacedSpan,
    mask,
    mask_data,
    mask_turns,
    masked,
)
from core.safekeeping.masking.shadow import PLACEHOLDER, MaskedSpan

__all__ = [
    "PLACEHOLDER",
    "Masked",
    "MaskedSpan",
    "PlacedSpan",
    "mask",
    "mask_data",
    "mask_turns",
    "masked",
]
