"""Synthetic documents of a British office, with the names in them marked.

`{P}` person, `{F}` forename, `{S}` surname, `{M}` surname, forename, `{L}` place, `{O}` organisation, `{R}` road (a place),
`{G}` river, mountain, county (a place),
`{A}` house and road (the road is a place), `{D}` date, `{N}` reference, `{T}` title, `{H}` thing or
product, `{J}` job, `{W}` what was done, `{C}` postcode, `{k}` nationality, `{f}` and `{g}` forename and
surname in small letters; slots of several letters are those of `world.py`. Nothing here is about real people.
"""

from __future__ import annotations

import re
import string

from benchmarks.names import world
from benchmarks.names.pools import Pools
from benchmarks.names.world_slots import KIN, filled

Marked = tuple[str, list[tuple[int, int, str]]]
_SLOT = re.compile(r"\{([A-Za-z]+)\}")
_GENRES = (
    (world.LIVES, 0.3),
    (world.NEWS, 0.27),
    (world.ARMED, 0.13),
    (world.POSTS, 0.24),
    (world.TECHNICAL, 0.06),
)

SENTENCES = (
    """
Visited {F} at home today with {P}.|{F} presented as tearful and said that {S} had not been paying the rent.
Tel call from {P} re housing benefit.|Call from {F}'s mother, {P}, who lives in {L}.|{P} attended the {L} office on {D}.
Seen by Dr {S} in clinic.|Referred to {T} {S} at {O}.|Discussed with {P} ({J}) and {P}.
{F} moved from {L} to {L} in March.|{F} was born in {L} and grew up in {L}.|{S} was arrested by PC {S} near {R}, {L}.
{T} {S} confirmed that the {H} had been delivered.|DS {S} took a statement from {P}.|{F} reports low mood since {D}.
{P} and {P} were both present.|Prisoner {P} transferred.|Asked to be known as {F}.|Home visit to {F} and {P}.|Crew {S}/{S}. Nil of note.|{F} is using daily.|can you tell {f} that mrs {g} rang|Present: {P}, {P}, {P}.|Apologies: {P}; {T} {S}.|Attendees: {P} ({J}), {P} ({O}), {P}
Cllr {S} proposed and Cllr {S} seconded the motion.|{T} {P} opened the meeting.|Minutes taken by {P}.
Her daughter {F} visits on Tuesdays.|His brother {P} is next of kin.|Her partner, {P}, was also in the property.
Keyworker {F} to contact {O} about the {H}.|Spoke to {F} at {O}.|{F} says he has not heard from {F} since {D}.
{P} of {A}, {L}|Please write to {P}, {A}, {L}, {C}.|The tenant at {A}, {L} is {P}.|Home address: {A}, {L} {C}
{F} {S} will chair; {F} will send papers.|Thanks {F}, I have copied in {F} and {F}.|Can you ask {F} to ring {P} on {N}?
Hi {F}, just to let you know {P} from {O} called.|{F} is on leave until {D}; please contact {P} instead.
The claimant, {P}, has appealed.|{S} v {S}|R v {S}|The defendant {P}, of {L}, pleaded guilty at {O}.
{P}, {J}, said the scheme would help people across {L}.|Speaking in {L}, {P} welcomed the report.
Pt {F} seen on ward.|Pt's wife {F} informed.|NOK {P} (wife) aware.|GP: Dr {P}, {O}|Consultant: {T} {P}
Carer {F} rang to say that {F} had fallen.|Safeguarding referral made by {P}, {J}, {O}.
Son {F} (9) and daughter {F} (4) were asleep upstairs.|Children: {F} (7), {F} (5) and baby {F}.|Crew {S}/{S}.|Interviewed by Officer {S}.|Carer: {P}
{F} "{F}" {S} was there too.|Mum {F} and step-dad {F} attended.|Known as {F}. Real name {P}.|{f} says she will ring back|can you ask {f} if {f} is in today|hi {f}, mrs {g} rang about her bins
Tutor {P}.|Examiner {P}.|Dear Aunty {F} and Uncle {F}, thank you.|The {S}s next door complained.|Spoke with {F}'s nan, {F}.|Could {F} or {F} cover reception?|Lives with {F} and her boy {F}.
Mr {S} bought it at {O}.|{F} works nights at {O} in {L}.|Collected from {O} by {F}.|{F} is staying behind {O}, {L}.|Raised with {O} by {P}.|Contact with birth mum {F} fortnightly.|His mates {F} and {F} were seen.
{P} RN|{P}, RGN|Signed {P} MP|Seen by SR {P}|Manager: {F}.|w/ {P}|Key worker {F} to ring {F}.|{S} was taken to {L}.|Captain {P} of {L} objected.|Consent given by {P} on behalf of {F}.|{F} no longer wishes to see {F}.
{F} was nursing her baby.|{F}, who is {k}, asked for an interpreter.|{P} is {k} and speaks {k}.|Nationality: {k}. Name: {P}.|{F} likes Reading and Bath time.|Pls tell {F} ta.|Thx {F}|Regards {F}|Love {F} xx|Best, {F}
Flights from {L} to {L} were delayed.|The train to {L} leaves at 10.15.|Travel: {L} to {L} return.|Visit to {L}, {L} and {L}.
We have offices in {L}, {L} and {L}.|Residents of {L} were told on {D}.|Based in {L}
""".strip()
    .replace("\n", "|")
    .split("|")
)

