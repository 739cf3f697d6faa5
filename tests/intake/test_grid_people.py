"""Personal data in other people's tables: numbers of persons refuse the file, addresses of offices only warn."""

import pytest

from partnership.intake._grid_people import scan_grids
from partnership.intake._grids import Row, Sheet

STORY = "The programme went on well. " * 60


def grid(*texts):
    return [Sheet("Notes", tuple(Row(n, ("Project", text)) for n, text in enumerate(texts, 2)))]


@pytest.mark.parametrize("text", ["943 476 5919", "UPN B801200005001", "AB 12 34 56 C", "DOB 01/02/2015"])
def test_number_of_a_person_refuses_at_its_cell_without_its_value(text):
    (finding,) = scan_grids(grid("Fine", f"About {text}"))
    assert (finding.severity, finding.place) == ("quarantine", "Notes!B3")
    assert text not in str(finding)


@pytest.mark.parametrize("text", ["press@example.gov.uk", "020 7946 0018", "SW1A 1AA"])
def test_address_of_an_office_warns_once_a_kind(text):
    (finding,) = scan_grids(grid(f"Ask {text}", f"Or {text}", f"Else {text}"))
    assert (finding.severity, finding.place) == ("warning", "Notes!B2")
    assert finding.found.endswith("The same holds for 2 more cells.")
    assert text not in str(finding)


def test_long_accounts_amounts_and_years_are_no_finding():
    assert scan_grids(grid(STORY, "9434765919", "£943,476,591", "2014-15", 9434765919, None)) == []
