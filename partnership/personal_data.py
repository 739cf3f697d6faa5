"""Signs of data about a person served, which this toolkit does not hold: exact patterns, nothing kept.

Looked for: NHS numbers, unique pupil numbers, National Insurance numbers, full postcodes, e-mail addresses,
telephone numbers, dates of birth, case references, and columns named for any of these. A hit tells the kind
and never the value.

**It cannot find names.** A text such as "Jo from Wendle" passes; people must read what they share.

Sources: NHS Data Dictionary, NHS NUMBER (modulus 11); Department for Education, Unique pupil numbers guide
(letters modulus 23); HMRC National Insurance Manual NIM39110 (prefixes); GOV.UK bulk data transfer, postcode
shapes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnership.errors import Finding, Severity

__all__ = [
    "LIMITS", "Hit", "finding_for", "is_nhs_number", "is_nino", "is_upn", "says_nhs_number", "scan_header",
    "scan_numbers", "scan_text", "scan_texts",
]  # fmt: skip

LIMITS = "The check looks for numbers, addresses and dates that point at a person. It cannot find names."
"""What every page and report that mentions this check must say."""

MOST_WORDS = 200
"""Longer texts are taken for a story about somebody."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sign of personal data: its kind, never its value.

    Parameters
    ----------
    kind : str
        "NHS number", "unique pupil number", "postcode" …
    code : str
        Code of the finding: ``H1-nhs-number``.
    severity : {"quarantine", "warning"}
        A warning is a reminder to look.
    """

    kind: str
    code: str
    severity: Severity = "quarantine"


_NHS = Hit("NHS number", "H1-nhs-number")
_NHS_NEAR = Hit("number beside the word NHS", "H2-nhs-number-by-context")
_UPN = Hit("unique pupil number", "H3-pupil-number")
_NINO = Hit("National Insurance number", "H3-national-insurance-number")
_POSTCODE = Hit("full postcode", "H3-postcode")
_EMAIL = Hit("e-mail address", "H3-email")
_PHONE = Hit("telephone number", "H3-telephone")
_BIRTH = Hit("date of birth", "H3-date-of-birth")
_CASE = Hit("case reference, or initials with age and school", "H5-case-reference", "warning")
_STORY = Hit(f"text of over {MOST_WORDS} words, as a person's story would be", "H6-long-text")

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    ]
)

# Anything that a hit of any kind must contain; everything else is left after one look.
_SUSPECT = re.compile(r"[0-9@]|[^\x00-\x7f]")

_TEN_DIGITS = re.compile(
    r"(?<![0-9£])(?<!£ )(?<![0-9][.,\-])"
    r"([0-9]{3})[ .\-‐-―]{0,2}([0-9]{3})[ .\-‐-―]{0,2}([0-9]{4})(?![0-9])(?![.,][0-9])"
)
_TEN_LOOSE = re.compile(r"(?<![0-9£])(?<![0-9][.,])[0-9](?:[ .\-]?[0-9]){9}(?![0-9])(?![.,][0-9])")
_NHS_WORD = re.compile(r"\bnhs\b|\bpatient", re.IGNORECASE)
_NHS_NUMBER_WORD = re.compile(
    r"\bnhs\s*(?:no|num|number|id|#)\b|\bpatient\s*(?:no|number|id)\b", re.IGNORECASE
)
_UPN_SHAPE = re.compile(
    rf"(?<![A-Z0-9])([{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}])(?![A-Z0-9])", re.IGNORECASE
)
_NINO_SHAPE = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?: ?-?[0-9]{2}){3} ?-?[A-D](?![A-Z0-9])",
    re.IGNORECASE,
)
_POSTCODE_SHAPE = re.compile(
    r"(?<![A-Z0-9])(?:GIR ?0AA"
    r"|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?)"
    r" ?([0-9][ABD-HJLNP-UW-Z]{2}))(?![A-Z0-9])",
    re.IGNORECASE,
)
_NOT_INWARD = re.compile(
    r"[0-9](?:st|nd|rd|th|bn|hr|pt|ft|yr)\Z"
)  # "goal G1 1st", "W1 3bn": written small, no postcode
_EMAIL_SHAPE = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE_SHAPE = re.compile(
    r"(?<![0-9A-Z.,£/\-])(?:(?:\+|00)44[ -]?(?:\(0\))?[ -]?|\(?0)"
    r"([127][0-9]{1,4}\)?(?:[ -]?[0-9]{2,8}){1,3})(?![0-9A-Z])(?![.,/][0-9])",
    re.IGNORECASE,
)
_DAY = (
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[ ./\-](?:[0-9]{1,2}|[A-Z]{3,9})[ ./\-,]{1,2}[0-9]{2,4}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2})"
)
_BIRTH_SHAPE = re.compile(
    rf"\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date|born)(?: (?:is|was|on|the))*[ :=\-]*{_DAY}",
    re.IGNORECASE,
)
_CASE_SHAPE = re.compile(
    r"\b(?:case|client|child|pupil|patient|service user) ?(?:ref(?:erence)?|no|num(?:ber)?|id|#)\b[. :#]{0,4}"
    r"[A-Z]{0,4}[-/]?[0-9]{3,}|\bcase #?[0-9]{5,}",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]\.){2,3}(?![A-Za-z0-9])|(?<![A-Za-z0-9.&])[A-Z]{2}(?![A-Za-z0-9])"
)
_AGE = re.compile(
    r"\baged? ?:?[0-9]{1,2}\b(?! ?(?:to|and|or|-|–|\+))|\b[0-9]{1,2} ?-?(?:year|yr)s?[- ]old\b"
    r"|\b[0-9]{1,2} ?y/?o\b|[ (][0-9]{1,2}(?=[,)])",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b[A-Z][a-z']+(?: [A-Z][a-z']+)* (?:School|Academy|College|Nursery|Primary|Infants|Juniors)\b"
)

_SERVED = (
    "child|children|pupil|patient|client|service user|young person|parent|mother|father|carer|victim"
    "|perpetrator|resident|family|customer"
)
_SYSTEMS = "case|client|patient|child|pupil|service user|liquidlogic|mosaic|ssid"
_NUMBER_WORD = "(no|num|number|id)"
_HEADERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (rf"^(nhs|patient) ?({_NUMBER_WORD}|#)?$|\bnhs {_NUMBER_WORD}\b", "NHS numbers"),
        (rf"^(upn|unique pupil (no|number|reference))\b|\bpupil {_NUMBER_WORD}\b", "pupil numbers"),
        (r"^(ni|nino|n i|national insurance)( ?(no|num|number))?$", "National Insurance numbers"),
        (r"\b(dob|d o b|date of birth|birth ?date|birthday|born on)\b", "dates of birth"),
        (r"\b(post ?code|(home|street) address|address line)\b|^address( [0-9])?$", "addresses"),
        (rf"\b({_SERVED})s? ?s? (first |last |full |fore|sur)?name\b", "names of people served"),
        (r"^(fore|sur|first ?|last ?|given ?|middle ?|family ?|full ?|maiden ?)names?$", "names of people"),
        (r"^e ?mail( address)?$", "e-mail addresses"),
        (
            r"^(tele)?phone( no| number)?$|^mobile$|^(mobile|contact)( phone)?( no| number)$",
            "telephone numbers",
        ),
        (rf"\b({_SYSTEMS})\b.* (ref|reference|{_NUMBER_WORD})$", "case references"),
        (r"^(ethnicity|religion|gender identity|sexual orientation|disability)$", "details of one person"),
    )
)


def scan_text(text: str, *, context: str = "") -> list[Hit]:
    """Return the signs of personal data in a text, each kind once; empty when there is none.

    An NHS number is ten digits, 3-3-4, whose last is right: weights 10 to 2 on the first nine, 11 minus the
    sum modulo 11, 11 standing for 0. Ten digits with a wrong last one count only where the context or the
    text itself says NHS.

    Parameters
    ----------
    text : str
        Any text: a cell, a note, a title.
    context : str
        The column's header, or what stands beside the text.

    Returns
    -------
    list[Hit]
        Kinds found; the value is not among them.

    Examples
    --------
    >>> [h.kind for h in scan_text("mother of 943 476 5919 lives at SW1A 1AA")]
    ['NHS number', 'full postcode']
    >>> scan_text("E10000030 spent £943,476,591 in 2024/25 Q1")
    []
    """
    if not _SUSPECT.search(text):
        return [_STORY] if len(text.split()) > MOST_WORDS else []
    cleaned = _cleaned(text)
    hits = []
    if any(is_nhs_number("".join(m.groups())) for m in _TEN_DIGITS.finditer(cleaned)):
        hits.append(_NHS)
    elif _TEN_LOOSE.search(cleaned) and (_NHS_WORD.search(cleaned) or _NHS_WORD.search(context)):
        hits.append(_NHS_NEAR)
    if any(is_upn(m[1]) for m in _UPN_SHAPE.finditer(cleaned)):
        hits.append(_UPN)
    if _NINO_SHAPE.search(cleaned):
        hits.append(_NINO)
    if any(not (m[1] and _NOT_INWARD.match(m[1])) for m in _POSTCODE_SHAPE.finditer(cleaned)):
        hits.append(_POSTCODE)
    if _EMAIL_SHAPE.search(cleaned):
        hits.append(_EMAIL)
    if any(_is_phone(m[1]) for m in _PHONE_SHAPE.finditer(cleaned)):
        hits.append(_PHONE)
    if _BIRTH_SHAPE.search(cleaned):
        hits.append(_BIRTH)
    if _CASE_SHAPE.search(cleaned) or (
        _AGE.search(cleaned) and _INITIALS.search(cleaned) and _SCHOOL.search(cleaned)
    ):
        hits.append(_CASE)
    if len(cleaned.split()) > MOST_WORDS:
        hits.append(_STORY)
    return hits


def scan_texts(texts: Iterable[str], *, context: str = "") -> dict[str, list[Hit]]:
    """Return the hits of many texts, only of those that have any; one quick look settles most.

    Examples
    --------
    >>> {t: [h.code for h in hits] for t, hits in scan_texts(["Agreed", "jane@example.org"]).items()}
    {'jane@example.org': ['H3-email']}
    """
    suspect = _SUSPECT.search
    found = {}
    for text in texts:
        if (suspect(text) or len(text) > 2 * MOST_WORDS) and (hits := scan_text(text, context=context)):
            found[text] = hits
    return found


def scan_numbers(values: Sequence[float | None], *, context: str = "", is_money: bool = False) -> list[int]:
    """Return the positions of numbers in a column that look like NHS numbers.

    One in eleven numbers of ten digits passes the check by chance, so a lone amount is no sign. A number
    counts when its last digit is right and nine in ten of the column's numbers of ten million or more are
    such numbers too; in a column of money at least two of them must be. Where the header says NHS number,
    every number of ten digits counts.

    Parameters
    ----------
    values : Sequence[float | None]
        The numbers of one column, None where there is none.
    context : str
        The column's header.
    is_money : bool
        True for a column of pounds.

    Examples
    --------
    >>> scan_numbers([120.0, 9434765919.0, 340.0]), scan_numbers([9434765919.0, 52000000.0, 70500000.0])
    ([1], [])
    """
    large = [(i, v) for i, v in enumerate(values) if v is not None and v >= 10_000_000]
    whole = [i for i, v in large if 10**9 <= v < 10**10 and v == int(v)]
    if not whole:
        return []
    if _NHS_NUMBER_WORD.search(context):
        return whole
    passing = [i for i in whole if is_nhs_number(str(int(values[i] or 0)))]
    enough = len(passing) >= (2 if is_money else 1)
    return passing if enough and len(passing) * 10 >= len(large) * 9 else []


def says_nhs_number(text: str) -> bool:
    """Tell whether a text announces an NHS number, so that ten digits beside it are one, right or mistyped.

    Examples
    --------
    >>> says_nhs_number("NHS no. given at triage"), says_nhs_number("NHS trust")
    (True, False)
    """
    return bool(_NHS_NUMBER_WORD.search(text))


def scan_header(text: str) -> list[Hit]:
    """Return the signs that a column would hold personal data, from its header alone.

    Examples
    --------
    >>> [h.kind for h in scan_header("NHS No.")], scan_header("Name"), scan_header("Child name")[0].code
    (['column of NHS numbers'], [], 'B3-personal-data-column')
    """
    words = " ".join(
        re.findall(r"[a-z0-9#]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _cleaned(text)).casefold())
    )
    return [
        Hit(f"column of {what}", "B3-personal-data-column")
        for pattern, what in _HEADERS
        if pattern.search(words)
    ][:1]


def finding_for(hit: Hit, place: str) -> Finding:
    """Return the finding of a hit: its kind and its place, never its value.

    Examples
    --------
    >>> finding_for(scan_text("AB 12 34 56 C")[0], "Goals!C4").found
    'This looks like a National Insurance number. This toolkit holds no data about a person served.'
    """
    if hit.severity == "warning":
        found = f"This looks like {_a(hit.kind)}. {LIMITS}"
        return Finding(
            code=hit.code,
            severity="warning",
            place=place,
            found=found,
            do="Read it, and take out whatever points at a person.",
        )
    found = f"This looks like {_a(hit.kind)}. This toolkit holds no data about a person served."
    if hit.code.startswith("B3"):
        found = f"This is a {hit.kind}. This toolkit holds no data about a person served."
        return Finding(
            code=hit.code,
            severity="quarantine",
            place=place,
            found=found,
            do="Delete the column from the file.",
        )
    do = "Take it out of the file; tell your information governance lead if it should not have been there."
    return Finding(code=hit.code, severity=hit.severity, place=place, found=found, do=do)


def _a(kind: str) -> str:
    return f"an {kind}" if kind.startswith(("NHS", "e-")) else f"a {kind}"


def is_nhs_number(digits: str) -> bool:
    """Tell whether ten digits have the right check digit of an NHS number.

    Examples
    --------
    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918"), is_nhs_number("0000000000")
    (True, False, False)
    """
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()) or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == int(digits[9])


def is_upn(text: str) -> bool:
    """Tell whether thirteen characters have the right check letter of a unique pupil number.

    Weights 2 to 13 on the twelve characters after the letter, modulo 23, into the alphabet without I, O and
    S. The last character of a temporary number is a letter.

    Examples
    --------
    >>> is_upn("B801200005001"), is_upn("A801200005001")
    (True, False)
    """
    text = text.upper()
    if not re.fullmatch(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]", text, re.ASCII):
        return False
    values = [int(c) if c.isdecimal() else _UPN_LETTERS.index(c) for c in text[1:]]
    return _UPN_LETTERS[sum(w * v for w, v in enumerate(values, start=2)) % 23] == text[0]


def is_nino(text: str) -> bool:
    """Tell whether a text has the shape of an issued National Insurance number; there is no check digit.

    Examples
    --------
    >>> is_nino("AB 12 34 56 C"), is_nino("QQ123456C"), is_nino("BG123456A")
    (True, False, False)
    """
    return bool(_NINO_SHAPE.fullmatch(text))


def _is_phone(digits: str) -> bool:
    """Tell whether what follows the leading 0 or +44 has a number's length; 03 and 08 are helplines."""
    return len(re.sub(r"[^0-9]", "", digits)) in (9, 10)


def _cleaned(text: str) -> str:
    """Return the text without what hides a number: other digits, other spaces, invisible characters."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else " " if c.isspace() else c
        for c in text
    )
