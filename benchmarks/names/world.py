"""Synthetic lives, news, military news, posts and technical prose, with the names in them marked.

The slots of `templates.py`, and by name: `{team}`, `{unit}`, `{school}`, `{force}` (organisations); `{ship}`,
`{house}` (a pub, shop or house), `{work}` (a book, film or song), `{arm}` (a weapon, aircraft or vehicle),
`{event}`, `{rank}`, `{Trade}`, `{people}` (a nation or faith), `{first}` and `{name}` (of a storm or a prize), `{software}`, `{handle}`, which are nobody's name;
`{ptag}`, `{ltag}` (a person or place as a hashtag), `{foreign}` (a person as the news of the world names them),
`{town}` (a place abroad), `{place}` (a place in small letters), `{who}` (a person in small letters), `{SHOUT}`
(a person in capitals), `{Where}` (a place in capitals), `{noble}` (a person with a place after `of`).
"""

from __future__ import annotations

LIVES = """
{P} (born {D}) is a {people} {j}.
{P} ({D} – {D}) was a {people} {j} and {j}.
{P} (c. 1640 – 1702) was a {people} {j} from {L}.
{P} was born in {L}, {town}, the daughter of {P} and his wife {P}, née {S}.
{P} (née {S}; born {D}) is a {people} {j}.
{P}, née {S}, was a {people} {j}.
{P} "{F}" {S} (1919–1984) was a {people} {j} from {town}.
Born {P} in {L}, she took the name {P} on her marriage.
Sir {P}, 6th Baronet, of {L}, owned lead mines near {L}.
{rank} Sir {P} KCB was an officer of the {force}.
{S} was educated at {school} and {school}, {L}.
{S} attended {school} before reading law at {school}.
At {school} his friends were {S} and {S}.
{S} read history at {school}, Cambridge.
After studies in {town} under {foreign}, {S} settled in {town}.
{S} showed his landscapes in {town} and {town}.
{S} studied under {P} and later taught {P}.
A pupil of {S}, he composed {work} and {work}.
{S}'s memoir, {work}, won the {name} Prize.
Papers of {S} are kept in {house}.
The {name} Chair was founded in her memory; the {name} Lecture is given each May.
The {name} Medal was awarded to {P} of {school}.
{S} made her debut against {town} in {town} in 2014.
He kept goal for {team}, {team} and {town}.
{S} has been a winger with {team} since 2011 and won 14 caps for {town}.
The {team} drafted {S} in 2009 and traded him to the {team}.
He coached {team} of {town} until 1998.
{S} bowled leg breaks for {team} and took 5 for 60 at {L} against {team}.
{S} won bronze at the World Championships in {town} and finished ninth in {town}.
{S} rowed for {town} at the Games in {town}.
She and her husband {P} had two daughters, {F} and {F}.
{F} was the niece of {P} and a cousin of {foreign}.
He was succeeded by his son {F}.
He is survived by his wife {F}, and their children {F} and {F}.
He married {F}, daughter of {P} of {L}.
{S} enlisted in the {force} and lost an arm at the {G}.
He fell near {town} on {D}.
{S} saw the siege of {town} and the battle of {town}.
He had command of {ship} off {town} for two years.
His first ship was {ship}, in the {G}.
He fought at {town}, {town} and {town}, and was captured at {town}.
{S} was a {people} nationalist who led the defence of {town}.
As governor of {town} he built the road to {town}.
She sat for {L} until {D}.
{S} was elected member for {L} as a Liberal.
{S} was appointed Bishop of {L} in 1781.
{S}, who was Archdeacon of {L}, died at {L}.
The young {S} moved with his family from {town} to {town}.
His family emigrated from {town} to {town} in 1961.
{S} has homes in {town} and {L}.
{S} grew up in {town}, {town}, and became a {j}.
A native of {town}, {S} moved to {town} aged nine.
{S} lives in {town} with the {j} {foreign}.
{S} died at {town} in {D} and was buried in {town}.
{foreign} was a {people} {j} of the {force}.
{foreign} is a {people} {j} born in {town}.
{foreign} (Arabic: محمد; born 1971) is a {people} {j}.
{noble} was a {people} nobleman.
His works were translated by {foreign}.
In his diary {S} calls {S} "a bore".
{S} corresponded with {P} and {P}.
She threw an egg at {S} in {L} and was fined.
He played drums for {P} and {P} in {town}.
{S} appeared in {work} opposite {P}.
Her films include {work}, {work} and {work}.
{S} played {F} in the BBC series {work}.
The role of {F} was taken by {P}.
He wrote {work} with {P}.
The house was designed by {P} for the {S} family.
{P} ran the ferry at {L} for forty years.
The {S}s were merchants in {town}.
During the {event} he lived in {town}.
{S} was in the {team} side at the {event}.
He served with the {unit} in {town} and {town}.
{S} commanded the {unit} at {town}.
He was decorated by King {F} in {town}.
His horse, {ship}, won the {event} in 1899.
His brother {F} emigrated to {town}.
She is a Fellow of {school}.
{Trade} {P} left {town} in {D}.
{Trade} {P} was the first to reach {town}.
Born in {town}, {P} ran away to {town} at fifteen.
In {D} {P} met {foreign} and {F}.
Under {P} and {foreign} she wrote her first songs.
She sang for {S} and {S} in {town}.
He lost to {S} in {town}, beat {S} and drew with {S}.
{S} heard her and took her to {town}.
{S} knew {S}, {S} and {P} well.
{P} found the comet from {L}.
{S} struck first, and {S} fell.
Later {S} wrote to {S} from {town}.
{S} lost. {S} won. {S} retired.
When {S} died, {P} took over the firm.
{P} fled north and reached {town} with the help of {P}.
He joined the staff of {school} as lecturer in {people} studies.
""".strip().split("\n")

