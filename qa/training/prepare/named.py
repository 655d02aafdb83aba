"""Arguments of the form NAME=VALUE, where NAME is that of a collection."""

from collections.abc import Collection, Sequence

from qa.errors import QAError

__all__ = ["named", "numbers"]


def named(values: Sequence[str], option: str, known: Collection[str]) -> dict[str, str]:
    """Return NAME=VALUE arguments by name.

    With "" among the ``known`` names, a value may stand alone, for all other collections.

    Raises:
        QAError: if an argument has another form or an unknown name; it names the ``option``.

    """
    pairs = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals and "" in known:
            name, text = "", value
        if not text or name not in known:
            names = ", ".join(sorted(filter(None, known))) or "no file"
            raise QAError(f"{option} {value}: expected NAME=VALUE with a NAME of: {names}")
        pairs[name] = text
    return pairs


def numbers(values: Sequence[str], option: str, known: Collection[str]) -> dict[str, float]:
    """Return NAME=VALUE arguments with numbers.

    Raises:
        QAError: as for :func:`named`, and if a value is no number.

    """
    try:
        return {name: float(text) for name, text in named(values, option, known).items()}
    except ValueError as error:
        raise QAError(f"{option}: expected a number ({error})") from error
