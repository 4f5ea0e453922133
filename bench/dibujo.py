"""The figures of `bench.ocr` as a picture for docs/: errors by class, and what confidence means."""

from __future__ import annotations

from typing import Any

BAR, GAP, LEFT, WIDE = 14, 30, 150, 300


def svg(figures: dict[str, Any], reliability: list[tuple[int, int, int, float]]) -> str:
    """An SVG with both panels, readable on light and dark ground."""
    own = {
        k.removeprefix("CER % "): v
        for k, v in figures.items()
        if k.startswith("CER % ") and k != "CER % all"
    }
    rival = {k: figures.get(f"rival CER % {k}") for k in own}
    most = max([*own.values(), *(v for v in rival.values() if v), 0.1])
    rows = [_text(10, 20, "Character error rate, % (dark: Ventanilla, light: OCRmyPDF)")]
    y = 36.0
    for group, value in own.items():
        rows.append(_text(10, y + 16, group))
        rows.append(_bar(LEFT, y, value / most * WIDE, "#1f5f8b", f"{value:.2f}"))
        other = rival[group]
        if other is not None:
            rows.append(_bar(LEFT, y + BAR, other / most * WIDE, "#9ab8cc", f"{other:.2f}"))
        y += GAP + 6
    y += 20
    rows.append(_text(10, y, "Fields: share right, by confidence (the line: what was promised)"))
    side, base = 220.0, y + 16 + 220
    rows.append(f'<path d="M{LEFT} {base} l{side} {-side}" stroke="#888" stroke-dasharray="4"/>')
    for _, total, right, mean in reliability:
        x, top = LEFT + side * mean / 100, base - side * right / total
        size = 2 + min(8.0, total**0.5 / 4)
        rows.append(f'<circle cx="{x:.1f}" cy="{top:.1f}" r="{size:.1f}" fill="#1f5f8b"/>')
    rows += [_text(LEFT - 30, base, "0"), _text(LEFT - 36, base - side + 8, "100")]
    height = base + 20
    body = "\n".join(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height:.0f}" '
        f'font-family="sans-serif" font-size="12" fill="#777">\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x}" y="{y}">{text}</text>'


def _bar(x: float, y: float, length: float, colour: str, text: str) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{max(length, 1):.1f}" height="{BAR - 2}" fill="{colour}"/>'
        + _text(x + max(length, 1) + 6, y + 10, text)
    )