NEWS = """
{foreign}, a {people} official, said the {people} army had retaken {town}.
{people} forces backed by {people} fighters entered {town} on {D}.
{people} troops, {people} militia and {people} tribesmen fought around {town}.
The {people} army said {force} was beaten back over the {G}.
Near {town}, two strikes destroyed three fighting positions.
Near {town}, one strike struck a tactical unit and damaged a vehicle.
Near {town}, four {arm} strikes destroyed a {force} bunker.
Strikes in {town}: near {town}, one strike; near {town}, two strikes.
A {people} convoy reached {town} from {town} with food for 3,000 families.
Air raids on {town} and {town} left 20 dead, {force} said.
Fighting continued in {town}, {town} and around {town}.
{force} seized {town} and advanced on {town}.
{force} fighters withdrew from {town} towards {town}.
An explosion in {town}, in {town} province, left many hurt.
No group claimed the attack in {town}, but {force} has struck before.
The {unit} took the hamlet of {town}, north-west of {town}.
{rank} {foreign} told reporters in {town} that the road to {town} was cut.
{rank} {P} of the {unit} said {force} had been beaten.
"We will go back to {town}," said {foreign}, a farmer.
"They came at night," said {foreign}, 28, who fled {town} with two children.
{people} President {foreign} met {foreign} in {town} on {D}.
{people} Foreign Minister {foreign} flew to {town} for talks with {foreign}.
Those who died were {foreign}, 24, and {foreign}, 31, {people} officials said.
Prime Minister {foreign} visited {town}.
President {S} will meet Chancellor {S} in {town}.
{S} told parliament that {town} would not follow {town}.
UN envoy {foreign} will travel to {town} and {town} next week.
The {force} office in {town} welcomed the ceasefire in {town}.
The governor of {town}, {foreign}, was killed near {town}.
A court in {town} jailed {foreign} for 11 years.
Opposition leader {foreign}, in exile in {town}, said the vote was stolen.
{town} has denied supplying parts to {town}.
{town} and {town} signed the treaty in {town}.
Talks in {town} between {town} and {force} broke down.
{Where} (AP) — {foreign} was sworn in on {D}.
{Where} - {people} shelling killed three people in {town} overnight.
{town} (Reuters) - {force} said it would close its mine at {town}.
The {people}-backed {force} said {foreign} had resigned.
Refugees from {town}, {town} and {town} crossed the {G}.
The {force} picked up a boat drifting south of {town}.
Storm {first} flooded {L}, {L} and parts of {L}.
Hurricane {first} made landfall near {town}.
{R} was closed while police searched the {house}.
Residents of {L} gathered outside the {house} to protest.
A man was stabbed outside the {house} in {L}.
{P}, 22, of {L}, was arrested outside the {house}.
Councillor {P} told the {school} that the {house} would reopen.
{team} beat {team} 3-1 at {L}, with {S} scoring twice.
{team} have signed {P} from {team} for £4m.
{team} manager {P} said {S} was injured.
{town} drew 0-0 with {town} in {town}; {S} missed a penalty.
{S} and {S} put {team} ahead before {S} equalised.
{O} shares fell as {S}, its chief executive, resigned.
{O} will open a plant in {town} with {O}.
{O}'s {P} said work in {L} was safe.
{J} {P} welcomed the report by {O}.
The {name} Report recommended closing {house}.
The {name} Foundation gave £2m to {school}.
The {event} was opened by {P} in {L}.
{work}, directed by {P}, opens in {L} on {D}.
{P} stars in {work} at the {house}.
Scientists at {school} in {town} said the {software} was safe.
The {ship} sailed from {town} bound for {town}.
Protesters marched in {town}, {town} and {town}.
{people} and {people} diplomats were expelled from {town}.
""".strip().split("\n")

