from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.reading.date_style import DateStyle, found_style, told_style
from producers.reading.dates import moments_of
from producers.reading.moments import NO_OFFSET
from stream.errors import SettingsError, SourceError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = [
    ("2010-12-01 08:26:00", None),
    ("2010-12-01T08:26", None),
    ("2010-12-01T08:26:00.000", None),
    ("2010/12/1 8:26", None),
    (" 2010-12-01 08:26 ", None),
    ("2010-12-01 08:26 AM", None),
    ("1/12/2010 8:26", True),
    ("01.12.2010, 08:26", True),
    ("1-12-10 08:26", True),
    ("12/1/2010 8:26", False),
    ("12/1/10 8:26 am", False),
    ("20101201 08:26", None),
    ("20101201082600", None),
    ("1291191960", None),
    ("1291191960000", None),
    ("1291191960000000", None),
    ("40513.3513888889", None),
]


@pytest.mark.parametrize(("text", "day_first"), WRITTEN)
def test_one_time_in_every_way_to_write_it(text: str, day_first: bool | None) -> None:
    found = moments_of(pa.array([text, None]), DateStyle(day_first=day_first))
    wall = EPOCH + timedelta(milliseconds=int(found.wall_ms[0]))
    assert wall.replace(tzinfo=None) == datetime(2010, 12, 1, 8, 26)  # noqa: DTZ001 - a wall clock
    assert found.wrong.tolist() == [False, False]
    assert found.missing.tolist() == [False, True]
    assert bool(found.is_timed[0])


@pytest.mark.parametrize(
    "text", ["2010-12-01", "1/12/2010", "20101201", "40513", "01.12.10", "2010/12/01"]
)
def test_a_date_alone_has_no_time_of_day(text: str) -> None:
    found = moments_of(pa.array([text]), DateStyle(day_first=True))
    assert found.wall_ms.tolist() == [1_291_161_600_000]
    assert found.is_timed.tolist() == [False]


@pytest.mark.parametrize(
    "text",
    [
        "2011-02-29",
        "2010-13-01",
        "31/4/2011",
        "2010-12-01 24:00",
        "2010-12-01 08:60",
        "2010-12-01 13:00 pm",
        "2010-12-01T08:26+25:00",
        "yesterday",
        "711",
        "0",
        "20101301",
        "99999999999999999999999999",
        "1e30",
        "-",
        "2010-12-01 08:26 or so",
    ],
)
def test_what_the_calendar_and_the_clock_don_t_have_is_wrong(text: str) -> None:
    found = moments_of(pa.array([text, "2010-12-01"]), DateStyle(day_first=True))
    assert found.wrong.tolist() == [True, False]