WORLD = (
    """
{L} is a town in {L}.|{L} is a municipality in the district of {L}, in {L}.|It lies north of {L}, on the {G}.|The {G} flows through {L} and {L}.
{L} is a village and former civil parish in {L}, {L}, {L}.|The station serves the village of {L} in {L}.|The nearest towns are {L} and {L}.
{P} (born {D}) is a {j} from {L}.|{P} was born in {L}, {L}, the son of {P} and {P}.|{F} grew up in {L} before moving to {L} with her parents.
After leaving {L} in 1994, {S} settled in {L}, where {F} taught at {O}.|{S} died at home in {L}, {L}, aged 81.|He was buried at {L}.
In {D} {S} joined {O}, then based in {L}.|{S} married {P}, a {j}, in {L}.|{P} and {P} won the doubles title in {L}.|She won a silver medal in {L}.
The {G} separates {L} from {L}.|They climbed {G} in {D}.|The army crossed {G} and marched on {L}.|The treaty between {L} and {L} was signed in {L}.
The party won every seat in {L} but lost {L}.|Trade between {L} and {L} doubled.|The war in {L} began in {D}.|Refugees from {L} reached {L}.
The company was founded in {L}, {L}, and has plants in {L}, {L} and {L}.|{O} opened an office in {L}.|The album was recorded in {L} by {P}.
The genus is found in {L}, {L} and {L}.|It is endemic to {G}.|It was filmed in {L} and on {G}.|The road runs from {L} to {L} via {L}.
The railway linked {L} with {L} until {D}.|Flooding closed roads around {L} and along the {G}.|Police in {L} are appealing for witnesses.
A man from {L} has been charged.|{P}, 34, of {L}, appeared in court in {L}.|{J} {P} told the BBC that {L} would not follow {L}.|Speaking after the match in {L}, {S} praised {S}.
{S} said {L} had "no plans" to join.|The President of {L}, {P}, arrived in {L} on {D}.|{T} {S} flew from {L} to {L} on {D}.|The {L} government denied it.
Off to {L} tomorrow!|anyone in {L} fancy a pint?|so proud of {P} tonight|Happy birthday {F}!! xx|RT @user: {P} live in {L} tonight|Back in {L} and missing {L} already
omg {F} is hilarious|can't believe {P} is leaving {O}|Train from {L} delayed AGAIN @user|just landed in {L} :)|{F} and {F} are coming to {L} xx|Snow in {L}? In {D}?|Who saw {P} on telly
Just seen {P} at {O} lol|New post: 10 things to do in {L} http://example.org/x|Good luck to {P} and {P} at {G}!|#nowplaying {P}|listening to {P} all day|{L} > {L} any day
""".strip()
    .replace("\n", "|")
    .split("|")
)

