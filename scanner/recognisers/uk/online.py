"""Contact details, network addresses, devices and accounts."""

from __future__ import annotations

import re

from scanner.recognisers.uk import checks
from scanner.recognisers.uk.spec import Route, Spec, spec

_P = "[ \u00a0.\u2011-]?"
_HEX = "[0-9A-Fa-f]"
_WORD = re.compile(r"[a-z]+", re.I)


_OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_LARGE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[4-9][0-9]|3[2-9])"
_NO_VERSION = "|".join(
    r"\.".join(parts)
    for parts in (
        ("10", _OCTET, _OCTET, _OCTET),
        *([_LARGE if at == place else _OCTET for at in range(4)] for place in range(4)),
    )
)
"""Four small numbers are as likely a version (1.7.4.4); 10.x.x.x is a private network."""


def _username(value: str) -> bool:
    """Not an ordinary word that happens to follow the label."""
    return len(value) > 2 and value.lower() not in _NOT_USERNAMES


_NOT_USERNAMES = frozenset(
    "and the for with was has had not are will from that this your you our their must should can may and/or name "
    "password email e-mail account number field required optional unknown none null true false n/a tbc yes".split()
)


def _device(value: str) -> bool:
    """Long enough, and with a digit: words are no device ids."""
    return len(value) >= 8 and any(c.isdigit() for c in value) and checks.varied(value)


def _device_name(value: str) -> bool:
    """`LAP-7F3K9Q`: letters first, then a serial with digits."""
    return len(value) >= 6 and sum(c.isdigit() for c in value) >= 2


