"""Does a title say what will be done? It begins with a verb and names an object.

There is no grammar here, only a list: a title whose first word is on no list is not refused, it is left for a
person to look at.
"""

from __future__ import annotations

import re

__all__ = ["begins_with_a_verb"]

_VERBS = frozenset(
    """
    abolish accelerate achieve act add adopt agree align answer arrange assess assure audit avoid
    balance begin bring build care change check choose close collect combine commission complete
    connect consult coordinate create cut decide decrease define deliver design develop divert
    double earn embed empower enable end engage ensure establish evaluate expand extend find finish
    fix free fund gather give grow halve have hear help hold identify improve include increase
    inform integrate introduce invest involve join keep know launch lead learn let limit link listen
    lower maintain make measure meet mend merge move notify offer open organise pay pilot place plan
    prepare prevent produce promote protect prove provide publish raise reach recognise record
    recover recruit redesign reduce refer release remove repeat replace reply report respond restore
    retain return review run safeguard save screen see send set settle share shorten show simplify
    slow speed spend spot standardise start stop strengthen support sustain switch tackle take teach
    tell test track train treat triple turn understand unite use visit work write
    """.split()  # noqa: SIM905 - a list of so many words reads better so
)
_NO_OBJECT = frozenset(
    "the a an of in on to for with and or by from at as is are be together better more".split()  # noqa: SIM905
)


def begins_with_a_verb(title: str) -> bool | None:
    """Tell whether a title begins with a verb and has an object; None where no list knows its first word.

    Examples
    --------
    >>> begins_with_a_verb("Halve the referrals that come back"), begins_with_a_verb("Share")
    (True, False)
    >>> begins_with_a_verb("Better outcomes for families") is None
    True
    """
    words = re.findall(r"[a-z'’-]+", title.casefold())
    if not words:
        return False
    objects = [w for w in words[1:] if w not in _NO_OBJECT]
    if words[0] in _VERBS:
        return bool(objects)
    return None if objects else False