PLAIN = (
    """
Keeper per DVLA.|Victim moved to refuge.|Applicant arrived late.|Consignee informed.|Bail varied: reside as directed.|Venue TBC.|Witness unwilling.|Claimant absent.|SEN review due.|Defendant produced.|Patient discharged.|Caller rang off.|Prisoner transferred.|Nationality: {k}|Speaks {k} and some {k}.|Temporary password reset.|Pupil A's mother rang.|Pupil B was absent.|Child C was seen.|Venue to be confirmed.|Ed Psych to attend.|Old SIM removed.|Replace {H}.
Storm Ciara closed the road.|Team Jubilee to attend.|Will advise.|Mark as read.|Bill overdue.|Grace period ends 1 May.|Pat testing due.|Bring Red Book.|Books returned: Jane Eyre, Great Expectations, Emma.|Jenkins build failed.|Job raised with {O}.
Order {N} from {O}.|The {O} site is shut.|Martin Luther King lecture theatre is booked.|Keeper informed.|Sent to {O}.|Paid by {O}.|BMW, Audi and Ford only.|Ta|Cheers|Ring {O}.|{O} will invoice {O}.|Christian and Muslim pupils attended.|Victorian terrace.
The {H} was ordered on {D}, ref {N}.|Housing Benefit and Council Tax Reduction are reviewed in April.
{W} completed.|Universal Credit claim made on {D}.|{O} has been informed.|{O} published its Annual Report on {D}.
Please quote reference {N}.|The Committee agreed the Terms of Reference.|Data Protection Officer informed under Article 33.
Grade {J}, Band 6, Permanent, Full Time.|Advised to ring the Contact Centre.|The Environmental Health Team inspected.
Passed to Adult Social Care.|BP 120/80, HR 72, Sats 98% on air.|Bloods taken; FBC, U&Es, LFTs NAD.|PMH: COPD, T2DM, CKD 3.
Plan: Continue Ramipril 5mg OD; Metformin 500mg BD.|Stock: {H} x 12.|Purchase order {N} for {H}.|See Appendix B and Table 4.
Under the Children Act 1989 and the Care Act 2014.|Freedom of Information Act request {N}.|Agenda Item 5: Matters Arising
Risk: High. Owner: Head of Finance.|Action Plan due {D}.|Next Review {D}.|Payment by Direct Debit only.
The Working Group met on Monday.|Microsoft Teams meeting|Sent from Outlook for iOS|Kind regards|Many thanks
Personal Independence Payment awarded from {D}.|The Local Plan sets out Green Belt policy.|Annual Leave: 25 days plus Bank Holidays.
Install PostgreSQL and Redis, then run Docker Compose.|Use GitHub Actions with Terraform and Ansible.|SELECT * FROM Customers WHERE Status = 'Open';
The UserController calls PaymentService; see README.md.|Error: Connection refused (Timeout after 30s)|class ReportBuilder(BaseModel):
Kubernetes Pods restart when the Liveness Probe fails.|Add the Header to the Request.|Set Content-Type to JSON.|Windows Server 2019, SQL Server
Open the Settings menu and choose Export.|Click Save and Continue.|Press Submit.|Version 2.1 Draft|Page 3 of 12|OFFICIAL-SENSITIVE
""".strip()
    .replace("\n", "|")
    .split("|")
)

