r"""Words in cells: ids, titles, notes, choices and yes or no.

Ids are brought to Unicode's compatibility form (NFKC) and must then be plain letters, digits and ``. _ / ( )
-``; any other character is named (U+0410 CYRILLIC CAPITAL LETTER A), because two ids that look alike would be
two things. Blanks at their ends fall away.

Titles and notes are kept as typed in composed form (NFC). Marks that change how a text looks without being
seen (direction overrides, zero-width characters, soft hyphens, byte order marks) and unusual blanks are taken
out or made plain, with a warning; a word that mixes scripts earns one. Tabs, line ends, emoji, apostrophes,
``=1+1`` and ``_x000D_`` stay as they are. Control characters are an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from partnership.errors import nearest, shown
from partnership.intake._verdict import Refusal, Verdict, quoted

__all__ = ["MOST_CHARACTERS", "choice_from", "flag_from", "id_from", "ids_from", "is_ordinary", "text_from"]

_ERROR_CELL = "C1-error-cell"
_DATE_FOR_ID = "C13-date-for-id"
_DATE_FOR_TEXT = "C13-date-for-text"
_NOT_YES_OR_NO = "C14-not-yes-or-no"
_ID_CHARACTER = "E1-id-character"
_CONTROL_CHARACTER = "E6-control-character"
_TOO_LONG = "E6-too-long"
_NOT_A_CHOICE = "F2-not-a-choice"

MOST_CHARACTERS = {"id": 60, "ids": 60, "title": 300, "text": 300, "notes": 5_000}
"""The longest text by kind of column; of several ids, of each."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/()-]*")
_ORDINARY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_JOINERS = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINES = re.compile("[\u2028\u2029]")
_WORD = re.compile(r"[^\W\d_]+")
_FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


def is_ordinary(text: str) -> bool:
    """Tell whether a text is printable ASCII without blanks at its ends: nothing about it can surprise.

    Examples
    --------
    >>> is_ordinary("G1"), is_ordinary(" G1"), is_ordinary("café")
    (True, False, False)
    """
    return bool(_ORDINARY.fullmatch(text))


def id_from(kind: str, text: str) -> Verdict:
    """Return an id: ASCII after NFKC, at most 60 characters.

    Raises
    ------
    Refusal
        If a character is not allowed; it is named.

    Examples
    --------
    >>> id_from("text", " W01 ").value, id_from("text", "ﬁ1").value
    ('W01', 'fi1')
    """
    if kind == "date":
        found = "The cell holds a date: Excel turns ids such as MAR1 or 1-2 into dates."
        raise Refusal(_DATE_FOR_ID, found, "Format the column as Text, then type the id again.")
    notes: list[tuple[str, str, str]] = []
    if kind in ("number", "percent", "flag"):
        text = _as_shown(kind, text)
        found = f"The id {quoted(text)} is a number in the file; leading zeros would be lost."
        notes.append(("C13-number-for-id", found, "Format the column as Text."))
    else:
        _refuse_errors(kind, text)
    cleaned = unicodedata.normalize("NFKC", text).strip(" ")
    if cleaned != text.strip(" "):
        notes.append(
            (
                "E1-id-made-plain",
                f"{quoted(text)} is read as {quoted(cleaned)}.",
                "Type it in plain letters and digits.",
            )
        )
    if not cleaned:
        return Verdict(None)
    if len(cleaned) > MOST_CHARACTERS["id"]:
        raise _too_long(cleaned, "id")
    if not _ID.fullmatch(cleaned):
        odd = next((c for c in cleaned if not re.fullmatch(r"[A-Za-z0-9 ._/()-]", c)), cleaned[0])
        found = f"The id {quoted(cleaned)} holds {_named(odd)}."
        raise Refusal(
            _ID_CHARACTER,
            found,
            "Use letters, digits and . _ / ( ) - only, and start with a letter or digit.",
        )
    return Verdict(cleaned, tuple(notes))


def ids_from(kind: str, text: str) -> Verdict:
    """Return several ids as one text, joined by ``; ``; they may be parted by commas and line ends too.

    Examples
    --------
    >>> ids_from("text", "W01,W02").value
    'W01; W02'
    """
    if kind != "text":
        return id_from(kind, text)
    verdicts = [id_from(kind, part) for part in re.split(r"[;,\r\n]", text) if part.strip()]
    return Verdict(
        "; ".join(v.value for v in verdicts if v.value) or None, tuple(n for v in verdicts for n in v.notes)
    )


def text_from(kind: str, text: str, column: str) -> Verdict:
    r"""Return a title, a note or another text as typed, in composed form.

    Raises
    ------
    Refusal
        If it is too long, or holds a control character.

    Examples
    --------
    >>> text_from("text", "=1+1", "title").value, text_from("text", "cafe\u0301", "title").value
    ('=1+1', 'café')
    >>> text_from("text", "re\u202ed", "title").notes[0][0]
    'E2-unseen-characters'
    """
    if kind == "date":
        found = "The cell holds a date, and the column holds text."
        raise Refusal(_DATE_FOR_TEXT, found, "Format the cell as Text, and type it again.")
    if kind in ("number", "percent", "flag"):
        text = _as_shown(kind, text)
    else:
        _refuse_errors(kind, text)
    if is_ordinary(text) and len(text) <= MOST_CHARACTERS[column]:
        return Verdict(text)
    if control := _CONTROL.search(text):
        hint = " It looks like a file read in the wrong encoding." if "\x80" <= control[0] <= "\x9f" else ""
        found = f"{quoted(text)} holds the control character U+{ord(control[0]):04X}.{hint}"
        raise Refusal(_CONTROL_CHARACTER, found, "Delete it.")
    cleaned, notes = _made_plain(unicodedata.normalize("NFC", text))
    if len(cleaned) > MOST_CHARACTERS[column]:
        raise _too_long(cleaned, column)
    if not cleaned.strip():
        return Verdict(None, tuple(notes))
    if word := _mixed_script(cleaned):
        found = f"The word {quoted(word)} mixes letters of different scripts, which look alike."
        notes.append(("E1-mixed-scripts", found, "Type the word again."))
    return Verdict(cleaned, tuple(notes))


