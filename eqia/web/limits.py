"""How often one sender may ask for something costly that needs no sign-in."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

_IPV6_HOME = 64


class Turns:
    """Gives each sender so many turns in a while; who asked longest ago is forgotten first.

    Kept in the memory of one process: a row written for every stranger would be a way to fill the
    database. With several workers, each has its own count.
    """

    def __init__(self, most: int, period: timedelta, *, remembered: int = 10_000) -> None:
        self._most = most
        self._period = period
        self._remembered = remembered
        self._taken: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str, now: datetime) -> int:
        """Take a turn and give 0; or give the seconds to wait, and take none."""
        sender = sender_of(address)
        with self._lock:
            taken = self._taken.setdefault(sender, deque())
            self._taken.move_to_end(sender)
            if len(self._taken) > self._remembered:
                self._taken.popitem(last=False)
            while taken and taken[0] <= now - self._period:
                taken.popleft()
            if len(taken) >= self._most:
                return max(1, round((taken[0] + self._period - now).total_seconds()))
            taken.append(now)
            return 0

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._taken.clear()


def sender_of(address: str) -> str:
    """Tell senders apart: a home has one address of the old kind, and 2^64 of the new."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(int(parsed) >> _IPV6_HOME)
    return str(parsed)