LETTERS = """
{P}
{A}
{L}
{C}

{D}

Dear {T} {S},

{p} {p}

Yours sincerely

{P}
{J}
{O}
=====
Dear {F},

{p} {s}

Kind regards,
{F}

{P}
{J}, {O}
Tel: {N}
=====
From: {P} <{e}>
To: {P} <{e}>
Cc: {P}; {P}
Sent: {D}
Subject: {H} for {L}

Hi {F},

{s} {p} {s}

Thanks
{F}
=====
Surname: {S}
Forename: {F}
Date of birth: {D}
Place of birth: {L}
Address: {A}, {L} {C}
Occupation: {J}
Next of kin: {P}
GP: Dr {S}
Reference: {N}
=====
Name: {P}
Address: {A}
Town: {L}
County: {L}
Postcode: {C}
Employer: {O}
Line manager: {P}
Signed: {P}   Date: {D}
=====
CASE NOTE {N}
{D} {s} {s} {p}
{D} {s} {p} {s}
Author: {P} ({J})
=====
{D} - {s} {s} {p}
=====
{s} {p} {s} {s}
=====
{s}
=====
{s} {s}
=====
{p} {s} {p}
=====
{F},
{p} {s}
Ta,
{F}
=====
hi {f}, {p} thx
{f}
=====
{F}
{s}
Best,
{F}
=====
Hello {F} and {F},

{s} {p}

Many thanks,

{P}
=====
{M}   DOB {D}   Ref {N}
{s} {p}
=====
Client: {P}
Nationality: {k}
Language: {k}
Lives: {A}, {L}
Keyworker: {F}
{s}
=====
{p} {p} {p}
=====
{p}
=====
Dear Sir or Madam,

{p} {p}

Yours faithfully,
{O}
=====
{N},{P},{L},{D},{O}
{N},{P},{L},{D},{O}
{N},{P},{L},{D},{O}
=====
{M}	{L}	{N}
{M}	{L}	{N}
{M}	{L}	{N}
=====
Product: {H}
Supplier: {O}
Qty: 4
Status: Delivered
Notes: {p}
=====
MINUTES of the {O} held on {D} at {L} Town Hall
Present: Cllr {P} (Chair), Cllr {P}, Cllr {S}
1. Apologies. Received from Cllr {S} and {T} {S}.
2. {p}
3. {s} {p}
=====
[{D}] {F}: {s}
[{D}] {F}: {p} thanks {F}
[{D}] {F}: ok
=====
{P} (born {D} in {L}) is a British {j}. {F} studied at {O} and later worked in {L}. {S} joined {O} in {D}.
=====
{w} {w} {w}
=====
{w} {w}
=====
{w}
=====
{w} {w} {w} {w}
=====
{w} {p} {w}
=====
{P} was an English {j} from {L}. He played for {L} and {O}. {S} died in {L} on {D}.
=====
{L} (Reuters) - {P}, {J} of {O}, said on Monday that {L} would follow {L}. "{p}" {S} told reporters in {L}.
=====
* {H}
* {H}
* {O}
* {p}
=====
## {H}

{p} {p}

1. {p}
2. {p}
=====
WITNESS STATEMENT of {P}
I, {P}, of {A}, {L}, will say as follows: {s} {s}
""".strip("\n").split("\n=====\n")

