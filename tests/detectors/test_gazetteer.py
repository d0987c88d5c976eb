"""The gazetteer knows names and places of many countries, and is not read before it is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Set

import pytest

from airflow_mlsecops.detectors import _gazetteer as gazetteer
from tests.pace import keeps_pace

SETS: dict[str, Callable[[], Set[str]]] = {
    name: getattr(gazetteer, name)
    for name in (
        *("given_names", "family_names", "cities", "regions", "region_codes", "countries", "country_codes"),
        *("nationalities", "common_words", "street_words"),
    )
}
LEAST = {
    "given_names": 100_000,
    "family_names": 240_000,
    "cities": 200_000,
    "regions": 7_000,
    "region_codes": 200,
    "countries": 10_000,
    "country_codes": 490,
    "nationalities": 200,
    "common_words": 90_000,
    "street_words": 300,
}
MEMBERS = {
    "given_names": "James María Jürgen François Zoë Søren Łukasz Giorgia Дмитрий Ольга Γιώργος محمد שרה आरव 翔太 さくら 민준"
    " Mohammed Fatima Yusuf Ayşe Nguyen Priya Rahul Thabo Chidi Oluwaseun Hiroshi Wei Ji-hoon Anne-Marie Olena",
    "family_names": "Smith Garcia Müller Lefèvre Nowak Kowalska Østergaard Rossi Иванов Шевченко Παπαδόπουλος 王 佐藤 김"
    " Nakamura Nguyen Patel Singh Okafor Yılmaz Cohen O’Connor Virtanen Peeters Hernández Joshi 欧阳 Jovanović Diallo",
    "cities": "London München Munich Köln Paris Roma Zürich Kraków São|Paulo New|York Los|Angeles Москва Αθήνα 東京 北京"
    " القاهرة Chemnitz Wolverhampton Bengaluru Casablanca Montréal Springfield Nice Reading",
    "regions": "California Ontario Bayern Bavaria New|South|Wales Île-de-France Lombardia Andalucía Hokkaido Kerala"
    " Московская|область",
    "region_codes": "CA NY ON NSW SP MI BY ZH",
    "countries": "Germany Deutschland Allemagne Alemania Германия 德国 ドイツ USA UK Great|Britain United|States"
    " The|Netherlands Holland España Ελλάδα مصر भारत Türkiye Côte|d’Ivoire South|Korea Czechia Czech|Republic",
    "country_codes": "US USA DE DEU GB GBR JP JPN",
    "nationalities": "German French Swiss South|Korean Nigerian Dutch Brazilian",
    "common_words": "will mark rose may page price young best reading nice mobile orange chrome safari firefox apple"
    " monday september product table red für haus maison avec pero casa questa",
    "street_words": "Street St Ave Road Straße strasse str rue boulevard calle avenida via viale piazza rua ulica ul"
    " laan straat gata vej cadde sokak улица ул 路 丁目 شارع οδός",
}
STRANGERS = {
    "given_names": "table invoice qwerty xkcd shipped 42",
    "family_names": "qwerty xkcd invoices undefined null 42",
    "cities": "qwerty undefined invoice null 42",
    "regions": "qwerty invoice shipped",
    "region_codes": "zz xx",
    "countries": "qwerty London invoice shipped",
    "country_codes": "xx zz zzz",
    "nationalities": "Germany qwerty",
    "common_words": "Michael Fatima Nguyen Kowalski Giuseppe München Wolverhampton qwerty Guillaume Fernández",
    "street_words": "table house qwerty number",
}


def holds(name: str, text: str) -> bool:
    return not SETS[name]().isdisjoint(gazetteer.spellings(text.replace("|", " ")))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, line in MEMBERS.items() for text in line.split()])
def test_a_set_holds_what_belongs_to_it(name: str, text: str) -> None:
    assert holds(name, text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, line in STRANGERS.items() for text in line.split()])
def test_a_set_does_not_hold_what_does_not(name: str, text: str) -> None:
    assert not holds(name, text)


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_large_clean_and_read_once(name: str) -> None:
    words = SETS[name]()
    assert len(words) >= LEAST[name]
    assert SETS[name]() is words
    assert "" not in words
    assert all(word == gazetteer.spellings(word)[0] for word in words)


@pytest.mark.parametrize("name", gazetteer._FILES)
def test_a_file_is_sorted_as_bisection_takes_it_to_be(name: str) -> None:
    words = list(SETS[name]())
    assert words == sorted(set(words))


@pytest.mark.parametrize("name", ["given_names", "family_names", "cities", "countries"])
def test_both_spellings_are_members(name: str) -> None:
    words = SETS[name]()
    assert all(words >= set(gazetteer.spellings(word)) for word in words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  MÜLLER ", ("müller", "muller")),
        ("Łódź", ("łódź", "lodz")),
        ("Straße", ("strasse",)),
        ("Артём", ("артём", "артем")),
        ("Й", ("й",)),
        ("ガ", ("ガ",)),
        ("हिन्दी", ("हिन्दी",)),
        ("한글", ("한글",)),
        ("İbrahim", ("i̇brahim", "ibrahim")),
        ("e\u0301", ("é", "e")),
        ("", ("",)),
    ],
)
def test_spellings_drop_accents_and_keep_letters(text: str, expected: tuple[str, ...]) -> None:
    assert gazetteer.spellings(text) == expected


def test_importing_reads_nothing() -> None:
    program = (
        "from airflow_mlsecops.detectors import _gazetteer as g\n"
        f"assert not any(getattr(g, name).cache_info().currsize for name in {sorted(SETS)})\n"
        "assert g.regions() and not g.cities.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # in a process where no test has read a set yet


def test_a_missing_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "files", lambda package: __import__("pathlib").Path("/nowhere"))
    with pytest.raises(FileNotFoundError, match="cities"):
        gazetteer.cities.__wrapped__()


def test_all_sets_are_read_in_little_time() -> None:
    def read_all() -> None:
        for read in SETS.values():
            read.__wrapped__()  # type: ignore[attr-defined]

    assert keeps_pace(read_all, 600)


def test_the_digest_follows_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gazetteer.digest()
    assert before == gazetteer.digest()
    monkeypatch.setattr(gazetteer, "_bytes", lambda name: b"other")
    assert gazetteer.digest.__wrapped__() != before


def test_words_are_found_wherever_they_stand_and_nothing_else_is() -> None:
    known = {f"{left}{middle}{right}" for left in "abz" for middle in ("", "é", " ", "東", "𐎠") for right in "amß"}
    known |= {f"{word}{length * 'x'}" for word in known for length in (1, 7, 300)}
    words = gazetteer.Words("\n".join(sorted(known)).encode())
    near = {one for word in known for one in (word[:-1], word[1:], f"{word}y", f" {word}", f"{word}\n", "", "\n")}
    assert set(words) == known
    assert len(words) == len(known)
    assert all((word in words) == (word in known) for word in known | near)
    first, second, *_ = sorted(known)
    assert f"{first}\n{second}" not in words
    assert 42 not in words  # type: ignore[comparison-overlap]
