"""How the stand-in is told to misbehave."""

import threading
from dataclasses import dataclass

from .errors import SqlError
from .procedures import LIST, UPDATE

REFUSE = "refuse"
HANG = "hang"
DROP = "drop"
LATE = "late"
FAIL = "fail"
REPEAT = "repeat"


@dataclass
class _Fault:
    kind: str
    procedure: str | None
    times: int | None
    detail: object = None

    def fits(self, kind, procedure):
        wanted = self.procedure
        return self.kind == kind and wanted in (None, procedure)


class Faults:
    """Faults to come, each for the next ``times`` events (None: until cleared).

    ``procedure`` is a full name, as "ie.usp_SyncDataExport_v"; None is any.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []

    def clear(self):
        """Behave again."""
        with self._lock:
            self._faults.clear()

    def refuse(self, times=None):
        """Hang up on new connections at once."""
        self._add(_Fault(REFUSE, None, times))

    def hang(self, times=None):
        """Take new connections and never answer their login."""
        self._add(_Fault(HANG, None, times))

    def drop(self, after=0, procedure=None, times=1):
        """Run the procedure, then drop the line ``after`` bytes of the answer."""
        self._add(_Fault(DROP, procedure, times, after))

    def late(self, seconds, procedure=None, times=1):
        """Run the procedure, then keep its answer back for ``seconds``."""
        self._add(_Fault(LATE, procedure, times, seconds))

    def fail(self, procedure=UPDATE.name, number=1205, text=None, times=1):
        """Don't run the procedure, answer with an SQL error."""
        text = text or "Transaction was deadlocked on lock resources. Rerun it."
        self._add(_Fault(FAIL, procedure, times, SqlError(number, text, 13)))

    def repeat(self, procedure=LIST.name, times=1):
        """Show the first row of the answer twice."""
        self._add(_Fault(REPEAT, procedure, times))

    def take(self, kind, procedure=None):
        """Return the fault that is due for this event, or None."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(kind, procedure):
                    self._use(fault)
                    return fault
        return None

    def _use(self, fault):
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)

    def _add(self, fault):
        with self._lock:
            self._faults.append(fault)