TITLES = "Mr Mrs Ms Miss Dr Professor Mr Mrs Cllr Sir Rev Mx Dame".split()
ROADS = "Street Road Avenue Lane Close Drive Way Court Crescent Gardens Grove Place Terrace Square Hill Park Mews Walk".split()
ROAD_NAMES = (
    "High Station Church Park Victoria Albert Mill King's Queen Stanley Acacia Elm Oak Rose London York Manor School "
    "Chapel North West Green New George Alexandra Windsor Grange Springfield Nelson Wellington Cambridge Clarence"
).split()
THINGS = (
    "Stanley Knife|Ford Fiesta|Ford Transit|Skoda Octavia|Nissan Micra|Renault Clio|Vauxhall Corsa|HP LaserJet Pro|Dell Latitude 5420|iPhone 14|Samsung Galaxy|Bosch Drill|"
    "Karcher Pressure Washer|Dyson V10|Office Chair, Black|A4 Paper|Earl Grey Tea|Cadbury Dairy Milk|Barbour Jacket|"
    "Levi Jeans|Hunter Wellington Boots|Jubilee Clip 25mm|Phillips Screwdriver|Makita Saw|Blu Tack|Sellotape|Wheelchair|"
    "Zimmer Frame|Hoist|Ring Binder|Post-it Notes|Sage Accounts|Microsoft Excel|Google Drive|Adobe Acrobat|Jira Ticket|"
    "Council Tax bill|Blue Badge|Bus Pass|Food Bank voucher|Section 21 Notice|Universal Credit|Child Benefit|Boiler Repair|"
    "Worcester Bosch Boiler|Baxi Boiler|Grant Agreement|Service Level Agreement|Business Case|Crown Paint|Victoria Sponge|"
    "Harris Brush|Morris Minor|Austin Healey|James Bond DVD|Jack Daniels|Johnson Baby Oil|Martin Guitar|Will and Probate|"
    "Bill of Quantities|Mark Scheme|Grace Period|Frank Statement|Drew Model 4|Pat Test|Sandy Loam|Penny Washers M8"
).split("|")
JOBS = (
    "Social Worker|Housing Officer|Head of Finance|Senior Planning Officer|HEO|Case Manager|Teacher|Nurse|Director of "
    "Operations|Data Protection Officer|Caretaker|Team Leader|Chief Executive|Benefits Adviser|Community Nurse|Clerk"
).split("|")
TRADES = "footballer|politician|actor|singer|novelist|cricketer|painter|physicist|composer|engineer|journalist".split(
    "|"
)
ACTS = "Home visit|Risk Assessment|Annual Review|Gas Safety Check|Site Inspection|Interview|Medication Review".split(
    "|"
)
BODIES = (
    "Citizens Advice|Age UK|Barclays|Tesco|Serco|Capita|HM Revenue and Customs|Department for Education|Home Office|"
    "Jobcentre Plus|Shelter|British Gas|Thames Water|NHS England|Ministry of Justice|Environment Agency|Ofsted|"
    "Planning Committee|Housing Association|Crown Prosecution Service|HMCTS|DWP|DVLA|Marks and Spencer|John Lewis|"
    "Greggs|Wickes|Mears|Halfords|Wetherspoon|Unilever|Faber|Barratt|Kier|Balfour Beatty|Mitie|Amey|Clarion|Vodafone|Nokia|"
    "Siemens|Philips|Ford|Honda|Vauxhall|Penguin|Oxfam|Barnardo's|Mind|Scope|Samaritans|Nando's|McDonald's|Costa|Subway|"
    "Dunelm|Argos|Currys|Primark|Iceland|Lidl|Aldi|Asda|Sainsbury's|Waitrose|Co-op|Specsavers|Savills|Experian|Equifax|"
    "Bristan|Baxi|Harwood|Jewson|Travis Perkins|Screwfix|Stagecoach|Arriva|Hermes|Yodel|Hays|Reed|Adecco|Wilko|Debenhams|"
    "Morrisons|Lloyds Bank|Smith & Sons Ltd|Boots|W H Smith|Johnson Matthey|Rolls-Royce|BBC|Manchester United|RSPCA"
).split("|")
ENDINGS = "Council|Borough Council|NHS Trust|General Hospital|Magistrates Court|Primary School|Academy|Housing|Surgery|College|University|United|Police".split(
    "|"
)
FEATURES = (
    "Mount *|Lake *|River *|* River|* County|* Province|* Island|* Islands|* Valley|* Bay|* Mountains|* Hills|Cape *|Port *|"
    "Fort *|* Peninsula|* District|Province of *|Gulf of *|Isle of *|* Beach|* Park|* Railway Station|North *|South *|West *|"
    "East *|New *|Upper *|Old *|St *|San *|El *|* Heights|* Forest|* Desert|* Falls|* Creek|* Castle|* Airport|* Bridge|Great *"
).split("|")
COMPANY = "Ltd|& Sons|Solicitors|plc|LLP|Builders|Estate Agents|Consulting|Group".split("|")


