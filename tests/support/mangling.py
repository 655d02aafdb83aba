"""Bytes that were a good file once."""

from hypothesis import strategies as st

__all__ = ["mangled"]


@st.composite
def mangled(draw: st.DrawFn, data: bytes) -> bytes:
    """Return data with some bytes changed, cut, repeated or put in."""
    held = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(held)))
        length = draw(st.integers(0, 40))
        match draw(st.integers(0, 4)):
            case 0:
                del held[place : place + length]
            case 1:
                held[place:place] = draw(st.binary(max_size=40))
            case 2:
                held[place:place] = held[place : place + length] * draw(st.integers(1, 20))
            case 3:
                held[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
            case _:
                held = held[:place] if draw(st.booleans()) else held[place:]
    return bytes(held)
