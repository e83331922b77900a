"""Local times of tills and servers, and UTC."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

VILNIUS = "Europe/Vilnius"
# a shop open past midnight is still in the day before until then
SHOP_DAY_START = timedelta(hours=4)


def to_utc(day, clock, zone=VILNIUS) -> datetime:
    """Return the naive UTC moment of a local day and time.

    A missing time is the day's first moment. An hour that comes twice is the first
    one; one that the clock skips moves on by as much as was skipped (interface §7a).
    """
    return from_server(datetime.combine(day, clock or time.min), zone)


def from_server(moment, zone=VILNIUS) -> datetime:
    """Return the naive UTC moment of a naive local one, by the rules of `to_utc`."""
    # fold=0 has exactly these rules, whatever fold the moment came with
    local = moment.replace(tzinfo=ZoneInfo(zone), fold=0)
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def shop_day(moment, zone=VILNIUS) -> date:
    """Return the shop's day of a naive UTC moment: it lasts until 04:00."""
    local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    return (local - SHOP_DAY_START).date()