class Writer:
    """Fills templates. One instance is one stream of documents."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._random = pools.random

    def document(self) -> Marked:
        body = self._pools.pick(LETTERS)
        while "{s}" in body or "{p}" in body or "{w}" in body:
            body = body.replace("{s}", self._pools.pick(SENTENCES), 1)
            body = body.replace("{p}", self._pools.pick(PLAIN), 1)
            body = body.replace("{w}", self._pools.pick(WORLD), 1)
        return self._filled(body)

    def of_the_world(self) -> Marked:
        """A life, an item of news, a post or a piece of technical prose: up to five sentences of one kind."""
        lines = self._random.choices([g for g, _ in _GENRES], [share for _, share in _GENRES])[0]
        short = lines is world.POSTS
        size = 1 if short and self._random.random() < 0.8 else self._random.randint(1, 2 if short else 5)
        body = " ".join(self._pools.pick(lines) for _ in range(size))
        if short and self._random.random() < 0.25:
            body = self._pools.pick(("", "lol ", "@{handle} ", "RT @{handle}: ", "“@{handle}: ")) + body
        return self._filled(body)

    def _filled(self, body: str) -> Marked:
        text, ents, at = "", [], 0
        people: list[str] = []
        for match in _SLOT.finditer(body):
            text += body[at : match.start()]
            at = match.end()
            for piece, kind in (
                self._fill(match[1], people) if len(match[1]) == 1 else filled(match[1], self._pools, people)
            ):
                if kind:
                    ents.append((len(text) - (text[-1:] == "#"), len(text) + len(piece), kind))
                text += piece
        text += body[at:]
        if self._random.random() < 0.03:
            text = text.upper() if len(text.upper()) == len(text) else text
        return text, ents

    def _fill(self, slot: str, people: list[str]) -> list[tuple[str, str]]:
        pools, r = self._pools, self._random.random()
        if slot == "P":
            name = pools.person()
            people.append(name)
            return [(name, "PER")]
        if slot == "F":
            known = people[-1].split()[0] if people and r < 0.4 else ""
            return [(known if len(known) > 2 and known.isalpha() else pools.forename(), "PER")]
        if slot == "f":
            return [(pools.forename().lower(), "PER")]
        if slot == "g":
            return [(pools.family().lower(), "PER")]
        if slot == "S":
            known = people[-1].split()[-1] if people and r < 0.3 else ""
            return [(known if len(known) > 2 and known.isalpha() else pools.family(), "PER")]
        if slot == "M":
            surname = pools.family()
            return [(f"{surname.upper() if r < 0.5 else surname}, {pools.forename()}", "PER")]
        if slot == "L":
            place = pools.place()
            return [(place.upper() if r < 0.04 else place, "LOC")]
        if slot == "G":
            return [(self._feature(), "LOC")]
        if slot == "R":
            return [(self._road(), "LOC")]
        if slot == "A":
            number = self._random.randint(1, 240)
            return [
                (pools.pick((f"{number} ", f"Flat {number % 20}, {number} ", f"{number}a ")), ""),
                (self._road(), "LOC"),
            ]
        if slot == "O":
            return [(self._body(), "ORG")]
        plain = {
            "D": self._date,
            "N": self._reference,
            "C": self._postcode,
            "k": lambda: self._pools.pick(KIN),
            "e": lambda: "".join(self._random.choices(string.ascii_lowercase, k=7)) + "@example.org",
        }
        if slot in plain:
            return [(plain[slot](), "")]
        lists = {"T": TITLES, "H": THINGS, "J": JOBS, "W": ACTS, "j": TRADES}
        return [(pools.pick(lists[slot]), "")]

    def _road(self) -> str:
        name = self._pools.pick(ROAD_NAMES) if self._random.random() < 0.6 else self._pools.family()
        return f"{name} {self._pools.pick(ROADS)}"

    def _feature(self) -> str:
        """A river, mountain, county or the like, named after a place or a family."""
        root = self._pools.place() if self._random.random() < 0.6 else self._pools.family()
        return self._pools.pick(FEATURES).replace("*", root)

    def _body(self) -> str:
        r = self._random.random()
        if r < 0.5:
            return self._pools.pick(BODIES)
        if r < 0.8:
            return f"{self._pools.place()} {self._pools.pick(ENDINGS)}"
        return f"{self._pools.family()} {self._pools.pick(COMPANY)}"

    def _date(self) -> str:
        d, m, y = self._random.randint(1, 28), self._random.randint(1, 12), self._random.randint(1940, 2026)
        month = (
            "January February March April May June July August September October November December".split()[
                m - 1
            ]
        )
        return self._pools.pick(
            (
                f"{d:02}/{m:02}/{y}",
                f"{d} {month} {y}",
                f"{y}-{m:02}-{d:02}",
                f"{month} {y}",
                f"{d} {month[:3]}",
            )
        )

    def _reference(self) -> str:
        letters = "".join(self._random.choices(string.ascii_uppercase, k=2))
        digits = "".join(self._random.choices(string.digits, k=6))
        return self._pools.pick(
            (f"{letters}/{digits}", digits, f"{letters}{digits}", f"07700 900{digits[:3]}")
        )

    def _postcode(self) -> str:
        r = self._random
        a, b = "".join(r.choices("ABCDEHKLMNPRSTW", k=2)), "".join(r.choices("ABDEFGHJLN", k=2))
        return f"{a}{r.randint(1, 29)} {r.randint(1, 9)}{b}"
