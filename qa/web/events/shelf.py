"""What happens on the shelf: an article is chosen, added, removed."""

import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import gradio as gr

from qa.errors import QAError
from qa.index.content import to_json
from qa.types import Document
from qa.web.events.values import session, text_of
from qa.web.html.panes import Panes, Updates
from qa.web.html.parts import Parts
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.visit.keeping import clean, read_document
from qa.web.visit.library import Refused
from qa.web.visit.uploads import Reading, Taking, from_pasted, outcome, refusal
from qa.web.visit.visits import Visit, Visits

__all__ = ["Shelf"]

SECONDS_BETWEEN_LOOKS = 0.2

_LONGEST_NAME = 80

Source = tuple[str, Path | Document]
"""A name, and the file or text that goes by it."""


class Shelf:
    """The event handlers around articles; none of them raises because of what a person did."""

    def __init__(self, service: Service, visits: Visits, parts: Parts) -> None:
        self._service = service
        self._visits = visits
        self._parts = parts
        self._panes = Panes(service, parts)

    def turn_to(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show an article, or say that it is not here any more."""
        visit = self._visits.of(session(request))
        document_id = text_of(event, "document")
        if visit.library.documents and visit.library.find(document_id) is None:
            line = TEXTS[visit.language or "en"]["article_gone"]
            visit.told = [("failed", line)]
            return self._panes.status(visit)
        return self._panes.article(visit, document_id) or self._panes.nothing

    def suggest(self, request: gr.Request) -> Iterator[Updates]:
        """Show the questions to start with for the article being read."""
        yield from self._suggest(self._visits.of(session(request)))
        yield self._panes.nothing

    def turn_away(self, request: gr.Request) -> Updates:
        """Say that an article was not taken because too many people wait already."""
        visit = self._visits.of(session(request))
        visit.told = [("failed", TEXTS[visit.language or "en"]["busy_adding"])]
        return self._panes.status(visit)

    def _suggest(self, visit: Visit) -> Iterator[Updates]:
        """Yield the conversation with questions to start with, once they are made."""
        if self._service.state != "ready" or not visit.reading:
            return
        try:
            visit.library.suggest(visit.reading, visit.language or "en")
        except (QAError, KeyError):
            # The article has gone meanwhile; there is nothing to suggest.
            return
        yield self._panes.chat(visit)

    def look_in(self, where: str, request: gr.Request) -> Updates:
        """Ask one article from now on, or all of them."""
        visit = self._visits.of(session(request))
        visit.asking = "this" if where == "this" else "own" if where == "own" else "all"
        return self._panes.chat(visit)

    def look_on(self, request: gr.Request) -> Iterator[Updates]:
        """Show how far it is what was being read in before the page was loaded again."""
        visit = self._visits.of(session(request))
        if visit.taking:
            shown: Updates = {}
            while visit.taking:
                updates = self._panes.status(visit)
                if updates != shown:
                    shown = updates
                    yield updates
                time.sleep(SECONDS_BETWEEN_LOOKS)
            yield self._panes.status(visit) | self._panes.article(visit, visit.reading)
        yield self._panes.nothing

    def remove(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Take an own article out; it can be brought back, unless it is still being read in."""
        visit = self._visits.of(session(request))
        document_id = text_of(event, "document")
        if not visit.library.is_own(document_id):
            return self._panes.nothing
        if visit.library.is_in_part(document_id):
            self._stop([one for one in visit.taking if one.opened == document_id])
            return self._panes.nothing
        removed = visit.library.find(document_id)
        name = removed.title if removed is not None else document_id
        visit.library.remove(document_id)
        if len(visit.library.documents) == 1:
            visit.asking = "all"
        elif visit.asking == "own" and visit.library.own_count == 1:
            visit.asking = "this"
        visit.told = [("removed", TEXTS[visit.language or "en"]["removed"].format(name=name))]
        shown = self._panes.article(visit, "" if visit.reading == document_id else visit.reading)
        return shown | self._panes.chat(visit) | self._panes.status(visit)

    def stop(self, event: gr.EventData, request: gr.Request) -> None:
        """Stop to read an article in.

        Whoever watches it tells that it stops and that it has: what is told from here could arrive
        after that.
        """
        visit = self._visits.of(session(request))
        key = text_of(event, "reading")
        self._stop([one for one in visit.taking if one.key == key])

    def _stop(self, readings: Sequence[Reading]) -> None:
        for reading in readings:
            reading.stop()

    def undo(self, request: gr.Request) -> Updates:
        """Bring back the article that was removed last."""
        visit = self._visits.of(session(request))
        document_id = visit.library.bring_back()
        shown = self._panes.article(visit, document_id or visit.reading)
        visit.told = []
        return shown | self._panes.chat(visit) | self._panes.status(visit)

    def rename(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show an own article under another name."""
        visit = self._visits.of(session(request))
        name = " ".join(clean(text_of(event, "name")).split())[:_LONGEST_NAME]
        visit.library.rename(text_of(event, "document"), name)
        for turn in visit.conversation.turns:
            turn.html.clear()
        return self._panes.article(visit, visit.reading) | self._panes.chat(visit)

    def record_own(self, request: gr.Request) -> Updates:
        """Return the own articles for a browser that is to keep them."""
        documents = self._visits.of(session(request)).library.own_documents
        return {self._parts.records: {"own": list(map(to_json, documents))}}

    def take_back(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Take an article in again that a browser kept, unless it is here."""
        visit = self._visits.of(session(request))
        document = read_document(text_of(event, "article"))
        if document is not None and not visit.library.is_own(document.id):
            yield from self._take(visit, [(document.title, document)], is_quiet=True)
        yield self._panes.nothing

    def add_files(
        self, paths: list[str] | None, instead_of: str, request: gr.Request
    ) -> Iterator[Updates]:
        """Take files in, one after the other; each copy that was uploaded is deleted then.

        ``instead_of`` is the id of an own article whose place the first one takes, "" for none.
        """
        visit = self._visits.of(session(request))
        sources = [(path.name, path) for path in map(Path, paths or ())]
        yield from self._take(visit, sources, instead_of=str(instead_of or ""))
        yield self._panes.nothing

    def add_pasted(
        self, name: str, text: str, instead_of: str, request: gr.Request
    ) -> Iterator[Updates]:
        """Take a pasted text in, as :meth:`add_files` does; empty the form if that went well."""
        visit = self._visits.of(session(request))
        texts = TEXTS[visit.language or "en"]
        try:
            document = from_pasted(name, text, texts["pasted"])
        except (Refused, QAError) as error:
            visit.told = [("failed", refusal(error, name or texts["pasted"], texts))]
            yield self._panes.status(visit)
            yield self._panes.nothing
            return
        before = visit.library.own_documents
        sources = [(document.title, document)]
        emptied: Updates = {self._parts.paste_name: "", self._parts.paste_text: ""}
        for updates in self._take(visit, sources, instead_of=str(instead_of or "")):
            # Once, and at once: what is typed afterwards is another article.
            if emptied and visit.library.own_documents != before:
                yield updates | emptied
                emptied = {}
            else:
                yield updates
        yield self._panes.nothing

    def _take(
        self,
        visit: Visit,
        sources: Sequence[Source],
        *,
        instead_of: str = "",
        is_quiet: bool = False,
    ) -> Iterator[Updates]:
        """Take articles in; questions go to the last one, or to several that came together.

        One that came alone is turned to as soon as it can be asked in part. With ``is_quiet`` the
        article being read stays, and where questions go.
        """
        before = visit.reading, visit.asking
        taking = self._begin(visit, sources, instead_of)
        is_open = yield from self._watch(
            visit, taking, turns=not is_quiet and len(taking.readings) == 1
        )
        added = [document for one in taking.readings for document in one.added]
        visit.conversation.heed()
        if visit.reading and visit.library.find(visit.reading) is None:
            # It was stopped after it was turned to.
            visit.reading, visit.asking = before
        if added and not is_quiet and (len(added) > 1 or not is_open):
            visit.asking = "own" if len(added) > 1 else "this"
            visit.reading = added[-1].id
        yield (
            self._panes.status(visit)
            | self._panes.article(visit, visit.reading)
            | self._panes.chat(visit)
        )
        if added:
            yield from self._suggest(visit)

    def _begin(self, visit: Visit, sources: Sequence[Source], instead_of: str) -> Taking:
        """Begin to take articles in."""
        readings = [Reading(visit.library, self._service, *source) for source in sources]
        if not visit.taking:
            visit.told = []
        visit.taking += readings

        def finished(reading: Reading) -> None:
            visit.told += outcome(reading, TEXTS[visit.language or "en"])
            visit.taking.remove(reading)

        taking = Taking(readings, finished, instead_of)
        taking.start()
        return taking

    def _watch(
        self, visit: Visit, taking: Taking, *, turns: bool
    ) -> Generator[Updates, None, bool]:
        """Yield how far articles are until they are taken in; return whether one was turned to.

        With ``turns`` that is one that can be asked in part.
        """
        shown: Updates = {}
        opened: list[str] = []
        while taking.is_alive():
            updates = self._panes.status(visit)
            now_open = [one.opened for one in taking.readings if one.opened]
            if now_open != opened:
                opened = now_open
                visit.conversation.heed()
                if turns:
                    visit.asking = "this"
                    visit.reading = opened[-1]
                shown = {}
                updates |= self._panes.article(visit, visit.reading) | self._panes.chat(visit)
            if updates != shown:
                shown = updates
                yield updates
            taking.join(SECONDS_BETWEEN_LOOKS)
        return turns and bool(opened)