ARMED = """
{ship} left {L} this morning for the {G}.
{ship} and {ship} took part in an exercise off {town}.
{ship} relieved {ship} in the {G}.
Commander {P}, commanding officer of {ship}, said her crew were ready.
{rank} {P} of the {unit} received a medal from {noble}.
{rank} {P} commands {ship}.
{rank} {P}, {unit}, paid tribute to {rank} {S}.
{rank} {S} was killed near {town} in {town}.
It is with sorrow that the death of {rank} {P}, {unit}, is announced.
{rank} {P} died of wounds received near {town}. He was serving with the {unit}.
{rank} {P}, his squadron leader, said: "{F} made us laugh."
{F} leaves his parents, {F} and {F}, and his fiancée {F}.
The {unit} is based at {L}.
Soldiers from the {unit} trained with the {unit} in {town}.
{arm}s of the {unit} flew from {town} to {town}.
An {arm} from the {unit} dropped supplies near {town}.
A {arm} hit a bunker south of {town}.
Two {arm}s conducted strikes near {town} with {arm} missiles.
The {arm} fired {arm} at a truck bomb near {town}.
{arm} bombs struck a factory near {town}.
The {arm} is built by {O} in {L}.
{O} will build five frigates at {L}, {rank} {P} said.
Defence Secretary {P} met his {people} counterpart {foreign} in {town}.
Defence Minister {P} visited {unit} in {town}.
The Armed Forces Minister, {P}, announced it at {L}.
Exercise {event} ended in {town}.
Operation {event} began near {town}.
Troops deployed to {town} under Operation {event}.
{people} {rank}s and {people} engineers trained at {town}.
The {force} patrolled the {G} with {people} ships.
Veterans of {town} and {town} met at the {house} in {L}.
The Battle of {town} was fought by the {unit}.
The {unit} held {town} against the {unit}.
Cadets from {school} marched past {rank} {S}.
{rank} {P} took command of {unit} from {rank} {P}.
A memorial to the men of the {unit} who fell at {town} was unveiled by {P}.
{P}, a {arm} pilot of the {unit}, flew her 100th sortie.
A {arm} from {L} winched nine men from the trawler {ship} off {L}.
Royal Marines of 40 Commando boarded the {ship} off {town}.
{rank} {S} served in {town}, {town}, {town} and {town}.
Reservists from {L} joined {unit} at {town}.
""".strip().split("\n")

