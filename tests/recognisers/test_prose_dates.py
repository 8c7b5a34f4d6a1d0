"""Dates in running prose, and numbers and words that are none."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Detection
from scanner.recognisers.prose import ProseRecogniser


def found(text: str) -> list[Detection]:
    return [d for d in ProseRecogniser().text([text])[0] if d.entity_type == "DATE_TIME"]


def dates(text: str) -> list[str]:
    return [text[d.start : d.end] for d in found(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # days and months
        ("He was born 3 March 1896 in Ely.", ["3 March 1896"]),
        ("It was commissioned in May 1903.", ["May 1903"]),
        ("On June 12, 2004, she married.", ["June 12, 2004"]),
        ("shut from 3-5 May for repairs", ["3-5 May"]),
        ("flights between 3 and 5 May", ["3 and 5 May"]),
        ("leave on 10 to 14 June 2013", ["10 to 14 June 2013"]),
        ("the 23rd of November, at last", ["23rd of November"]),
        ("on 1 april we met", ["1 april"]),
        ("since mid-October the town", ["mid-October"]),
        ("Inflation rose in November, then fell", ["November"]),
        ("In April the coalition; in May, 900", ["April", "May"]),
        ("the end of May", ["May"]),
        ("see you in Sept.", ["Sept"]),
        # weekdays and feasts
        ("The army said on Thursday that", ["Thursday"]),
        ("Thursday 6 June is the day", ["Thursday 6 June"]),
        ("on Wednesday, 9th September 2015.", ["Wednesday, 9th September 2015"]),
        ("a fire last Tuesday night", ["last Tuesday night"]),
        ("cant wait for friday", ["friday"]),
        ("On Friday Mr Okafor rang", ["Friday"]),
        ("we meet Mon 4 March", ["Mon 4 March"]),
        ("It is Friday the 13th.", ["Friday the 13th"]),
        ("the 2006 Birthday Honours", ["2006"]),
        ("founded in about 1169.", ["1169"]),
        ("They play on New Year's Day.", ["New Year's Day"]),
        ("home at Christmas with us", ["Christmas"]),
        # years
        ("Edmund Croome (1896–1952) was", ["1896–1952"]),
        ("José Irigoyen (1921 – 2004), a", ["1921 – 2004"]),
        ("her novel Ash (1977) was", ["1977"]),
        ("Ann Lee (born 1946) is", ["1946"]),
        ("a singer (born c. 1985)", ["c. 1985"]),
        ("in 1914 the war", ["1914"]),
        ("he served from 1920 to 1935.", ["1920 to 1935"]),
        ("sat between 1685 and 1713.", ["1685 and 1713"]),
        ("mayor in 1887, 1889 and 1890.", ["1887", "1889", "1890"]),
        ("the war of 1914–18 ended", ["1914–18"]),
        ("the 2014–15 season", ["the 2014–15 season"]),
        ("allocated for 2022/23.", ["2022/23"]),
        ("during the early 1980s", ["the early 1980s"]),
        ("back in the '60s", ["the '60s"]),
        ("the summer of 1945", ["the summer of 1945"]),
        ("The 2010 election was close", ["2010"]),
        ("It was built c. 1935.", ["c. 1935"]),
        ("2012 was the best year", ["2012"]),
        ("the late 19th century", ["the late 19th century"]),
        ("fifth and sixth centuries BC", ["fifth and sixth centuries BC"]),
        ("killed in 44 BC by", ["44 BC"]),
        ("an MP from June 1970 until May 1974.", ["June 1970 until May 1974"]),
        ("a junta between March and July 1963", ["March and July 1963"]),
        ("Tesco, Oct 2016 – Jan 2018;", ["Oct 2016 – Jan 2018"]),
        ("Ada (3 May 1896 – 5 June 1952) was", ["3 May 1896", "5 June 1952"]),
        ("over the 2014 kidnapping", ["2014"]),
        ("It was at 08:15 or 06:40 then", ["08:15", "06:40"]),
        ("remanded on the 9th and sentenced", ["the 9th"]),
        # told from today, and periods
        ("I saw her yesterday morning.", ["yesterday morning"]),
        ("He came two years ago.", ["two years ago"]),
        ("Ten years later they sold", ["Ten years later"]),
        ("over the past three months", ["the past three months"]),
        ("earlier this week he", ["earlier this week"]),
        ("The following year he died", ["The following year"]),
        ("jailed for six years", ["six years"]),
        ("by the end of the year", ["the end of the year"]),
        # times of day
        ("called at 7.30pm by", ["7.30pm"]),
        ("open 10am and 4pm", ["10am and 4pm"]),
        ("at 09:00 GMT precisely", ["09:00 GMT"]),
        ("we met at 10:15 there", ["10:15"]),
        ("3 o'clock tea", ["3 o'clock"]),
    ],
)
def test_dates(text: str, wanted: list[str]) -> None:
    assert dates(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "listens on port 2010 and 1433",
        "SQL Server (1433) is open",
        "a 2015 model with 1600 cc",
        "2000 troops marched",
        "In 2000 cases nothing was said",
        "of 1200 letters and 1500 people",
        "by 1900 votes to 1850",
        "from 1500 to 2000 people",
        "between 1500 and 2000 people",
        "at 1990 Warwick Road",
        "owes £1950 or $2000",
        "version 1.18.2000 or 2016.3.1",
        "order no. 2019/1234 and ref 2017-00345",
        "Regulation 1896/2006 applies",
        "SI 2004/1201, RFC 1918, BS EN 1838",
        "CVE-2014-0160 and ext 2008",
        "call 0800 1900 now",
        "the ferritin was 1998",
        "Flat 1908 has a boiler",
        "1,914 units and 2,012.50",
        "set max = 2000",
        "he may come and march in",
        "section 12 may apply",
        "Dr March and May Chen; April Jones",
        "April has been in touch with June",
        "June Wilson visits",
        "Theresa May's plan",
        "Sheffield Wednesday won",
        "Ring Friday Okafor; Tuesday Weld and January Jones",
        "The Sunday Times reported",
        "Sat in the sun; the Sun and the Moon",
        "USA Today reported",
        "In her 80s, in his nineties",
        "on the 12th floor",
        "'{0:04x}'.format(n) and row[0:10]",
        "a score of 3:16 and 52:14 again",
        "we sat near the spring",
        "a 5 day week, the dec value",
        "section 12 of the Children Act 1989",
        "0x9CE1 and 12AD  ; [.30AD.0020]",
        "datetime(2006, 5, 12) and date.today()",
        "192.168.20.10 and 10.2.1998.4",
    ],
)
def test_no_dates(text: str) -> None:
    assert dates(text) == []


def test_one_span_each_in_order() -> None:
    text = "On Friday 3 May 2019 at 7pm, and in June 2020; since 1998."
    assert dates(text) == ["Friday 3 May 2019", "7pm", "June 2020", "1998"]
    spans = [(d.start, d.end) for d in found(text)]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_a_text_without_such_words_is_not_looked_at() -> None:
    assert ProseRecogniser().text(["Nothing of the kind here", ""]) == [(), ()]


_PIECES = sorted(
    {
        *"in since between and from to the of early last two years ago c. ( ) – - , . : ' s 's born at am pm GMT BC".split(),
        *"March May Monday sat christmas eve New Year's week century season noon Polish is she actor 1914 18 1990s".split(),
        *"2019/20 9:30 12th 3 £ \n \u00a0 É ß İ".split(" "),
    }
)


@settings(max_examples=120, deadline=None)
@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=14), gap=st.sampled_from(("", " ", "-", "\n")))
def test_any_text_is_read_and_spans_are_in_it_and_apart(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    for kind in ProseRecogniser.entity_types:
        spans = [(d.start, d.end) for d in ProseRecogniser().text([text])[0] if d.entity_type == kind]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(text[start:end].strip() == text[start:end] for start, end in spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "piece",
    [
        "2019-May-Monday-week-2020-",
        "British ",
        "British-",
        "in 1998, ",
        "the early ",
        "12:30 ",
        "c. ",
        "3 or ",
    ],
)
def test_the_cost_grows_with_the_length(piece: str) -> None:
    began = time.process_time()
    ProseRecogniser().text([piece * (100_000 // len(piece))])
    assert time.process_time() - began < 2
