"""Vehicle registrations and identification numbers."""

from __future__ import annotations

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Route, Spec, spec

_G = "[ \u00a0]?"
_CONTEXT = (
    "vehicle|registration|reg|reg no|vrm|vrn|number plate|car|van|lorry|plate|dvla|mot|parking|pcn|parked|driving|"
    "motorbike|taxi|index|bmw|ford|vauxhall|toyota|nissan|audi|volkswagen|fiesta|corsa|astra|"
    "golf|vw|polo|focus|transit|mercedes|merc|honda|kia|hyundai|peugeot|renault|citroen|skoda|seat|mini|fiat|mazda|volvo|"
    "land rover|range rover|landrover|jaguar|tesla|dacia|suzuki|lexus|clio|micra|qashqai|zafira|mondeo|moped|scooter|"
    "motorcycle|trailer|minibus|hgv|levied|clamped|towed"
)
_HEADERS = (
    "vrm|vrn|vehicle registration|vehicle reg|registration number|reg number|reg no|registration|number plate|"
    "registration plate|vehicle reg no|vehicle registration number|vehicle registration mark|car reg|car registration|"
    "reg|index mark|plate|vehicle vrm|vehicle no|vehicle number|car reg no|registration mark|veh reg|vehreg|vehicle vrn|"
    "car registration number|licence plate|vehicle index|index number|veh reg no"
)

SPECS: tuple[Spec, ...] = (
    spec(
        "UK_VEHICLE_REGISTRATION",
        "vehicle registration",
        f"[A-HJ-PR-Y][A-HJ-PR-Y][0-9]{{2}}{_G}[A-HJ-PR-Z]{{3}}",
        check=checks.vrm_current,
        check_name="area letters and age identifier",
        chance=0.365,
        leads=(2,),
        strong=f"[A-Z]{{2}}[0-9]{{2}}{_G.removesuffix('?')}[A-Z]{{3}}",
        base=0.5,
        context=_CONTEXT,
        headers=_HEADERS,
        source="DVLA, vehicle registration numbers and number plates (INF104)",
    ),
    spec(
        "UK_VEHICLE_REGISTRATION",
        "vehicle registration, prefix or suffix style",
        f"[A-HJ-NPR-TV-Y][0-9]{{1,3}}{_G}[A-HJ-PR-Y]{{3}}|[A-HJ-PR-Y]{{3}}{_G}[0-9]{{1,3}}[A-HJ-NPR-TV-Y]",
        check=checks.vrm_number,
        check_name="layout",
        chance=0.5,
        ignore_case=False,
        leads=(1, 3),
        context=_CONTEXT,
        headers=_HEADERS,
        source="DVLA INF104: prefix 1983 to 2001, suffix 1963 to 1983",
    ),
    spec(
        "UK_VEHICLE_REGISTRATION",
        "vehicle registration, Northern Irish or Q",
        f"(?:[IZ][A-Z]|[A-Z][IZ]|[A-Z][IZ][A-Z]|[A-Z]{{2}}[IZ]){_G}[0-9]{{1,4}}|Q[0-9]{{1,3}}{_G}[A-HJ-PR-Y]{{3}}",
        check=checks.vrm_irish_or_q,
        check_name="layout",
        chance=0.3,
        ignore_case=False,
        leads=(1, 2, 3),
        context=_CONTEXT,
        headers=_HEADERS,
        source="DVLA INF104: Northern Irish marks with I or Z; Q marks for vehicles of uncertain age",
    ),
    spec(
        "UK_VEHICLE_REGISTRATION",
        "vehicle registration, before 1963",
        f"[A-Z]{{1,3}}{_G}[0-9]{{1,4}}|[0-9]{{1,4}}{_G}[A-Z]{{1,3}}",
        check=lambda v: v == v.upper(),
        check_name="capitals",
        chance=1.0,
        ignore_case=False,
        route=Route.LABEL,
        labels="vehicle registration|registration number|registration|registration mark|reg no|reg|vrm|vrn|number plate|car reg|car registration|"
        "registration plate|vehicle reg",
        headers=_HEADERS,
        source="DVLA INF104: marks issued before 1963",
    ),
    spec(
        "VIN",
        "vehicle identification number",
        "[A-HJ-NPR-Z0-9]{13}[0-9]{4}",
        check=checks.vin,
        check_name="ISO 3779 layout",
        chance=0.3,
        leads=(0, 1, 2, 3, 4, 5, 6),
        context="vin|chassis|vehicle identification|frame number",
        headers="vin|vin number|vin no|chassis|chassis number|chassis no|vehicle identification number|vin code|"
        "frame number|vehicle vin|chassis num",
        source="ISO 3779",
    ),
)
