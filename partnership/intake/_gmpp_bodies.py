"""Names that a return writes in several ways, departments and projects, each brought to one lasting id."""

from __future__ import annotations

import hashlib
import re

from partnership.intake._return_values import words

__all__ = ["department", "item_id_of_name", "item_id_of_number"]

_NAMES = {
    "BEIS": "Department for Business, Energy and Industrial Strategy",
    "BIS": "Department for Business, Innovation and Skills",
    "CO": "Cabinet Office",
    "CPS": "Crown Prosecution Service",
    "DBT": "Department for Business and Trade",
    "DCLG": "Department for Communities and Local Government",
    "DCMS": "Department for Culture, Media and Sport",
    "DECC": "Department of Energy and Climate Change",
    "DEFRA": "Department for Environment, Food and Rural Affairs",
    "DESNZ": "Department for Energy Security and Net Zero",
    "DFE": "Department for Education",
    "DFID": "Department for International Development",
    "DFT": "Department for Transport",
    "DH": "Department of Health",
    "DHSC": "Department of Health and Social Care",
    "DIT": "Department for International Trade",
    "DLUHC": "Department for Levelling Up, Housing and Communities",
    "DSIT": "Department for Science, Innovation and Technology",
    "DWP": "Department for Work and Pensions",
    "FCDO": "Foreign, Commonwealth and Development Office",
    "FCO": "Foreign and Commonwealth Office",
    "HMLR": "HM Land Registry",
    "HMRC": "HM Revenue and Customs",
    "HMT": "HM Treasury",
    "HO": "Home Office",
    "MHCLG": "Ministry of Housing, Communities and Local Government",
    "MOD": "Ministry of Defence",
    "MOJ": "Ministry of Justice",
    "NCA": "National Crime Agency",
    "NSI": "National Savings and Investments",
    "ONS": "Office for National Statistics",
    "VOA": "Valuation Office Agency",
}
_SMALL = {"of", "the", "and", "for", "in", "on", "to", "a", "his", "her", "s"}
_ALIKE = {
    "culture media sport": "DCMS",
    "digital culture media sport": "DCMS",
    "his majesty treasury": "HMT",
    "her majesty treasury": "HMT",
    "ns&i": "NSI",
    "hm courts tribunals service": "HMCTS",
}


def _key(name: str) -> str:
    parts = re.findall(r"[a-z&]+", name.casefold().replace("'", " "))
    return " ".join(p for p in parts if p not in _SMALL and p not in ("department", "ministry", "&"))


_BY_NAME = {_key(name): code for code, name in _NAMES.items()} | _ALIKE


def department(text: object) -> tuple[str, str] | None:
    """Return a department's code and name from its acronym or name, None when there is neither.

    Examples
    --------
    >>> department("MoD"), department("Department for Transport (DfT)")[0], department("NS&I")[0]
    (('MOD', 'Ministry of Defence'), 'DFT', 'NSI')
    >>> department("Office for Budget Responsibility")[0], department("")
    ('OBR', None)
    """
    given = words(text)
    bare = re.sub(r"\(.*?\)", " ", given).strip() or given.strip("()")
    if not bare:
        return None
    code = re.sub(r"[^A-Z0-9]", "", bare.upper())
    if code in _NAMES:
        return code, _NAMES[code]
    if known := _BY_NAME.get(_key(bare)):
        return known, _NAMES.get(known, bare)
    if 2 <= len(code) <= 5 and " " not in bare.strip():
        return code, bare
    letters = "".join(w[0] for w in re.findall(r"[A-Za-z]+", bare) if w.casefold() not in _SMALL).upper()
    short = letters[:5] if len(letters) >= 2 else (code + "XX")[:4]
    return short, bare[:300]


_PUBLISHED = re.compile(r"^[A-Z][A-Z&]*[ _-]?\d{2,}", re.IGNORECASE)
_LONGEST = 48


def item_id_of_number(text: object) -> str | None:
    """Return a project's id from its published number; None for a running number, which is another next year.

    Examples
    --------
    >>> [item_id_of_number(n) for n in (" co_0024 _ 2021–Q2 ", "17", "DfT_0027_1617-Q1")]
    ['CO_0024_2021-Q2', None, 'DFT_0027_1617-Q1']
    """
    given = re.sub(r"[\u2012-\u2015\u2212]", "-", words(text)).upper()
    given = re.sub(r"\s*([_-])\s*", r"\1", given)
    if not _PUBLISHED.match(given):
        return None
    kept = re.sub(r"[^A-Z0-9._/() -]", "", given).strip(" ._/()-")
    return kept if len(kept) <= _LONGEST else None


def item_id_of_name(name: str) -> str:
    """Return the id of a project without a published number: its name, so that it is the same next year.

    Examples
    --------
    >>> item_id_of_name("The  'Astute' Boats 1-7"), item_id_of_name("Astute boats 1–7 ")
    ('P-ASTUTE-BOATS-1-7', 'P-ASTUTE-BOATS-1-7')
    """
    parts = re.findall(
        r"[A-Z0-9]+", words(name).upper().replace("&", " AND ").replace("'", "").replace("\u2019", "")
    )
    kept = "-".join(parts[1:] if parts[:1] == ["THE"] and len(parts) > 1 else parts)
    if len(kept) > _LONGEST - 2 or not kept:
        mark = hashlib.sha256(words(name).casefold().encode()).hexdigest()[:6].upper()
        kept = f"{kept[: _LONGEST - 9].strip('-')}-{mark}".strip("-")
    return f"P-{kept}"
