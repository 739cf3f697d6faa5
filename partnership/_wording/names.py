"""How names and nouns stand inside a sentence."""

from __future__ import annotations

__all__ = ["capital", "does", "is_plural", "own_name", "possessive", "singular", "the"]


def capital(sentence: str) -> str:
    """Return a sentence with a capital at its start.

    Examples
    --------
    >>> capital("two gaps are closing")
    'Two gaps are closing'
    """
    return sentence[:1].upper() + sentence[1:]


_COMMON_NOUNS = frozenset(
    (
        "council",
        "police",
        "fire",
        "health",
        "trust",
        "board",
        "charity",
        "school",
        "schools",
        "college",
        "colleges",
    )
    + (
        "service",
        "services",
        "care",
        "probation",
        "ambulance",
        "housing",
        "hospital",
        "university",
        "commissioner",
    )
)


def own_name(name: str) -> bool:
    """Tell whether an agency's name is a proper name, which keeps its capital inside a sentence.

    A name whose first word is a common noun ("Council", "Mental health trust") is not.

    Examples
    --------
    >>> [own_name(n) for n in ("Mental health trust", "Wendleshire Council", "Council", "NHS trust")]
    [False, True, False, True]
    """
    words = name.split()
    if not words or not words[0][:1].isupper() or not words[0][1:].islower():
        return True
    if any(w[:1].isupper() for w in words[1:]):
        return True
    return not any(w.casefold().strip(",") in _COMMON_NOUNS for w in words)


def the(name: str, *, start: bool = False) -> str:
    """Write an agency's name inside a sentence: with an article and small letters unless a proper name.

    Examples
    --------
    >>> the("Council"), the("Mental health trust", start=True), the("Wendleshire Council")
    ('the council', 'The mental health trust', 'Wendleshire Council')
    >>> the("Police"), the("Schools and colleges")
    ('the police', 'schools and colleges')
    """
    if own_name(name):
        return name
    small = name[:1].lower() + name[1:]
    first = small.split()[0].strip(",")
    bare = first == "probation" or first.endswith("s") and first != "services"
    text = small if bare else f"the {small}"
    return capital(text) if start else text


def is_plural(name: str) -> bool:
    """Tell whether a name takes a verb in the plural.

    Examples
    --------
    >>> [is_plural(n) for n in ("Schools and colleges", "the police", "Probation", "the council", "NHS")]
    [True, True, False, False, False]
    >>> is_plural("Union of parishes"), is_plural("Directors of services")
    (False, True)
    """
    last = name.split(" of ", 1)[0].rsplit(maxsplit=1)[-1] if name.split() else ""
    is_many = last.endswith("s") and not last.endswith("ss") and not last.isupper()
    return is_many or last.casefold() == "police"


def does(name: str, verb: str) -> str:
    """Write a regular verb as a name's: "Probation means", "the police mean".

    Examples
    --------
    >>> does("Probation", "mean"), does("the police", "expect")
    ('Probation means', 'the police expect')
    """
    return f"{name} {verb}" if is_plural(name) else f"{name} {verb}s"


def singular(unit: str) -> str:
    """Write the first word of a unit in the singular, with its article.

    Examples
    --------
    >>> [singular(u) for u in ("cases", "families", "people", "hours a week", "%", "£", "contacts")]
    ['a case', 'a family', 'a person', 'an hour', '%', '£', 'a contact']
    """
    word = unit.split(maxsplit=1)[0] if unit.split() else unit
    if word.casefold() == "people":
        return "a person"
    if not word.endswith("s") or word.endswith("ss"):
        return word
    one = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    vowel = one[:1].casefold() in "aeio" or one.casefold().startswith("hour")
    return f"{'an' if vowel else 'a'} {one}"


def possessive(name: str) -> str:
    """Write a name as an owner.

    Examples
    --------
    >>> possessive("the council"), possessive("schools")
    ('the council’s', 'schools’')
    """
    return f"{name}’" if name.endswith("s") else f"{name}’s"
