"""The line of a life: its scale, its knots, its words that never lie on each other."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.web.scale import Scale
from treadle.web.thread_picture import MIN_GAP, WIDTH, Knot, Moment, draw, shorten, text_width

Box = tuple[float, float, float, float]

_WORDS = st.text("abcMW 电池模块0123", max_size=40)
MOMENTS = st.lists(
    st.builds(
        Moment,
        at=st.integers(1, 10**15),
        position=st.integers(1, 10**6),
        dye=st.sampled_from(["trace", "factory", "sales"]),
        headline=_WORDS.map(lambda w: "I" + w),
        detail=_WORDS,
    ),
    max_size=80,
)


def scale_of(moments: list[Moment]) -> Scale:
    return Scale.over([m.at for m in moments], 0, 10**15 + 1)


def boxes(knot: Knot) -> Iterator[Box]:
    """Yield the boxes of a knot's headline and detail, as wide as their words are."""
    assert knot.label
    x, y = knot.label.x, knot.label.y
    yield x, y - 10, x + text_width(knot.headline, 12.5, bold=True), y + 3
    if knot.detail:
        yield x, y + 4, x + text_width(knot.detail, 11.5), y + 16


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@settings(max_examples=150, deadline=None)
@given(MOMENTS)
def test_no_label_lies_on_another_or_off_the_picture(moments: list[Moment]) -> None:
    picture = draw(moments, scale_of(moments))
    told = [(k, box) for k in picture.knots if k.label for box in boxes(k)]
    for (a, one), (b, other) in combinations(told, 2):
        assert a is b or not overlap(one, other), (a.headline, b.headline)
    for knot, box in told:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= WIDTH or len(picture.knots) == 1, knot
        assert box[3] <= picture.height


@settings(max_examples=100, deadline=None)
@given(MOMENTS)
def test_no_stem_crosses_words(moments: list[Moment]) -> None:
    picture = draw(moments, scale_of(moments))
    for knot in picture.knots:
        if knot.label is None:
            continue
        top, bottom = sorted((knot.y, knot.label.stem))
        stem = (knot.x - 0.5, top, knot.x + 0.5, bottom)
        for other in picture.knots:
            if other is not knot and other.label:
                assert not any(overlap(stem, box) for box in boxes(other))


@settings(max_examples=100, deadline=None)
@given(MOMENTS)
def test_every_fact_is_in_exactly_one_knot_and_no_two_knots_touch(moments: list[Moment]) -> None:
    picture = draw(moments, scale_of(moments))
    shown = sorted(m.at for k in picture.knots for m in k.moments)
    assert shown == sorted(m.at for m in moments)
    xs = [k.x for k in picture.knots]
    assert all(b - a >= MIN_GAP - 0.2 for a, b in pairwise(xs))
    assert all(k.label for k in picture.knots) or len(picture.knots) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 10**15), max_size=60), st.integers(0, 10**15))
def test_the_scale_goes_there_and_back(moments: list[int], moment: int) -> None:
    scale = Scale.over(moments, 0, 10**15 + 1)
    assert list(scale.places) == sorted(scale.places)
    place = scale.place(moment)
    assert 0 <= place <= 1
    back = scale.moment(place)
    assert abs(back - moment) <= 10**15 / 10**9


def test_a_long_pause_is_drawn_shorter_but_never_as_short_as_a_short_one() -> None:
    hour, year = 3_600_000_000, 31_557_600_000_000
    scale = Scale.over([hour, hour + year], 0, 2 * hour + year)
    first, pause, last = (
        scale.place(b) - scale.place(a)
        for a, b in ((0, hour), (hour, hour + year), (hour + year, 2 * hour + year))
    )
    assert first < pause < 3 * first
    assert abs(first - last) < 1e-9


def test_many_equal_facts_say_how_often() -> None:
    moments = [Moment(at=1000, position=n, dye="factory", headline="Installed") for n in range(9)]
    picture = draw(moments, Scale.over([m.at for m in moments], 0, 10**15))
    assert any(k.detail == "9 times" for k in picture.knots)


def test_the_colour_between_two_domains_changes_half_way() -> None:
    moments = [
        Moment(at=10**14, position=1, dye="factory", headline="Made"),
        Moment(at=9 * 10**14, position=2, dye="sales", headline="Sold"),
    ]
    dyes = draw(moments, scale_of(moments)).dyes
    assert [d.dye for d in dyes] == ["factory", "factory", "sales", "sales"]
    assert [d.offset for d in dyes] == sorted(d.offset for d in dyes)


def test_long_words_lose_their_middle() -> None:
    assert shorten("urn:epc:id:sgtin:9521000.000020.B000041", 21) == "urn:epc:id…20.B000041"
    assert len(shorten("x" * 100, 21)) == 21
