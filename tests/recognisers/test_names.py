"""Names by pattern and model, and which model may be used."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from scanner.errors import ConfigError
from scanner.model import Detection
from scanner.overlaps import resolve
from scanner.recognisers import name_models, names
from scanner.recognisers.name_patterns import names_in
from scanner.recognisers.names import NamesRecogniser


@pytest.fixture(scope="module")
def recogniser() -> NamesRecogniser:
    return NamesRecogniser()


def people(text: str) -> set[str]:
    return {text[d.start : d.end] for d in resolve(text, list(names_in(text))) if d.entity_type == "PERSON"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Mrs Patel,", {"Patel"}),
        ("Mr & Mrs Smith came", {"Smith"}),
        ("seen by Dr & Mr Smith today", {"Smith"}),
        ("Hi Sarah,\nthanks", {"Sarah"}),
        ("OKONKWO, Chidinma was seen", {"OKONKWO, Chidinma"}),
        ("Jones, Mary A.\nKhan, Imran", {"Jones, Mary A.", "Khan, Imran"}),
        ("V G Knight chaired", {"V G Knight"}),
        ("J. Smith wrote", {"J. Smith"}),
        ("Siobhan Okafor-Jones rang", {"Siobhan Okafor-Jones"}),
        ("Next of kin: Tom Hargreaves", {"Tom Hargreaves"}),
        ("Caseworker: Priya Nair", {"Priya Nair"}),
        ("Parent/carer: Mr & Mrs Thornton", {"Thornton"}),
        ("Tel call from Imran re housing", {"Imran"}),
        ("Margaret said she was tired", {"Margaret"}),
        ("Thanks\nTom", {"Tom"}),
        ("Cllr Llewellyn-Price sent apologies", {"Llewellyn-Price"}),
        ("It was Mr Khan's house", {"Khan"}),
    ],
)
def test_patterns(text: str, expected: set[str]) -> None:
    assert people(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir or Madam,",
        "Dear All,",
        "Dear Customer,",
        "Stanley Knife 25mm",
        "Victoria Street and Albert Road",
        "James Paget University Hospital",
        "Merthyr Tydfil depot",
        "Grade HEO, Band 6",
        "LONDON, England",
        "Name: Housing Benefit",
        "From: Democratic Services",
        "Council Tax Team",
        "SMITH & SONS LTD",
        "def main(Request request): return JSONResponse(User)",
        "Ford Fiesta, Vauxhall Corsa",
        "Lord Mayor",
        "Miss Zimbabwe",
    ],
)
def test_no_person(text: str) -> None:
    assert people(text) == set()


def test_places_and_people_by_model(recogniser: NamesRecogniser) -> None:
    text = "Rebecca Thornton moved from Sheffield to London in March."
    found = {
        (d.entity_type, text[d.start : d.end])
        for d in recogniser.text([text])[0]
        if d.reasons == ("model light",)
    }
    assert found == {("PERSON", "Rebecca Thornton"), ("LOCATION", "Sheffield"), ("LOCATION", "London")}


def by_light(text: str, *entities: tuple[str, str, float]) -> set[tuple[str, str]]:
    """What is left of what the light model might say: (words, kind, how sure)."""
    said = [(text.index(w), text.index(w) + len(w), kind, sure) for w, kind, sure in entities]
    return {(d.entity_type, text[d.start : d.end]) for d in names._tidy(text, 0, said, names._BY_LIGHT)}


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("backed by Kurdish fighters", [("Kurdish", "PERSON", 0.7)], set()),
        ("a South Korean ship", [("South Korean", "LOCATION", 0.9)], set()),
        ("death of Lance Corporal Osei", [("Lance Corporal", "PERSON", 0.9)], set()),
        (
            "Brigadier General Haidar Osei",
            [("General Haidar Osei", "PERSON", 0.9)],
            {("PERSON", "Haidar Osei")},
        ),
        ("Major Bishop said", [("Bishop", "PERSON", 0.95)], {("PERSON", "Bishop")}),
        ("the U. S. and us", [("U. S.", "LOCATION", 0.7)], {("LOCATION", "U. S.")}),
        ("off Long Island today", [("Long Island", "LOCATION", 0.7)], {("LOCATION", "Long Island")}),
        ("in HMP today", [("HMP", "LOCATION", 0.7)], set()),
        ("Tralee, County Kerry.", [("Kerry", "PERSON", 0.7)], {("LOCATION", "Kerry")}),
        ("love obama so much", [("obama", "PERSON", 0.95)], {("PERSON", "obama")}),
        ("love kohl so much", [("kohl", "PERSON", 0.6)], set()),
        ("Secretary Liz Quartermain chaired", [("Liz", "PERSON", 0.9)], {("PERSON", "Liz Quartermain")}),
        ("ask Liz Monday", [("Liz", "PERSON", 0.9)], {("PERSON", "Liz")}),
        (
            "In Banja Luqua today",
            [("Banja", "LOCATION", 0.8), ("Luqua", "PERSON", 0.5)],
            {("LOCATION", "Banja Luqua")},
        ),
        (
            "In London Sarah spoke",
            [("London", "LOCATION", 0.9), ("Sarah", "PERSON", 0.8)],
            {("LOCATION", "London"), ("PERSON", "Sarah")},
        ),
    ],
)
def test_what_is_left_of_the_light_model(
    text: str, said: list[tuple[str, str, float]], left: set[tuple[str, str]]
) -> None:
    assert by_light(text, *said) == left


def test_the_model_overrules_weak_patterns_only() -> None:
    def contradicted(why: str, sure: float) -> bool:
        found = Detection("PERSON", 10, 14, 0.6, False, (why,), "names")
        return not list(names._uncontradicted([found], [(8, 14, "LOCATION", sure)]))

    assert contradicted("pattern forename in its place", 0.4)
    assert contradicted("pattern forename and surname", 0.7)
    assert not contradicted("pattern forename and surname", 0.5)
    assert not contradicted("pattern title before name", 0.99)


def test_texts_without_words_never_load_the_model() -> None:
    fresh = NamesRecogniser()
    assert fresh.text(["12/03/2026 1,234.50", ""]) == [[], []]
    assert fresh._loaded is None


def test_long_texts_are_cut_and_offsets_hold(recogniser: NamesRecogniser) -> None:
    filler = "The committee met to consider the report and agreed it. " * 80
    text = filler + "Then Siobhan Gallagher spoke.\n" + filler
    found = {text[d.start : d.end] for d in recogniser.text([text])[0] if d.entity_type == "PERSON"}
    assert "Siobhan Gallagher" in found
    assert "".join(piece for _, piece in names.chunks(text)) == text


@pytest.mark.parametrize("model", name_models.KNOWN_MODELS, ids=lambda m: m.package)
def test_packaged_pipelines_by_name_are_verified(model: name_models.KnownModel) -> None:
    if name_models.folder_of(model) is None:
        pytest.skip(f"{model.package} is not installed")
    for name in (model.package, model.module):
        assert NamesRecogniser(name).model == f"spaCy {model.package} {model.version} (verified)"


def test_changed_file_is_noticed(tmp_path: Path) -> None:
    installed = [(m, f) for m in name_models.KNOWN_MODELS if (f := name_models.folder_of(m))]
    if not installed:
        pytest.skip("no packaged pipeline is installed")
    model, folder = installed[-1]
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert name_models.verify(model, copy) is None
    with (copy / "ner" / "model").open("ab") as file:
        file.write(b"\0")
    assert "ner/model does not match" in (name_models.verify(model, copy) or "")
    (copy / "ner" / "model").unlink()
    assert "is missing" in (name_models.verify(model, copy) or "")


def test_a_pipeline_of_the_users_own(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Zzyzx"}])  # type: ignore[attr-defined]
    nlp.meta["name"] = "ours"
    nlp.to_disk(tmp_path / "ours")
    recogniser = NamesRecogniser(str(tmp_path / "ours"))
    assert recogniser.model == "spaCy ours 0.0.0 (unverified: chosen by the user)"
    text = "We spoke to Zzyzx again"
    assert [text[d.start : d.end] for d in recogniser.text([text])[0]] == ["Zzyzx"]


@pytest.mark.parametrize("name", ["no_such_pipeline", "json", "/nowhere/at/all"])
def test_unknown_pipeline(name: str) -> None:
    with pytest.raises(ConfigError, match="spacy_model"):
        NamesRecogniser(name)


def test_pipeline_without_names(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "plain")
    with pytest.raises(ConfigError, match="no component that finds names"):
        NamesRecogniser(str(tmp_path / "plain"))


def test_picklable_after_use(recogniser: NamesRecogniser) -> None:
    text = ["We met Siobhan Gallagher in Leeds."]
    before = recogniser.text(text)
    assert pickle.loads(pickle.dumps(recogniser)).text(text) == before
