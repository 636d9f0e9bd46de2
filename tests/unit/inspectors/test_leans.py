"""Inspectors who are harder on a group than colleagues: what is taken out, told and left unsaid."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.inspectors.leans import FEWEST_COLLEAGUES, LeanCell, leans

ONE_LEANS = {1: -4, 2: 0, 3: 0}


class World:
    """Inspections at six stations by eight inspectors, two stations with each; scores around 80.

    Stations, groups at a station, people, people in a group, and inspectors all differ; none leans.
    """

    def __init__(self, seed, *, n=2400, groups=2, often=None):
        rng = np.random.default_rng(seed)
        self.inspector = rng.integers(0, 8, n)
        self.station = (self.inspector // 2 + rng.integers(0, 3, n)) % 6
        self.person = 10 * self.station + rng.integers(0, 10, n)
        share = 0.5 if often is None else np.array(often)[self.inspector]
        late = (rng.random(n) < share).astype(int)
        self.group = late if groups == 2 else np.where(late, rng.integers(1, groups, n), 0)
        self.score = 80 + rng.normal(0, 8, n)
        self.score += rng.normal(0, 4, 8)[self.inspector] + rng.normal(0, 4, 6)[self.station]
        self.score += rng.normal(0, 4, (6, groups))[self.station, self.group]
        self.score += rng.normal(0, 3, 60)[self.person]
        self.score += rng.normal(0, 1.5, (60, groups))[self.person, self.group]

    def cells(self):
        columns = (self.inspector, self.group, self.station, self.person, self.score)
        return [
            LeanCell(who, f"g{group}", (place,), person, n=1, total=score)
            for who, group, place, person, score in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def lean(self, inspector, points, group=1):
        self.score += points * ((self.inspector == inspector) & (self.group == group))


def told(world, by="shift"):
    return [(lean.inspector, lean.group) for lean in leans({by: world.cells()}) if lean.is_told]


def calm(late, strict=()):
    """Ten people, each seen by every inspector twice early and once late, at one place.

    Early scores are 80, late ones 70 and what is said of the inspector, who may be strict in both;
    by chance they differ by -2 to 2 from person to person.
    """
    for person, (inspector, lean) in product(range(10), late.items()):
        level = 80 + dict(strict).get(inspector, 0)
        score = level - 10 + lean + (person + inspector) % 5 - 2
        yield LeanCell(inspector, "early", (7,), person, n=2, total=2 * level)
        yield LeanCell(inspector, "late", (7,), person, n=1, total=score)


def test_a_lean_is_what_is_left_of_the_own_difference_beside_colleagues():
    """Late 66 against early 80 with the first, 70 with two colleagues: -14 less -10 is -4.

    By person, twice each: the own chance less the mean of the two colleagues' is -1.5, -1.5, 1, 3.5
    and -1.5, of which a tenth counts: the squares are 2 x 20 / 100 = .4, the variance 10 / 9 of it,
    the error .6667. Three are looked at, so that t with 9 degrees at 1 - .05 / 3 is 2.9333 and half
    the interval 1.9556.
    """
    [lean] = leans({"shift": list(calm(ONE_LEANS))})
    assert (lean.inspector, lean.by, lean.group) == (1, "shift", "late")
    assert (lean.own, lean.own_others, lean.colleagues, lean.theirs) == (10, 20, 2, 60)
    assert tuple(lean.points) == pytest.approx((-4, -4 - 1.9556, -4 + 1.9556), abs=1e-3)
    assert lean.is_told


def test_how_strict_somebody_is_drops_out():
    [plain], [strict] = (
        leans({"shift": list(calm(ONE_LEANS, strict))}) for strict in ({}, {1: -9, 2: 6})
    )
    assert tuple(strict.points) == pytest.approx(tuple(plain.points), abs=1e-6)


def test_who_leans_does_not_make_colleagues_lean():
    """Beside four who do not, each of whom would seem 1 point easier on late ones."""
    found = leans({"shift": list(calm({1: -4, 2: 0, 3: 0, 4: 0, 5: 0}))})
    assert [lean.inspector for lean in found if lean.is_told] == [1]
    assert all(abs(lean.points.value) < 1e-6 for lean in found if not lean.is_told)


def test_of_two_it_cannot_be_said_who_leans():
    assert FEWEST_COLLEAGUES == 2
    assert leans({"shift": list(calm({1: -4, 2: 0}))}) == ()


def test_what_only_one_inspector_sees_is_compared_with_nobody():
    rows = [cell._replace(site=(cell.inspector,)) for cell in calm(ONE_LEANS)]
    assert leans({"shift": rows}) == ()


def test_few_inspections_or_people_are_too_few():
    rows = list(calm(ONE_LEANS))
    assert leans({"shift": [cell for cell in rows if cell.person != 9]}) == ()  # 27 of 30
    assert leans({"shift": [cell._replace(person=cell.person % 5) for cell in rows]}) == ()


def test_people_who_are_not_known_stand_each_for_themselves():
    [lean] = leans({"shift": [cell._replace(person=None) for cell in calm(ONE_LEANS)]})
    assert lean.points.value == pytest.approx(-4)


def test_nothing_is_looked_at_where_there_is_nothing():
    assert leans({"shift": [], "language": []}) == ()


def test_a_group_that_all_are_harder_on_is_nobodys_lean():
    world = World(1)
    world.score -= 12.0 * (world.group == 1)
    assert told(world) == []


@pytest.mark.sampled(4)
def test_where_nobody_leans_few_looks_tell_of_anybody():
    """One look in twenty may; 120 worlds of two facets, strict ones seeing more of a group."""
    found = 0
    for seed in range(120):
        world = World(500 + seed, often=(0.8, 0.3, 0.5, 0.7, 0.4, 0.5, 0.2, 0.6))
        third = World(900 + seed, groups=3)
        cells = {"shift": world.cells(), "language": third.cells()}
        found += any(lean.is_told for lean in leans(cells))
    assert found <= 12


@pytest.mark.sampled(4)
def test_a_lean_of_six_points_is_found_and_hardly_anybody_else():
    """Of some 300 inspections each, half of them of the group, at two or three stations."""
    right = wrong = 0
    for seed in range(40):
        world = World(2000 + seed)
        world.lean(3, -6.0)
        rows = told(world)
        right += (3, "g1") in rows
        wrong += len(rows) - ((3, "g1") in rows)
    assert right >= 34
    assert wrong <= 4
