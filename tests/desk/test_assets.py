"""The asset register as a file: read before the scan, after the configuration and before tags."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scanner import assets, config, register
from scanner.errors import ConfigError
from scanner.model import Basis, Evidence, Registration, State, Store
from tests.desk.office import dpscan

CASES = Store("pg:1/cases", "pg:1", "database", "postgresql", "cases", aliases=("db.internal:5432/cases",))
SHARE = Store("file:host/hr", "file:host", "share", "files", "hr", environment="production")


def loaded(tmp_path: Path, text: str | bytes, more: str = "") -> config.Config:
    content = text.encode("utf-8-sig") if isinstance(text, str) else text
    (tmp_path / "register.csv").write_bytes(content)
    file = tmp_path / "dpscan.yaml"
    file.write_text(f"targets: [{{connector: files, path: .}}]\nassets: register.csv\n{more}")
    return config.load(file)


def of(found: config.Config, store: Store, *evidence: Evidence) -> Registration:
    return register.context(found, dt.date(2026, 3, 2), [store], evidence).registrations[store.id]


REGISTER = """\
Asset register of the department,,
Ref,Store,Owner,RoPA ref,retention_days,Environment,intended_public,intended_public_date,declared_categories
1,*,Head of Data,,,,no,,
2,db.internal:5432/cases,Head of Casework,0017,"2,555",test,Yes,03/02/2026,health; nino
3,file:host/other,Nobody,,,,,,
"""


def test_what_it_says(tmp_path: Path) -> None:
    found = loaded(tmp_path, REGISTER)
    cases, share = of(found, CASES), of(found, SHARE)
    assert (cases.owner, cases.owner_source, cases.ropa_ref) == ("Head of Casework", "register", "0017")
    assert (cases.retention_days, cases.environment, cases.intended_public) == (2555, "test", True)
    assert cases.intended_public_date == dt.date(2026, 2, 3)
    assert cases.declared_categories == ("health", "nino")
    assert (share.owner, share.environment, share.retention_days) == ("Head of Data", "production", None)


@pytest.mark.parametrize("way", [("utf-8", ","), ("cp1252", ";"), ("utf-16", "\t")])
def test_however_it_was_saved(tmp_path: Path, way: tuple[str, str]) -> None:
    text = "store,owner\r\nhr,René\r\n".replace(",", way[1])
    assert of(loaded(tmp_path, text.encode(way[0])), SHARE).owner == "René"


def test_configuration_before_register_before_tags(tmp_path: Path) -> None:
    tags = [
        Evidence(SHARE.id, safeguard, State.PRESENT, Basis.EXPLICIT, "tags", value=value)
        for safeguard, value in (
            ("owner_tag", "from tag"),
            ("classification_tag", "OFFICIAL"),
            ("retention_tag", "7y"),
        )
    ]
    more = "register: [{store: 'file:*', ropa_ref: from configuration}]\n"
    found = loaded(tmp_path, "store,owner,ropa_ref,dpia_ref\nhr,from register,no,D1\n", more)
    said = of(found, SHARE, *tags)
    assert (said.owner, said.owner_source) == ("from register", "register")
    assert (said.ropa_ref, said.dpia_ref) == ("from configuration", "D1")
    assert (said.classification, said.retention_days) == ("OFFICIAL", 7 * 365)


def test_every_mistake_is_named_without_its_text(tmp_path: Path) -> None:
    text = "store,onwer,retention_days,intended_public,legal_regime\n,x,many secrets,perhaps,uk_gdpr\n"
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    said = str(caught.value)
    assert "onwer: is not known; is 'owner' meant?" in said
    assert "register.csv:2: retention_days: expected a whole number" in said
    assert "register.csv:2: intended_public: expected yes or no" in said
    assert "register.csv:2: store: is empty" in said
    assert "secret" not in said and "perhaps" not in said
    with pytest.raises(ConfigError, match=r"register.csv:2: legal_regime"):
        loaded(tmp_path, "store,legal_regime\nx,french\n")
    with pytest.raises(ConfigError, match="no column store"):
        loaded(tmp_path, "shop,owner\nx,y\n")
    (tmp_path / "register.csv").unlink()
    with pytest.raises(ConfigError, match=r"assets: .*cannot be read"):
        config.load(tmp_path / "dpscan.yaml")


def test_long_registers_are_quick(tmp_path: Path) -> None:
    rows = "".join(f"aws:s3:::bucket-{n},Owner {n}\n" for n in range(20_000))
    found = loaded(tmp_path, "store,owner\n" + rows)
    stores = [Store(f"aws:s3:::bucket-{n}", "a", "bucket", "aws", f"bucket-{n}") for n in range(2_000)]
    said = register.context(found, dt.date(2026, 3, 2), stores, ()).registrations
    owners = {k: v.owner for k, v in said.items() if k != "a"}
    assert owners == {store.id: f"Owner {n}" for n, store in enumerate(stores)}


def test_a_scan_uses_it(tmp_path: Path) -> None:
    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "note.txt").write_text("nothing personal here\n")
    (tmp_path / "register.csv").write_text("store,owner,ropa_ref\n*,Head of HR,ROPA-9\n")
    file = tmp_path / "dpscan.yaml"
    file.write_text(
        "targets: [{connector: files, path: hr}]\nassets: register.csv\ndetection: {names: false}\n"
    )
    done = dpscan("scan", "-c", file, "-o", tmp_path / "out", "--format", "csv", "-q")
    assert done.exit_code in (0, 1, 3), done.output
    holdings = (tmp_path / "out" / "holdings.csv").read_text(encoding="utf-8-sig")
    assert "Head of HR,,register,ROPA-9" in holdings


def test_a_holdings_file_is_a_register_and_what_was_found_is_not_declared() -> None:
    text = (
        "holding_id,store_locator,place,information_asset_owner,ropa_ref,categories_of_personal_data\r\n"
        "1,aws:s3:::a,,Head of Records,ROPA-1,health (possible)\r\n"
        "2,aws:s3:::a,x.csv,Head of Records,ROPA-1,name\r\n"
    )
    found = assets.read(text.encode(), "holdings.csv", config.RegisterEntry.model_fields.keys())
    assert [said for _, said in found] == [
        {"store": "aws:s3:::a", "owner": "Head of Records", "ropa_ref": "ROPA-1"}
    ] * 2


@pytest.mark.parametrize(
    ("register_entries", "expected"),
    [
        ([], "uk_gdpr"),
        ([{"store": "aws:s3:::a", "legal_regime": "dpa2018_part3"}], "both"),
        ([{"store": "aws:s3:::*", "legal_regime": "dpa2018_part3"}], "dpa2018_part3"),
        ([{"store": "aws:111122223333", "legal_regime": "dpa2018_part3"}], "dpa2018_part3"),
    ],
)
def test_an_account_follows_the_law_of_its_stores(
    register_entries: list[dict[str, str]], expected: str
) -> None:
    made = config.Config.model_validate(
        {"targets": [{"connector": "files", "path": "x"}], "register": register_entries}
    )
    stores = [Store(f"aws:s3:::{n}", "aws:111122223333", "bucket", "aws", n) for n in "ab"]
    context = register.context(made, dt.date(2026, 1, 1), stores, [])
    assert context.registration("aws:111122223333").legal_regime == expected