def choice_from(kind: str, text: str, choices: Sequence[str]) -> Verdict:
    """Return the choice that a text names, whatever its capitals.

    Raises
    ------
    Refusal
        If it names none; the nearest are offered.

    Examples
    --------
    >>> choice_from("text", "Cash  Releasing", ["cash releasing", "quality"]).value
    'cash releasing'
    """
    _refuse_errors(kind, text)
    given = _as_shown(kind, text) if kind != "text" else text
    folded = {_folded(c): c for c in choices}
    if not given.strip():
        return Verdict(None)
    if _folded(given) in folded:
        return Verdict(folded[_folded(given)])
    close = nearest(given.strip(), choices)
    hint = (
        f"Did you mean {' or '.join(repr(c) for c in close)}?"
        if close
        else f"Choose one of: {', '.join(choices)}."
    )
    raise Refusal(_NOT_A_CHOICE, f"{quoted(given)} is not one of the choices.", hint)


def flag_from(kind: str, text: str) -> Verdict:
    """Return True or False: a cell of TRUE or FALSE, ``yes``, ``no``, ``y``, ``n``, ``true``, ``false``.

    Examples
    --------
    >>> flag_from("text", "Yes").value, flag_from("flag", "0").value
    (True, False)
    """
    if kind == "flag":
        return Verdict(text == "1")
    _refuse_errors(kind, text)
    word = text.strip().casefold()
    if kind == "text" and not word:
        return Verdict(None)
    if kind != "text" or word not in _FLAGS:
        raise Refusal(_NOT_YES_OR_NO, f"{quoted(text)} is neither yes nor no.", "Write yes or no.")
    return Verdict(_FLAGS[word])


def _made_plain(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the text without marks that are not seen, and the warnings about them."""
    notes = []
    seen = _TAGS.sub("", _JOINERS.sub("", _UNSEEN.sub("", text)))
    if seen != text:
        gone = sorted({f"U+{ord(c):04X}" for c in text if c not in seen} or {"a joiner"})
        notes.append(
            (
                "E2-unseen-characters",
                f"{quoted(text)} held characters that are not seen ({', '.join(gone[:3])}).",
                "They are taken out; check the text.",
            )
        )
    plain = _LINES.sub("\n", _BLANKS.sub(" ", seen))
    if plain != seen:
        notes.append(
            ("E2-unusual-blanks", f"{quoted(text)} held unusual blanks.", "They are read as plain blanks.")
        )
    if "\ufffd" in plain:
        notes.append(
            (
                "E2-damaged-character",
                f"{quoted(text)} holds the mark of a damaged character.",
                "Type the text again.",
            )
        )
    trimmed = plain.strip(" ")
    if trimmed != plain and trimmed:
        notes.append(
            ("E2-outer-blanks", f"{quoted(plain)} began or ended with blanks.", "They are left out.")
        )
    return trimmed, notes


def _mixed_script(text: str) -> str | None:
    """Return the first word whose letters come from more than one of Latin, Cyrillic and Greek."""
    if text.isascii():
        return None
    for match in _WORD.finditer(text):
        word = match[0]
        if not word.isascii():
            scripts = {unicodedata.name(c, "").split(" ")[0] for c in word} & {"LATIN", "CYRILLIC", "GREEK"}
            if len(scripts) > 1:
                return word
    return None


def _as_shown(kind: str, text: str) -> str:
    """Return what a number or flag cell reads as in a column of words."""
    if kind == "flag":
        return "TRUE" if text == "1" else "FALSE"
    try:
        number = Decimal(repr(float(text)))
    except ValueError:
        return text
    if kind == "percent":
        return f"{(number * 100).normalize():f}%"
    return f"{number.normalize():f}" if number.is_finite() else text


def _refuse_errors(kind: str, text: str) -> None:
    if kind == "error":
        raise Refusal(
            _ERROR_CELL,
            f"The cell holds the error {quoted(text)}.",
            "Correct the formula, or type the value.",
        )


def _too_long(text: str, column: str) -> Refusal:
    found = f"The text has {len(text):,} characters; at most {MOST_CHARACTERS[column]:,} characters."
    return Refusal(_TOO_LONG, found, "Shorten it.")


def _named(character: str) -> str:
    """Return a character as a reader can tell it: U+0410 CYRILLIC CAPITAL LETTER A."""
    name = unicodedata.name(character, "")
    return (
        f"U+{ord(character):04X} {name}".strip()
        if not (" " < character < "\x7f")
        else f"the character {shown(character)!r}"
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
