"""Lost paragraph breaks of imported texts, found again where the text itself shows them.

Old systems often gave back an article as one line. `repaired` puts the breaks back that numbering, letter form or the
traces of indents prove, and leaves everything else alone: a break too few reads badly, a wrong one says something else.
No character is added, dropped or moved, white space at the breaks aside.
"""

from __future__ import annotations

from fangtang.articles.importing.paragraphs.shapes import Paragraph, Role, repaired

__all__ = ["Paragraph", "Role", "repaired"]
