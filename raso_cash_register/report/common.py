"""SQL that the reports share."""

from odoo.tools import SQL

from ..tools.days import VILNIUS

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]
# one record stands for each receipt, booked or not yet: disputed and cancelled
# contents, the other data provider's and what was sold before the start are left out
COUNTED = ("new", "matched", "held", "booked")
IS_COUNTED = SQL("s.is_identity AND s.state IN %s AND s.kind != 'tara_cash'", COUNTED)
# a sheet bears no time
LOCAL_TIME = SQL(
    "CASE WHEN s.has_time THEN s.sold_at AT TIME ZONE 'UTC' AT TIME ZONE %s END",
    VILNIUS,
)
HOUR = SQL("to_char(%s, 'HH24:00')", LOCAL_TIME)
HOUR_AND_MINUTE = SQL("to_char(%s, 'HH24:MI')", LOCAL_TIME)
WEEKDAY = SQL("EXTRACT(isodow FROM s.day)::int::text")
