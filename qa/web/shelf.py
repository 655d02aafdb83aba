"""What happens on the shelf: an article is chosen, added, removed."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr

from qa.errors import QAError
from qa.types import Document
from qa.web.events import session, text_of
from qa.web.library import Refused
from qa.web.panes import Panes, Updates
from qa.web.parts import Parts
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.uploads import Reading, from_pasted, refusal
from qa.web.visits import Visit, Visits

__all__ = ["Shelf"]

SECONDS_BETWEEN_LOOKS = 0.2


class Shelf:
    """The event handlers around articles; none of them raises because of what a person did."""

    def __init__(self, service: Service, visits: Visits, parts: Parts) -> None:
        self._service = service
        self._visits = visits
        self._parts = parts
        self._panes = Panes(service, parts)

    def turn_to(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show an article."""
        visit = self._visits.of(session(request))
        return self._panes.article(visit, text_of(event, "document")) or self._panes.nothing

    def suggest(self, request: gr.Request) -> Iterator[Updates]:
        """Show the questions to start with for the article being read."""
        yield from self._suggest(self._visits.of(session(request)))
        yield self._panes.nothing

    def turn_away(self, request: gr.Request) -> Updates:
        """Say that an article was not taken because too many people wait already."""
        visit = self._visits.of(session(request))
        return self._panes.status([TEXTS[visit.language or "en"]["busy_adding"]], "failed")

    def _suggest(self, visit: Visit) -> Iterator[Updates]:
        """Yield the conversation with questions to start with, once they are made."""
        if self._service.state != "ready" or not visit.reading:
            return
        try:
            visit.library.suggest(visit.reading)
        except (QAError, KeyError):
            # The article has gone meanwhile; there is nothing to suggest.
            return
        yield self._panes.chat(visit)

    def look_in(self, where: str, request: gr.Request) -> Updates:
        """Ask one article from now on, or all of them."""
        visit = self._visits.of(session(request))
        visit.ask_all = where == "all"
        return self._panes.chat(visit)

    def remove(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Forget an own article."""
        visit = self._visits.of(session(request))
        document_id = text_of(event, "document")
        if not visit.library.is_own(document_id):
            return self._panes.nothing
        removed = visit.library.find(document_id)
        name = removed.title if removed is not None else document_id
        visit.library.remove(document_id)
        if len(visit.library.documents) == 1:
            visit.ask_all = True
        line = TEXTS[visit.language or "en"]["removed"].format(name=name)
        shown = self._panes.article(visit, "" if visit.reading == document_id else visit.reading)
        return shown | self._panes.chat(visit) | self._panes.status([line], "added")

    def add_files(self, paths: list[str] | None, request: gr.Request) -> Iterator[Updates]:
        """Take files in, one after the other; each copy that was uploaded is deleted."""
        visit = self._visits.of(session(request))
        files = [Path(path) for path in paths or ()]
        try:
            yield from self._take(visit, [(path.name, path) for path in files])
        finally:
            for path in files:
                path.unlink(missing_ok=True)
        yield self._panes.nothing

    def add_pasted(self, name: str, text: str, request: gr.Request) -> Iterator[Updates]:
        """Take a pasted text in; the form is emptied when that went well."""
        visit = self._visits.of(session(request))
        texts = TEXTS[visit.language or "en"]
        try:
            document = from_pasted(name, text, texts["pasted"])
        except (Refused, QAError) as error:
            line = refusal(error, name or texts["pasted"], texts)
            yield self._panes.status([line], "failed")
            yield self._panes.nothing
            return
        before = len(visit.library.documents)
        yield from self._take(visit, [(document.title, document)])
        if len(visit.library.documents) > before:
            yield {self._parts.paste_name: "", self._parts.paste_text: ""}
        yield self._panes.nothing

    def _take(self, visit: Visit, sources: list[tuple[str, Path | Document]]) -> Iterator[Updates]:
        texts = TEXTS[visit.language or "en"]
        told: list[str] = []
        added: list[Document] = []
        for name, source in sources:
            reading = Reading(visit.library, self._service, source)
            reading.start()
            shown = ""
            while reading.is_alive():
                line = _progress_line(reading, name, visit)
                if line != shown:
                    shown = line
                    yield self._panes.status([*told, line], "busy")
                reading.join(SECONDS_BETWEEN_LOOKS)
            for document in reading.added:
                count = len(visit.library.chatbot(document.id).paragraphs(document.id))
                told.append(texts["added"].format(name=document.title, count=count))
            added += reading.added
            told += [refusal(error, name, texts) for error in reading.errors]
        all_added = len(added) == len(told)
        updates = self._panes.status(told, "added" if all_added else "failed")
        if added:
            visit.ask_all = False
            updates |= self._panes.article(visit, added[-1].id)
            updates |= self._panes.chat(visit)
        yield updates
        if added:
            yield from self._suggest(visit)


def _progress_line(reading: Reading, name: str, visit: Visit) -> str:
    texts = TEXTS[visit.language or "en"]
    if reading.percent is None:
        return texts["queued"].format(name=name)
    if reading.percent == 0:
        return texts["reading"].format(name=name)
    key = "embedding_long" if reading.minutes_left else "embedding"
    return texts[key].format(name=name, percent=reading.percent, minutes=reading.minutes_left)
