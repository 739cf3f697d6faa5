"""Fitting one return to those already stored: one id a project, one code an agency, the newest word."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from partnership.intake._gmpp_bodies import item_id_of_name
from partnership.plan import Batch
from partnership.tables import record_type

if TYPE_CHECKING:
    import polars as pl

__all__ = ["merged"]

_BY_NAME = "P-"


def merged(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> Batch:
    """Return the batch with ids, codes and older rows settled against what is stored."""
    frames = _renamed(dict(batch.frames), _same_projects(batch.frames, stored))
    frames = _without_older(frames, stored)
    if "agencies" in frames:
        frames["agencies"] = _free_codes(frames["agencies"], stored.get("agencies"))
    return replace(batch, frames={t: f for t, f in frames.items() if f.height})


def _same_projects(frames: Mapping[str, pl.DataFrame], stored: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return new id to stored id, where one of the two is only a name and the names are the same."""
    if "work_items" not in frames or not _has_rows(stored.get("work_items")):
        return {}
    ours = dict(frames["work_items"].select("id", "title").iter_rows())
    theirs = dict(stored["work_items"].select("id", "title").iter_rows())
    names = Counter(item_id_of_name(t) for t in theirs.values())
    by_name = {key: i for i, t in theirs.items() if names[key := item_id_of_name(t)] == 1}
    mine = Counter(item_id_of_name(t) for t in ours.values())
    found = {}
    for key, title in ours.items():
        name = item_id_of_name(title)
        other = by_name.get(name)
        if (
            other
            and key not in theirs
            and mine[name] == 1
            and other not in ours
            and _BY_NAME in (key[:2], other[:2])
        ):
            found[key] = other
    return found


def _renamed(frames: dict[str, pl.DataFrame], ids: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    import polars as pl

    if not ids:
        return frames
    every = dict(ids)
    for part in ("owner", "benefits"):
        every |= {f"{old}.{part}": f"{new}.{part}" for old, new in ids.items()}
    changed = {
        "work_items": ("id",),
        "role_holders": ("id",),
        "benefits": ("id", "item_ids", "owner_role_id"),
        "readings": ("item_id",),
    }
    for table, columns in changed.items():
        if table in frames:
            renamed = frames[table].with_columns(pl.col(c).replace(every) for c in columns)
            key = [pl.col(k).cast(pl.String).fill_null("") for k in record_type(table).key]
            frames[table] = renamed.with_columns(pl.concat_str(key, separator="|").alias("row_key"))
    return frames


def _without_older(
    frames: dict[str, pl.DataFrame], stored: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Leave out rows of projects that are stored from a later position; readings all stay."""
    import polars as pl

    readings, known = frames.get("readings"), stored.get("readings")
    if readings is None or not _has_rows(known):
        return frames
    later = _newest(known) if known is not None else {}
    coming = _newest(readings)
    older = {i for i, day in coming.items() if i in later and later[i] > day}
    suffixes = {"work_items": "", "role_holders": ".owner", "benefits": ".benefits"}
    for table, suffix in suffixes.items():
        held = stored.get(table)
        if table in frames and _has_rows(held) and held is not None:
            gone = {f"{i}{suffix}" for i in older} & set(held["id"].to_list())
            frames[table] = frames[table].filter(~pl.col("id").is_in(list(gone)))
    held = stored.get("agencies")
    if "agencies" in frames and held is not None and _has_rows(held):
        frames["agencies"] = frames["agencies"].filter(~pl.col("id").is_in(held["id"].to_list()))
    return frames


def _newest(readings: pl.DataFrame) -> dict[str, dt.date]:
    import polars as pl

    ours = readings.filter(pl.col("measure_id").str.starts_with("GMPP-")).drop_nulls(["item_id", "read_on"])
    return dict(ours.group_by("item_id").agg(pl.col("read_on").max()).iter_rows())


def _free_codes(agencies: pl.DataFrame, stored: pl.DataFrame | None) -> pl.DataFrame:
    import polars as pl

    if stored is None or not _has_rows(stored):
        return agencies
    taken = {code: key for key, code in stored.select("id", "code").iter_rows()}
    codes = []
    for key, code in agencies.select("id", "code").iter_rows():
        free, turn = code, 1
        while taken.get(free, key) != key:
            turn += 1
            free = f"{code[: 5 - len(str(turn))]}{turn}"
        taken[free] = key
        codes.append(free)
    return agencies.with_columns(pl.Series("code", codes, dtype=pl.String))


def _has_rows(rows: pl.DataFrame | None) -> bool:
    return rows is not None and rows.height > 0
