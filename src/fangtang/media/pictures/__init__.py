"""What an uploaded picture must be, and the same picture without what it says beside itself. Pure: bytes in, bytes out.

`kept` gives the same pixels without places, names, comments and whatever was hung on behind, or says why the bytes are no picture. Bytes are
copied segment by segment, so that nothing is compressed a second time.
"""

from __future__ import annotations

from fangtang.media.pictures.cleaning import Kept, cleaned, kept
from fangtang.media.pictures.looking import FORMATS, Seen, Wrong, looked_at

__all__ = ["FORMATS", "Kept", "Seen", "Wrong", "cleaned", "kept", "looked_at"]
