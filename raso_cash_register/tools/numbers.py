"""Numbers, days and times as RASO writes them (interface §7a)."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..exceptions import PayloadError
from ..texts import _lt
from .days import VILNIUS

MAX_DIGITS = 15
MAX_LENGTH = 64
FIRST_YEAR = 1990

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(
    rf"({_DAY.pattern})[T ]({_TIME.pattern})(?:\.[0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?"
)


def parse_number(text, tag) -> Decimal:
    """Read a number; a missing or empty one is 0. Nothing is rounded.

    :raise PayloadError: it isn't one; the text names ``tag``
    """
    text = (text or "").strip()
    if not text:
        return Decimal()
    number = _read_number(text) if len(text) <= MAX_LENGTH else None
    if number is None:
        raise PayloadError(
            _lt(
                "%(tag)s is %(text)s, which can't be read as a number: it may have a "
                "minus, at most %(digits)s digits and one decimal point, nothing else. "
                "Have it corrected in RASO and exported again.",
                tag=tag,
                text=shown(text),
                digits=MAX_DIGITS,
            )
        )
    return number


# the same few texts (0.00, 1.000, prices) make up most of a document
@lru_cache(maxsize=8192)
def _read_number(text):
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > MAX_DIGITS:
        return None
    return Decimal(text) or Decimal()


def parse_day(text, tag) -> date:
    """Read a day written YYYY-MM-DD.

    :raise PayloadError: it is missing, written otherwise or not in the calendar
    """
    text = (text or "").strip()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
        if day.year < FIRST_YEAR:
            raise ValueError(text)
    except ValueError as err:
        raise PayloadError(
            _lt(
                "%(tag)s is %(text)s, which isn't a day written as 2026-11-22. "
                "Have it corrected in RASO and exported again.",
                tag=tag,
                text=shown(text),
            )
        ) from err
    return day


def parse_time(text, tag) -> time | None:
    """Read a time written HH:MM:SS; a missing or empty one is None.

    :raise PayloadError: it is written otherwise or not on the clock
    """
    text = (text or "").strip()
    if not text:
        return None
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        return time.fromisoformat(text)
    except ValueError as err:
        raise PayloadError(
            _lt(
                "%(tag)s is %(text)s, which isn't a time written as 08:30:00. "
                "Have it corrected in RASO and exported again.",
                tag=tag,
                text=shown(text),
            )
        ) from err


def parse_moment(text, tag, zone=VILNIUS) -> datetime:
    """Read an ISO date and time into local time without a zone; seconds are whole.

    :raise PayloadError: it is missing, written otherwise or doesn't exist
    """
    match = _MOMENT.fullmatch((text or "").strip())
    if not match:
        raise PayloadError(
            _lt(
                "%(tag)s is %(text)s, which isn't a date and time written as "
                "2026-11-22T22:15:00. Have it corrected in RASO and exported again.",
                tag=tag,
                text=shown(text),
            )
        )
    day, clock, offset = match.groups()
    moment = datetime.combine(parse_day(day, tag), parse_time(clock, tag))
    if offset:
        offset = offset.replace("Z", "+00:00")
        aware = datetime.fromisoformat(f"{moment.isoformat()}{offset}")
        moment = aware.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return moment


def parse_printed(text, tag) -> tuple[date, time | None]:
    """Read a date, with or without a time, as printed: an offset moves no day.

    Midnight is what programs write for a date alone: no time.

    :raise PayloadError: it is missing, written otherwise or doesn't exist
    """
    match = _MOMENT.fullmatch((text or "").strip())
    if not match:
        return parse_day(text, tag), None
    day, clock, _offset = match.groups()
    clock = parse_time(clock, tag)
    return parse_day(day, tag), None if clock == time.min else clock


def shown(text):
    """Quote a text of a document for a message, cut to a readable length."""
    text = (text or "").strip()
    if not text:
        return _lt("missing or empty")
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