POSTS = """
RT @{handle}: {P} live in {L} tonight
RT @{handle}: so proud of {F}
@{handle} when u next in {L}? {F} misses u xx
@{handle} {F} says hi!
.@{handle} tells {P}: no deal
lol {who} forgot the words
{who} and {who} are getting married
happy bday {who} love u loads xx
need a night out with {who} asap
{who} is my fave
who else is watching {who} tonight
anyone in {place} fancy a pint
{place} > {place}
been in {place} all day im so tired
hate {place} sometimes
we all need a bit of love tbh
i need a new {software} so bad
so done with today
someone take me to {place} pls
new album from {who} is unreal
Breaking: ferry sinks near {town}, {town}, many missing
BREAKING: {P} resigns as leader of {O} #news
#{ltag} floods: how you can help
#{ptag} is amazing
I love #{ptag} and #{ptag}
We love you #{ptag} http://t.co/a8Zk31Qx
#nowplaying {work} by {P}
#NowPlaying {P} - {work}
Listening to {work} by {P}
Watching {work} with {F}
{team} 3-0 {team} FT. {S} hat trick
HT {team} 0 {team} 2 ({S}, {S})
{S}, {S} and {S} all out injured
{P} beats {P} in the final at {L}
RIP {P}. Legend.
R.I.P. {P}
Good luck to {P} & {P} today
Happy Birthday {F}!!!
Happy birthday @{handle} hope {F} spoils u
I'm at {house} ({L}, {L})
Sunset over {L} this eve
I'm at {house} in {L} w/ {F}
Cannot wait for {house} tonight with {F}
never going back to {house}, rude staff
queue outside {O} in {L} is mental
Thanks {O} for fixing my {software}
Lorry fire on the M6 near {L}
{S} u-turns on tax
{S} {S} or {S}? none of them
Tory MP {P} talks to me about rail fares http://t.co/a8Zk31Qx
Missing: {P}, aged 9, last seen in {L}. Please share
Woman killed in {L} crash was {P}, 51
My guide to {town} is up #{ltag}
{SHOUT} IS MY KING
HAPPY BIRTHDAY {SHOUT}
GOING TO {Where} TOMORROW
follow me @{handle} pls
#FF @{handle} @{handle} @{handle}
RT for {work} fav for {work}
Lunch w/ {F} & {F} @ {house}
saw {who} at {house} last nite
{who} is such a legend
{who} needs to chill out
rain in {place} again
take me back to {place}
cba with {place} today
back home in {place} for xmas
{place} people are mad
who wants to go {house} later w/ {F}
{F} made me cry at {house}
{S} or {S} for player of the year?
{S} sent off! #{ptag}
{S} out. About time
{S} quits as {O} boss
{S}: {L} is safe #{ltag}
#{ltag} {S} and {S} sign deal in {town}
Pics from {L} #{ltag} #{ltag}
{P} is everything
{S} > {S} and that's that
{P} > {P}
{who} > {who}
why is {who} always on telly
{who} on repeat all day
{SHOUT} > {SHOUT}
listening to {who} on the bus to {L}
{F} and {S} > {S}
saw {S} at {house}, {F} says hi
thanks {O} app down again
{P} can do no wrong in my eyes
{P} has died aged 71
Wow {P} just wow
{H} half price at {house}
{work} is the best book {P} ever wrote
#{ptag} #{ptag} #{ptag}
VOTE {SHOUT} TONIGHT
FREE {SHOUT} NOW
Delays at {L} due to signal failure
{L} here I come!
Loving {L} right now
{team} away on saturday, {L} here we come
{team} fans in {L} tonight
I need my {software} fixed
{team}: {S}; {S}, {S}, {S}; {S}
Interview with {P} of {O} via @{handle}
{foreign} freed in {town} via @{handle}
{P}: "we will win in {L}"
Don't tell {F} lol
thank you so much {F} xx
Oi {O} where's my train to {L}
Types of {software} Planning a Lawyer Needs
New Post: How To Save Money On {software} This Week
World's Top {software} Chef Puts Out Album
Please Follow Me I Love You So Much
Make It Count With Great Deals From {O}
Love This Song So Much Right Now
Good Morning Everyone Have A Great Day
Things To Do This Weekend In {L}
""".strip().split("\n")

TECHNICAL = """
Install {software} and {software}, then run {software}.
{software} uses {software} to talk to {software}.
The {software} module calls {software} when {software} starts.
Use {software} with {software} on {software}.
Deploy the app to {software} using {software}.
{software} 2.1 requires {software} 3 or later.
See the {software} documentation for details.
Run {software} in {software} mode.
{software} and {software} are supported; {software} is not.
We moved from {software} to {software} last year.
Builds run in {software} and are published by {software}.
Logs go to {software}; dashboards are in {software}.
Alerts from {software} are sent to {software} and {software}.
Ask in the {software} channel on {software}.
Open {software}, choose {software} and click Save.
Set the {software} variable in {software}.
{software} fails if {software} is missing.
The {software} team maintains {software}.
Use the {software} gem to add {software}.
Rename {software} to {software}.
{software} ({software}) is deprecated.
Raise a pull request and ask {F} or {P} to review it.
Contact {P} in the {software} team.
Hosted in {town} and {town} on {software}.
""".strip().split("\n")
