"""Strangers take turns, and nobody can fill the memory with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eqia.web.limits import Turns
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def test_each_sender_has_so_many_turns_in_a_while():
    turns = Turns(2, MINUTE)
    assert [turns.wait("192.0.2.1", NOW) for _ in range(3)] == [0, 0, 60]
    assert turns.wait("192.0.2.2", NOW) == 0


def test_a_turn_comes_back_when_its_while_is_over():
    turns = Turns(2, MINUTE)
    turns.wait("192.0.2.1", NOW)
    turns.wait("192.0.2.1", NOW + MINUTE / 2)
    assert turns.wait("192.0.2.1", NOW + MINUTE * 0.9) == 6
    assert turns.wait("192.0.2.1", NOW + MINUTE) == 0
    assert turns.wait("192.0.2.1", NOW + MINUTE) == 30


def test_who_waits_takes_no_turn():
    turns = Turns(1, MINUTE)
    turns.wait("192.0.2.1", NOW)
    for _ in range(10):
        turns.wait("192.0.2.1", NOW + MINUTE / 2)
    assert turns.wait("192.0.2.1", NOW + MINUTE) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "no address", True),
    ],
)
def test_a_home_is_one_sender(one, other, same):
    turns = Turns(1, MINUTE)
    turns.wait(one, NOW)
    assert bool(turns.wait(other, NOW)) is same


def test_who_asked_longest_ago_is_forgotten_first():
    turns = Turns(1, MINUTE, remembered=3)
    for last in range(5):
        assert turns.wait(f"192.0.2.{last}", NOW) == 0
    assert turns.wait("192.0.2.4", NOW) > 0
    assert turns.wait("192.0.2.0", NOW) == 0
