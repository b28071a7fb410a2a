"""An SVG as a PNG, by the engine that already prints our PDF: no browser, no system library, no network."""

from __future__ import annotations

from typing import Any

PPP = 144.0
"""Pixels per inch: twice the size on screen, enough for a slide or an A4 page."""

_PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.dessin), format: "svg", width: 900pt)"""


def en_png(svg: str, ppp: float = PPP) -> bytes:
    """The drawing, 900 points wide. Its texts use the fonts that the engine carries."""
    import typst  # 40 MB: only for who asks for an image

    polices = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compilateur = typst.Compiler(font_paths=polices)
    image: Any = compilateur.compile(_PAGE.encode(), format="png", ppi=ppp, sys_inputs={"dessin": svg})
    return bytes(image[0] if isinstance(image, list) else image)