SPECS: tuple[Spec, ...] = (
    spec(
        "EMAIL_ADDRESS",
        "e-mail address",
        r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
        check=checks.email,
        check_name="mailbox and domain",
        chance=0.01,
        test_range=checks.email_test,
        route=Route.ANCHOR,
        anchors=("@",),
        reach=64,
        needs_context=False,
        base=0.95,
        context="email|e-mail|mail|contact|mailto|cc|from|to",
        headers="email|e mail|email address|e mail address|mail|emailaddress|contact email|work email|home email|"
        "personal email|email addr|user email|primary email|email 1|email 2|emailid|email id|customer email|"
        "applicant email|nhs email|staff email|upn email|parent email|carer email|mail address|sender|recipient",
        source="RFC 5321 and RFC 5322 (as written in practice); RFC 2606 reserved domains",
    ),
    spec(
        "PHONE_NUMBER",
        "telephone number",
        rf"(?:\(?(?:\+|00)44\)?{_P}(?:\(0\){_P})?|\(?0)[1-9](?:{_P}\)?{_P}[0-9]){{8,9}}"
        rf"|\+[1-9](?:{_P}\(?[0-9]\)?){{7,14}}",
        check=checks.phone,
        check_name="numbering plan",
        chance=0.28,
        test_range=checks.phone_test,
        needs_context=False,
        base=0.75,
        context="tel|telephone|phone|mobile|mob|call|contact|fax|ring|text|landline|helpline|number|home|work|whatsapp|sms",
        headers="phone|telephone|tel|tel no|telephone number|telephone no|phone number|phone no|mobile|mobile number|"
        "mobile no|mobile phone|mob|mob no|home phone|home tel|home telephone|work phone|work tel|daytime phone|"
        "contact number|contact no|contact tel|landline|cell|cell phone|phone 1|phone 2|tel 1|tel 2|telno|mobileno|"
        "daytime telephone|evening telephone|emergency contact number|next of kin phone|nok tel|msisdn|fax|fax number|"
        "phonenumber|mobilenumber|caller id|cli|parent phone|parent mobile|carer phone|preferred number|sms number",
        source="Ofcom national numbering plan, by libphonenumber; Ofcom numbers for drama",
    ),
    spec(
        "PHONE_NUMBER",
        "mobile number without its zero",
        rf"7[0-9]{{3}}{_P}[0-9]{{3}}{_P}[0-9]{{3}}",
        check=checks.lost_zero_mobile,
        check_name="numbering plan",
        chance=0.93,
        test_range=checks.phone_test,
        context="tel|telephone|phone|mobile|mob|call|contact number|cell|whatsapp|sms|text",
        headers="mobile|mobile number|mobile no|mobile phone|mob|mob no|phone|phone number|phone no|telephone|tel|"
        "tel no|telephone number|contact number|contact no|cell|msisdn|mobileno|mobilenumber|home phone",
        source="Ofcom national numbering plan; spreadsheets drop leading zeros",
    ),
    spec(
        "IP_ADDRESS",
        "IPv4 address",
        r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])",
        check=checks.ipv4,
        check_name="host address",
        chance=0.05,
        test_range=checks.ip_test,
        strong=_NO_VERSION,
        base=0.7,
        context="ip|ip address|host|client|server|addr|remote|login|logged|source|request|network|connection|from",
        headers="ip|ip address|ipaddress|ip addr|client ip|source ip|src ip|remote addr|remote ip|user ip|ipv4|"
        "dest ip|dst ip|login ip|last login ip|remote address|x forwarded for|host ip|c ip|device ip",
        source="RFC 791; documentation ranges RFC 5737",
    ),
    spec(
        "IP_ADDRESS",
        "IPv6 address",
        rf"(?:{_HEX}{{1,4}})?(?::{_HEX}{{0,4}}){{2,7}}",
        check=checks.ipv6,
        check_name="host address",
        chance=0.05,
        test_range=checks.ip_test,
        route=Route.ANCHOR,
        anchors=(f":(?={_HEX}{{0,4}}:)",),
        reach=4,
        needs_context=False,
        base=0.85,
        context="ip|ipv6|host|client|server|addr|remote|login|source",
        headers="ipv6|ip v6|ipv6 address|ip|ip address|client ip|source ip|remote addr",
        source="RFC 4291; documentation prefix RFC 3849",
    ),
    spec(
        "MAC_ADDRESS",
        "network card address",
        rf"{_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}|{_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}}",
        check=checks.mac,
        check_name="unicast address",
        chance=0.5,
        test_range=checks.mac_test,
        route=Route.ANCHOR,
        anchors=(
            rf":(?={_HEX}{{2}}:)",
            rf"-(?={_HEX}{{2}}-{_HEX}{{2}}-)",
            rf"\.(?={_HEX}{{4}}\.{_HEX}{{4}})",
        ),
        reach=5,
        needs_context=False,
        base=0.85,
        context="mac|mac address|ethernet|wifi|wi-fi|wlan|bluetooth|device|hardware address|nic",
        headers="mac|mac address|macaddress|hardware address|ethernet address|wifi mac|device mac|mac addr|bssid|"
        "bluetooth address|physical address|nic address|client mac",
        source="IEEE 802; documentation range RFC 7042",
    ),
    spec(
        "IMEI",
        "handset number",
        "[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]",
        check=checks.imei,
        check_name="Luhn",
        chance=0.1,
        test_range=lambda v: checks.digits(v).startswith("00"),
        context="imei|handset|device|mobile|phone serial",
        headers="imei|imei number|imei no|device imei|handset imei|phone imei|imei1|imei2|handset number",
        source="3GPP TS 23.003, IMEI with Luhn digit; 00 prefix for test equipment",
    ),
    spec(
        "USERNAME",
        "user name",
        r"[A-Za-z][A-Za-z0-9]{0,20}(?:[._\\-][A-Za-z0-9]{1,20}){0,3}",
        check=_username,
        check_name="no ordinary word",
        chance=1.0,
        route=Route.LABEL,
        explicit=True,
        labels="username|user name|user id|userid|user_id|user|login|login id|login name|logon|logon id|"
        "logged in as|account name|samaccountname|uid|screen name|handle|user account|network id|acting_user|created_by",
        headers="username|user name|user|userid|user id|login|login name|login id|logon|logon name|account name|"
        "sam account name|samaccountname|network id|windows login|uid|user login|created by|modified by|updated by|"
        "last modified by|last updated by|screen name|handle|twitter handle|ad account|ad username|staff login|"
        "case worker id|caseworker id|handler id|user principal name|nt login|system user|login user|user account|"
        "skype name|entered by|assigned user",
        source="label or column name needed",
    ),
    spec(
        "USERNAME",
        "user name with a stop, a domain or a number",
        r"[A-Z]{2,15}\\[A-Za-z][A-Za-z0-9._-]{2,20}|[a-z]{1,15}[._][a-z]{2,20}[0-9]{0,4}|[a-z]{3,15}[0-9]{1,4}",
        check=_username,
        check_name="no ordinary word",
        chance=0.9,
        ignore_case=False,
        route=Route.LABEL,
        labels="username|user name|userid|user id|login name|login id|logon id|logon name|windows id|windows login|"
        "network login|ad login|ad account|staff login|samaccountname",
        source="label needed",
    ),
    spec(
        "PASSWORD",
        "password",
        r"[^\s\"',;<>]{4,64}",
        check=lambda v: v.lower().strip(".,:") not in _NOT_USERNAMES and not set(v) <= set("*x•.-_"),
        check_name="no ordinary word",
        chance=1.0,
        route=Route.LABEL,
        explicit=True,
        labels="password|passwd|pwd|passcode|passphrase|pw|temp pw|passw",
        headers="password|passwd|pwd|pass|passcode|passphrase|user password|login password|pass word|temp password|"
        "initial password|password plain|memorable word|wifi password",
        source="label or column name needed",
    ),
    spec(
        "PASSWORD",
        "code of a key safe or door",
        "[A-Z]?[0-9]{4,6}[A-Z]?",
        check=checks.varied,
        check_name="digits",
        chance=1.0,
        ignore_case=False,
        route=Route.LABEL,
        labels="key safe code|keysafe code|key safe number|keysafe number|key safe no|key safe|keysafe|door code|"
        "door entry code|entry code|alarm code|gate code|access code",
        source="label needed",
    ),
    spec(
        "USERNAME",
        "Government Gateway user id",
        "[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}",
        check=checks.varied,
        check_name="twelve digits",
        chance=1.0,
        route=Route.LABEL,
        labels="government gateway user id|gov gateway user id|gateway user id|government gateway id|gateway id|"
        "government gateway|gg id|ggid|user id",
        source="HMRC: Government Gateway user ids have twelve digits",
    ),
    spec(
        "DEVICE_ID",
        "device or session id",
        r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]){6,126}[A-Za-z0-9=]{1,2}",
        check=_device,
        check_name="long and with a digit",
        chance=0.9,
        route=Route.LABEL,
        explicit=True,
        labels="device id|device_id|deviceid|device identifier|android id|advertising id|idfa|gaid|session id|"
        "session_id|sessionid|session token|cookie id|phpsessid|jsessionid|udid|device serial|serial number of device|"
        "visitor id|client id|_ga|tracking id|hardware id|installation id",
        headers="device id|deviceid|device identifier|android id|idfa|gaid|advertising id|session id|sessionid|"
        "session key|cookie|cookie id|visitor id|client id ga|udid|device serial|device token|push token|"
        "device uuid|session token|session|tracking id|device serial number|hardware id|installation id|"
        "phone serial|fingerprint id|browser fingerprint|ga client id|device udid",
        source="label or column name needed",
    ),
    spec(
        "DEVICE_ID",
        "session token",
        "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,64}",
        check=_device,
        check_name="long and with a digit",
        chance=0.9,
        route=Route.LABEL,
        labels="device id|deviceid|device identifier|android id|advertising id|idfa|gaid|session id|sessionid|session token|"
        "session|cookie id|cookie|udid|visitor id|tracking id|hardware id|installation id|device uuid|token",
        source="RFC 9562; label needed",
    ),
    spec(
        "DEVICE_ID",
        "asset tag of a device",
        "[A-Z]{2,10}-[A-Z0-9]{6,14}",
        check=_device_name,
        check_name="letters and digits",
        chance=1.0,
        ignore_case=False,
        route=Route.LABEL,
        labels="device|laptop|tablet|asset tag|asset|computer|workstation|machine",
        source="label needed",
    ),
    spec(
        "DEVICE_ID",
        "asset name of a device",
        "[A-Z]{2,10}[-_]?[A-Z0-9]{0,10}[0-9][A-Z0-9-]{2,14}",
        check=_device_name,
        check_name="letters and digits",
        chance=1.0,
        ignore_case=False,
        route=Route.LABEL,
        explicit=True,
        labels="device name|device|laptop|laptop name|laptop no|tablet|hostname|machine name|computer name|pc name|handset id",
        source="label needed",
    ),
)