@settings(deadline=None)
@given(
    st.lists(
        st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001 - wall clocks
        min_size=1,
    ),
    st.sampled_from(
        [
            ("%Y-%m-%d %H:%M:%S", DateStyle()),
            ("%d/%m/%Y %H:%M:%S", DateStyle(day_first=True)),
            ("%m-%d-%Y %I:%M:%S %p", DateStyle(day_first=False)),
            ("%d %b %Y %H:%M:%S", DateStyle(format="%d %b %Y %H:%M:%S")),
            ("%Y%m%d%H%M%S", DateStyle()),
        ]
    ),
)
def test_what_python_writes_is_read_as_python_meant_it(
    times: list[datetime], way: tuple[str, DateStyle]
) -> None:
    written, style = way
    found = moments_of(pa.array([time.strftime(written) for time in times]), style)
    meant = [time.replace(microsecond=0, tzinfo=UTC) for time in times]
    assert found.wall_ms.tolist() == [(time - EPOCH) // timedelta(milliseconds=1) for time in meant]
    assert not found.wrong.any()


@settings(deadline=None)
@given(st.lists(st.text(max_size=25), min_size=1), st.sampled_from([None, True, False]))
def test_nothing_that_can_be_written_raises(texts: list[str], day_first: bool | None) -> None:
    safe = [text.encode("utf-8", "replace").decode() for text in texts]
    found = moments_of(pa.array(safe), DateStyle(day_first=day_first))
    assert len(found.wall_ms) == len(texts)


@given(st.integers(-1080, 1080))
def test_an_offset_is_kept(minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    time = datetime(2010, 12, 1, 8, 26, tzinfo=zone)
    found = moments_of(pa.array([time.isoformat()]), DateStyle())
    assert found.offset_minutes.tolist() == [minutes]


@pytest.mark.parametrize(
    ("column", "is_timed"),
    [
        (pa.array([date(2010, 12, 1)]), False),
        (pa.array([datetime(2010, 12, 1)], pa.timestamp("ns")), True),  # noqa: DTZ001 - naive
        (pa.array([20101201]), False),
        (pa.array([1291161600]), True),
        (pa.array([1291161600.0]), True),
        (pa.array([40513.0]), False),
        (pa.array(["2010-12-01"]).dictionary_encode(), False),
    ],
)
def test_typed_columns_are_taken_at_their_word(column: pa.Array, is_timed: bool) -> None:
    found = moments_of(column, DateStyle())
    assert found.wall_ms.tolist() == [1_291_161_600_000]
    assert found.is_timed.tolist() == [is_timed]
    assert found.offset_minutes.tolist() == [NO_OFFSET]


def test_a_column_with_a_zone_shows_its_wall_clock() -> None:
    utc = np.array(["2011-07-01T07:26"], dtype="datetime64[ms]").astype(np.int64)
    found = moments_of(pa.array(utc).cast(pa.timestamp("ms", "Europe/London")), DateStyle())
    assert found.offset_minutes.tolist() == [60]
    assert found.wall_ms.tolist() == [int(utc[0]) + 3_600_000]


def test_the_order_of_day_and_month_is_read_off_the_whole_source() -> None:
    early = [pa.array(["12/1/2010 8:26", "12/2/2010 9:00"]), pa.array(["1/2/2011"])]
    assert found_style("s", [*early, pa.array(["1/13/2011"])]) == DateStyle(day_first=False)
    assert found_style("s", [*early, pa.array(["13/1/2011"])]) == DateStyle(day_first=True)
    blank = pa.array([None], pa.string())
    assert found_style("s", [blank, pa.array(["1/13/2011"])]) == DateStyle(day_first=False)
    assert found_style("s", [pa.array(["1.2.2011"])]) == DateStyle(day_first=True)
    assert found_style("s", [pa.array(["2011-01-02"]), pa.array(["1/2/2011"])]) == DateStyle()
    with pytest.raises(SourceError, match=r"'12/1/2010 8:26'.*--date-format dmy"):
        found_style("s", early)


def test_dates_that_no_calendar_has_settle_nothing_and_ask_nothing() -> None:
    iso = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    assert found_style("s", [pa.array([*iso, "31/31/2025"])]) == DateStyle()
    assert found_style("s", [pa.array(["31/31/2025", "0/5/2025"]), pa.array(iso)]) == DateStyle()
    late = [pa.array(["31/31/2025", "3/4/2025"]), pa.array(["3/14/2025 25:00", "14/3/2025"])]
    assert found_style("s", late) == DateStyle(day_first=True)
    with pytest.raises(SourceError, match=r"'3/4/2025' may be day or month first"):
        found_style("s", [pa.array(["2025-01-01", "31/31/2025", "3/4/2025"])])


def test_a_few_open_dates_among_others_are_slips() -> None:
    iso = pa.array([f"2025-01-{day:02}" for day in range(1, 29)] * 4)
    assert found_style("s", [iso, pa.array(["3/4/2025"] * 50)]) == DateStyle()
    first = pa.concat_arrays([pa.array(["3/4/2025", "5/6/2025"]), iso])
    assert found_style("s", [first]) == DateStyle()
    with pytest.raises(SourceError, match=r"'3/4/2025'.*--date-format dmy"):
        found_style("s", [first, pa.array(["7/8/2025"] * 9)])
    assert found_style("s", [first, pa.array(["13/8/2025"])]) == DateStyle(day_first=True)


@pytest.mark.parametrize("told", ["%H:%M", "%Q", "yyyy-mm-dd", ""])
def test_a_format_that_says_no_date_is_refused(told: str) -> None:
    with pytest.raises(SettingsError, match="date-format"):
        told_style(told)
