"""What page 1 of a long letter says, in its draft, while the other pages are being read.

The draft stays `leyendo`: whoever waits for OCR may look, type and number; what a person typed is
kept apart (`Draft.escritos`) and no later reading touches it. A cut leaves a draft that is read
again. The reading of page 1 lies in `lecturas/` under `Draft.primera` until the whole is there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ingest import suggestions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.drafts import Draft, Drafts
    from ingest.lectura import Lectura
    from ingest.readings import Readings
    from records.office import Office


class FirstPages:
    """The first pages of one home's drafts."""

    def __init__(self, drafts: Drafts, readings: Readings, office: Office) -> None:
        self._drafts, self._readings, self._office = drafts, readings, office

    def shown_in(self, draft: Draft) -> Callable[[Lectura], None] | None:
        """What a reader tells of page 1; None where nobody waits for it any more."""
        return None if draft.radicado else partial(self._show, draft)

    def _show(self, asked: Draft, page: Lectura) -> None:
        settings = self._office.settings
        lane = settings.lane_or_first(asked.carril)
        fields = suggestions.of_first(page, settings, lane, asked.recibido)
        areas = self._office.sugerir_area(suggestions.grounded(fields), page.texto)
        fields = suggestions.with_area(fields, areas, self._office.authority.areas)
        kept = self._readings.keep_text(page)
        before: list[Draft] = []

        def show(now: Draft) -> Draft:
            before.append(now)
            return msgspec.structs.replace(
                now,
                paginas=len(page.paginas),
                confianza=page.confianza,
                campos=fields,
                notas=page.notas,
                primera=kept,
            )

        if self._drafts.change_if_there(asked.id, show) is None:
            self._readings.drop_text(kept)
        elif before[0].primera != kept:
            self.forget(before[0])

    def end(self, ident: str, change: Callable[[Draft], Draft]) -> Draft | None:
        """Change a draft that was read or cannot be; None when it is gone."""
        before: list[Draft] = []

        def ended(now: Draft) -> Draft:
            before.append(now)
            return msgspec.structs.replace(change(now), primera=None)

        draft = self._drafts.change_if_there(ident, ended)
        self.forget(before[0] if before else None)
        return draft

    def forget(self, draft: Draft | None) -> None:
        """The page 1 that *draft* had is not needed any more."""
        if draft is None or draft.primera is None:
            return
        others = (d.primera for d in self._drafts.all() if d.id != draft.id)
        if draft.primera not in others:
            self._readings.drop_text(draft.primera)
