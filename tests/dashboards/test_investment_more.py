"""What the investment page works out when asked: the doubt's shares, forecast against actual; in words where there is none."""

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboards.data import Data
from dashboards.pages import _investment_more as page
from dashboards.pages import investment_and_return
from dashboards.pages._investment_choices import asked
from partnership._workflows.running_on import compare_plan
from partnership.store import Actor, open_store
from partnership.wording import pounds
from tests.plans import small_plan

PATH, TODAY = "/investment-and-return", dt.date(2026, 11, 23)


def words(part):
    """All text of a part of a page."""
    if isinstance(part, list | tuple):
        return " ".join(words(p) for p in part)
    return part if isinstance(part, str) else words(getattr(part, "children", None) or "")


def shown(data, search):
    state = data.state(PATH, search)
    wanted, notes = page.asked_more(state, data.today())
    choices = asked(state.extra)[0]
    made = words([page.doubted(data, state, choices, wanted), page.more(data, state, choices, wanted)])
    assert "could not be made" not in made
    return made, notes


@pytest.fixture(scope="module")
def county(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("more") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        yield store


@pytest.fixture(scope="module")
def data(county):
    return Data(county, lambda: TODAY)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("more") / "small.duckdb", mode="create") as store:
        made = {t: f for t, f in small_plan.small_frames().items() if f.height}
        store.accept(made, actor=Actor("Test"), reason="Another shape")
        yield Data(store, lambda: small_plan.TODAY)


def test_nothing_slow_is_worked_out_unless_the_address_asks_for_it(data):
    state = data.state(PATH, "")
    wanted, notes = page.asked_more(state, TODAY)
    assert (wanted, notes) == (page.More(), [])
    assert page.more(data, state, asked(state.extra)[0], wanted) is None
    assert page.doubted(data, state, asked(state.extra)[0], wanted) is None
    assert page.until_then(wanted, "doubt") is page.until_then(wanted, "compared") is None
    offers = page.offered(state, wanted, data.appraised(state, asked({})[0]).appraisal, TODAY)
    links = [p for p in offers._traverse() if getattr(p, "href", None)]
    assert [p.href for p in links] == [f"{PATH}?sobol=256", f"{PATH}?compare=2025%2F26"]
    opened = data.state(PATH, "?sobol=1024&compare=2025/26&forecast=2026-04-01")
    wanted, _ = page.asked_more(opened, TODAY)
    assert wanted == page.More(1024, 2025, dt.date(2026, 4, 1))
    assert "1,024 base samples" in words(page.until_then(wanted, "doubt"))
    closing = page.offered(opened, wanted, data.appraised(state, asked({})[0]).appraisal, TODAY)
    hrefs = [p.href for p in closing._traverse() if getattr(p, "href", None)]
    assert [("sobol" in h, "compare" in h, "forecast" in h) for h in hrefs] == [(False, True, True), (True, False, False)]  # fmt: skip


def test_shares_of_the_doubt_are_the_librarys_with_their_intervals_and_are_kept(data):
    made, notes = shown(data, "?sobol=256&draws=500&agency=COU")
    assert notes == []
    found = data.doubt(data.state(PATH, "?agency=COU"), replace(asked({})[0], draws=500), 256)
    assert found is data.doubt(data.state(PATH, "?agency=COU"), asked({})[0], 256)
    assert found.samples == 256
    assert len(found.shares) > 20
    for share in found.shares:
        assert " and ".join(share.names) in made
        low, high = share.first - share.first_error, share.first + share.first_error
        said = f"{share.first * 100:.1f}% ({low * 100:.1f}% to {high * 100:.1f}%)".replace("-", "−")
        assert said in made
    assert found.method in made
    widest = max(max(s.first_error, s.total_error) for s in found.shares)
    assert (
        f"The widest interval is ± {widest * 100:.1f}%. 1,024 base samples would make them about half as wide."
        in made
    )
    assert "the doubt about the net of the council" in made


def test_difference_from_the_forecast_is_split_to_the_penny_and_not_read_is_no_nothing(data, county):
    made, _ = shown(data, "?compare=2025/26")
    found = compare_plan(county, 2025)
    read = [c for c in found.lines if c.actual_gbp is not None]
    assert len(read) > 5
    for c in read:
        assert pounds(c.actual_variance.total_gbp, pence=True, plus=True) in made
        assert c.actual_variance.not_read == ("volume", "price", "timing", "attribution")
    assert made.count("not read") >= 4 * len(read)
    assert "£0.00 £0.00" not in made
    total = sum((c.actual_variance.total_gbp for c in read), Decimal(0))
    assert pounds(total, pence=True, plus=True) in made
    assert "partial" in made
    assert "no re-forecast" in made


def test_what_cannot_be_followed_or_compared_is_said(data, small):
    wanted, notes = page.asked_more(data.state(PATH, "?sobol=7&compare=soon"), TODAY)
    assert wanted == page.More(256)
    assert "'7' base samples" in notes[0]
    assert "'soon'" in notes[1]
    made, notes = shown(data, "?compare=2050/51&forecast=2027-01-01")
    assert "2050/51 cannot be compared as asked" in made
    assert "is not there yet" in notes[0]
    made, _ = shown(data, "?compare=2025/26&forecast=2020-01-01")
    assert "What is expected now less what was forecast" in made
    made, _ = shown(small, "?sobol=256&compare=2025/26")
    assert "Withheld: how much of the doubt" in made
    whole = words(investment_and_return.layout(small, small.state(PATH, "?sobol=256")))
    assert "256 base samples" in whole


def test_page_tells_how_far_the_shares_are_and_stops_its_own_with_what_was_found(data, monkeypatch):
    from dashboards.doubt_work import DoubtWork
    from partnership._roi import doubt_shares

    state = data.state(PATH, "?sobol=4096")
    wanted, ask = page.More(4096), "a" * 32
    work = DoubtWork(data.store, lambda: TODAY)
    monkeypatch.setattr(data, "doubting", work)
    said, tell = [], work._tell

    def told(who):
        def note(done, all_of):
            tell(who)(done, all_of)
            said.append(page.reached(data, who, wanted))
            if done >= 1000:
                assert "goes on to its end" in page.stopped(data, "b" * 32)
                assert page.stopped(data, who) == " Stopped. What was found so far is shown as that."

        return note

    monkeypatch.setattr(work, "_tell", told)
    made = words(page.doubted(data, state, asked(state.extra)[0], wanted, ask))
    assert "base samples: 1.6%" in said[0]
    assert len(said) == 16
    assert (
        "512 base samples of 4,096 asked for, stopped there" in made
        or "1,024 base samples of 4,096 asked" in made
    )
    assert page.reached(data, ask, wanted).endswith("begun, or waiting for a page that asked the same. ")
    mine = data.doubt(state, asked({})[0], 4096, ask)
    assert mine.is_stopped
    assert not [k for k in work._kept if ask not in k]  # nobody else is shown it
    early = DoubtWork(data.store, lambda: TODAY)
    monkeypatch.setattr(data, "doubting", early)
    monkeypatch.setattr(early, "_tell", lambda who: lambda *_: early.stop(who))
    monkeypatch.setattr(doubt_shares, "_FEWEST", 4096)
    few = words(page.doubted(data, state, asked(state.extra)[0], wanted, ask))
    assert "too few to say anything. Load the page again" in few
