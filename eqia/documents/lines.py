"""Lines of a paragraph as they are drawn: spaces at their ends, words that run from the right."""

from dataclasses import dataclass
from typing import Any

from reportlab.platypus import paragraph

#: ReportLab's own marks of a long word that was cut, and of its last piece
_CUT: type = vars(paragraph)["_SplitWord"]
_CUT_END: type = vars(paragraph)["_SplitWordEnd"]

#: A paragraph of one style has plain words; one of several has fragments (ReportLab's `kind`).
_PLAIN = 0


@dataclass(slots=True)
class Place:
    """How far a paragraph is drawn; both halves of one that is parted share it."""

    source: str = ""
    #: the part that is drawn, and the letter after the last one drawn
    part: int = 0
    letter: int = 0

    def pass_over(self, text: str) -> None:
        """Go on by what is drawn: ReportLab changes the spaces, never the letters."""
        for letter in text:
            if not letter.isspace():
                self.letter = max(self.source.find(letter, self.letter) + 1, self.letter)

    @property
    def inside_a_word(self) -> bool:
        """Whether the next letter belongs to the same word as the last."""
        after = self.source[self.letter : self.letter + 1]
        return bool(after) and not after.isspace()


def finish_lines(lines: Any, place: Place, turned: str = "") -> None:  # noqa: ANN401
    """End each line with the space that ReportLab drops at a soft break; turn what must be.

    Without the space a reader hears "fallsprevention" (documents.md section 5). A long word
    that was cut gets none. `turned` is the font whose words run from right to left.
    """
    if vars(lines).get("finished"):
        return
    lines.finished = True
    if lines.kind == _PLAIN:
        # What is underlined as a whole is a link: one word, and no line under a space.
        if not vars(lines).get("us_lines"):
            lines.lines = [_ended(line) for line in lines.lines]
        if turned:
            lines.lines = [(room, _reversed(words)) for room, words in lines.lines]
        return
    _end_fragments(place, lines.lines)
    if turned:
        _turn(lines.lines, turned)


def _ended(line: Any) -> Any:  # noqa: ANN401 - (room, words)
    room, words = line
    if not words:
        return line
    last = words[-1]
    if isinstance(last, _CUT) and not isinstance(last, _CUT_END):
        return line
    return room, [*words[:-1], f"{last} "]


def _end_fragments(place: Place, lines: list[Any]) -> None:
    for line in lines:
        words = [frag for frag in line.words if not hasattr(frag, "cbDefn")]
        for frag in words:
            place.pass_over(frag.text)
        if words and not place.inside_a_word and not words[-1].text.endswith(" "):
            # A fragment of its own: the line under a link ends with the link.
            line.words.append(words[-1].clone(text=" ", link=[], us_lines=[]))


def _turn(lines: list[Any], font: str) -> None:
    """Put the words that run from the right in the order they are seen in, line by line."""
    for line in lines:
        for frag in line.words:
            if getattr(frag, "fontName", "") == font and not hasattr(frag, "cbDefn"):
                frag.text = _turned(frag.text)


def _turned(text: str) -> str:
    before = text[: len(text) - len(text.lstrip(" "))]
    after = text[len(text.rstrip(" ")) :] if before != text else ""
    return before + " ".join(_reversed(text.strip(" ").split(" "))) + after


def _reversed(words: list[str]) -> list[str]:
    """Turn the order of words; the space that ends a line stays at its end."""
    if not words:
        return words
    *others, last = words
    return [last.rstrip(" "), *reversed(others)] + ([""] if last.endswith(" ") else [])
