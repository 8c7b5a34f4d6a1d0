"""What fills the slots of `world.py`: ranks, ships, weapons, units, peoples, pubs and shops, books, events, software,
clubs, schools, and names of people as the news of the world has them. Lists of possible words, from general knowledge.
"""

from __future__ import annotations

RANKS = (
    "Private|Lance Corporal|Corporal|Sergeant|Staff Sergeant|Colour Sergeant|Warrant Officer|Lieutenant|Captain|Major|"
    "Lieutenant Colonel|Colonel|Brigadier|Major General|General|Lieutenant General|Lt Col|Lt|Capt|Maj|Cpl|LCpl|Sgt|Brig|Lt Gen|"
    "Maj Gen|Rear Admiral|Admiral|Vice Admiral|Commodore|Lieutenant Commander|Commander|Lt Cdr|Cdr|Able Seaman|Leading Hand|"
    "Petty Officer|Marine|Rifleman|Guardsman|Sapper|Gunner|Trooper|Signaller|Flight Lieutenant|Flt Lt|Squadron Leader|Wing Commander|"
    "Group Captain|Air Commodore|Air Marshal|Air Chief Marshal Sir|Senior Aircraftman|Field Marshal|Brigadier General|Gen|Colonel-General"
).split("|")
TRADES = (
    "Astronomer|Novelist|Painter|Soprano|Tenor|Poet|Historian|Architect|Explorer|Missionary|Botanist|Chemist|Photographer|Publisher|"
    "Striker|Goalkeeper|Captain|Midfielder|Batsman|Singer|Rapper|Actor|Actress|Comedian|Presenter|Director|Producer|Farmer|Shopkeeper|"
    "Detective|Neighbour|Witness|Campaigner|Activist|Blogger|Journalist|Correspondent|Spokesman|Chairman|Boss|Manager|Founder|Banker"
).split("|")
SHIPS = (
    "Daring|Diamond|Dragon|Defender|Duncan|Lancaster|Argyll|Iron Duke|Monmouth|Montrose|Westminster|Northumberland|"
    "Richmond|Somerset|Sutherland|Kent|Portland|St Albans|Ocean|Albion|Bulwark|Illustrious|Queen Elizabeth|Prince of Wales|Victory|"
    "Warrior|Tireless|Astute|Ambush|Artful|Vanguard|Victorious|Vigilant|Vengeance|Ramsey|Blyth|Penzance|Bangor|"
    "Shoreham|Echo|Enterprise|Protector|Clyde|Severn|Tyne|Mersey|Mounts Bay|Lyme Bay|Cardigan Bay|Fort Victoria|Wave Ruler|"
    "Bellerophon|Temeraire|Ajax|Hector|Orion|Agincourt|Arethusa|Amazon|Juno|Minerva|Penelope|Andromeda|"
    "Charles de Gaulle|Abraham Lincoln|Carl Vinson|Harry S. Truman|Theodore Roosevelt|George Washington|Winston S. Churchill|"
    "Boxer|San Antonio|Ise|Sea Heather|Mary Rose|Lady Grace|Provider|Guiding Light|Ocean Pearl|Maria Elena|Cutty Sark"
).split("|")
PREFIXES = "HMS|HMS|HMS|HMS|RFA|USS|MV|SS|FV|the frigate|the steamer|the trawler|the tanker|the schooner|HMCS|HMAS|INS".split(
    "|"
)
ARMS = (
    "Typhoon|Tornado|Tornado GR4|Typhoon FGR4|Reaper|Hercules|Chinook|Merlin|Apache|Lynx|Wildcat|Puma|Sea King|Voyager|Sentinel|"
    "Sentry|Rivet Joint|Lightning|Hawk|Watchkeeper|Brimstone|Paveway IV|Storm Shadow|Hellfire|Javelin|Tomahawk|Trident|Challenger 2|"
    "Warrior|Mastiff|Jackal|Foxhound|Scimitar|Spartan|Ajax|Land Rover|Bulldog|Viking|Harrier|Nimrod|Hornet|Super Tucano|Black Hawk|"
    "Osprey|Predator|Raptor|Falcon|Eagle|Kalashnikov|Scud|Grad|Katyusha|Patriot|Stinger|Milan|Mirage|Rafale|Gripen|Leopard|Abrams|"
    "Bradley|Humvee|Toyota Hilux|Land Cruiser|Browning|Sterling|Bren|Lewis gun|Maxim|Spitfire|Hurricane|Lancaster|Wellington|Halifax"
).split("|")
UNITS = (
    "1st Battalion The * Regiment|2nd Battalion, The * Regiment|* Rifles|The Royal * Fusiliers|Royal Welsh|Scots Guards|Coldstream Guards|"
    "Grenadier Guards|Irish Guards|Royal Logistic Corps|Royal Engineers|Royal Artillery|40 Commando Royal Marines|Royal Gurkha Rifles|"
    "18 Squadron|31 Squadron|815 Naval Air Squadron|7th Armoured Brigade|3 (UK) Division|16 Air Assault Brigade|"
    "Parachute Regiment|Mercian Regiment|Duke of *'s Regiment|Princess of Wales's Royal Regiment|Household Cavalry|Queen's Dragoon Guards|"
    "King's Royal Hussars|Royal Tank Regiment|Army Air Corps|* Yeomanry|* Light Infantry|* Highlanders|* Rangers|* Brigade|"
    "* Volunteers|* Militia|82nd Airborne|5th Marine Regiment|* Battalion|*'s Brigade|*'s Division|Royal Air Force|Royal Navy|Royal Marines|British Army"
).split("|")
FORCES = (
    "Islamic State|ISIL|ISIS|Daesh|Al-Qaeda|al-Nusra Front|Jabhat al-Nusra|Hezbollah|Hamas|Boko Haram|Al-Shabaab|the Taliban|Taliban|"
    "Ahrar al-Sham|Free Syrian Army|Syrian Democratic Forces|the PKK|YPG|Peshmerga|the Houthis|Houthi rebels|UNHCR|UNICEF|NATO|the UN|"
    "the European Union|the African Union|Red Cross|Red Crescent|White Helmets|Amnesty International|Human Rights Watch|Médecins Sans Frontières|"
    "the Pentagon|the Kremlin|the White House|the State Department|the Foreign Office|Ministry of Defence|Reuters|Interfax|Al Jazeera|Xinhua|"
    "the Wehrmacht|Luftwaffe|Red Army|Union Army|Irish Volunteers|Fatah|Likud|Labour Party|Congress Party|ZANU-PF|African National Congress|"
    "the Janjaweed|Lord's Resistance Army|FARC|Tamil Tigers|Shining Path|Khmer Rouge|the Tatmadaw|Wagner Group|Azov|Janata Party|Coastguard|CENTCOM|"
    "EUFOR|KFOR|ISAF|UNIFIL|MONUSCO|AMISOM|OSCE|OPCW|IAEA|Interpol|Europol|FBI|CIA|MI5|MI6|GCHQ|Dstl|QinetiQ|Babcock|Thales|BAE Systems|Lockheed Martin"
).split("|")
PEOPLES = (
    "Kurdish|Kurdish|Kurd|Yazidi|Arab|Sunni|Shia|Shi'ite|Alawite|Druze|Tuareg|Hausa|Yoruba|Igbo|Zulu|Xhosa|Pashtun|Tajik|Hazara|Turkmen|"
    "Uzbek|Chechen|Serb|Bosnian Serb|Bosniak|Croat|Kosovar|Albanian|Macedonian|Māori|Inuit|Cherokee|Sioux|Navajo|Sikh|Hindu|Muslim|"
    "Catholic|Protestant|Jewish|Christian|Buddhist|Orthodox|Quaker|Mormon|Islamist|Western|European|African|Asian|Latin American|Balkan|"
    "Londoner|Glaswegian|Geordie|Scouse|Parisian|Viennese|Venetian|Victorian|Edwardian|Tudor|Jacobite|Elizabethan|Prussian|Ottoman|Soviet|"
    "Byzantine|Roman|Norman|Flemish|Walloon|Catalan|Basque|Breton|Cornish|Manx|Scottish|Welsh|Irish|English|British|French|German|Russian|"
    "Iraqi|Syrian|Turkish|Iranian|Israeli|Palestinian|Lebanese|Libyan|Egyptian|Saudi|Yemeni|Afghan|Pakistani|Somali|Sudanese|Nigerian|"
    "Kenyan|Ethiopian|Eritrean|Malian|Ukrainian|Belarusian|Polish|Hungarian|Georgian|Armenian|Azerbaijani|Chinese|Tibetan|Uighur|Rohingya|"
    "American|Canadian|Australian|Mexican|Colombian|Brazilian|Argentine|Cuban|Haitian|Norwegian|Swedish|Danish|Finnish|Icelandic|Dutch|Belgian"
).split("|")
HOUSES = (
    "Kings Arms|Queens Head|Red Lion|Royal Oak|The Crown|White Hart|Rose and Crown|The Plough|Railway Inn|Duke of Wellington|Marquis of Granby|"
    "Prince Albert|Lord Nelson|The Bell Inn|Fox and Hounds|The Swan|George Hotel|Dog and Duck|Coach and Horses|The Ship|Lamb and Flag|Elephant and Castle|"
    "Nando's|Greggs|Primark|Topshop|Waterstones|Costa Coffee|Starbucks|Wagamama|Pizza Hut|Cineworld|Odeon|Tesco Express|Superdrug|Domino's|Wetherspoons|"
    "Fabric|Ministry of Sound|The O2|Apollo|Brixton Academy|Barrowlands|Palladium|Old Vic|Globe|Royal Albert Hall|Playhouse|Lyceum|"
    "Rose Cottage|Ivy House|Lilac House|Bluebird Care|Sunnyside|The Willows|Grace House|Jubilee Hall|Victoria Hall|Church House|Bridge House|"
    "St Mary's|St Thomas'|Guildhall|Corn Exchange|Memorial Hall|Trinity Church|Bethel Chapel|Holloway prison|Wormwood Scrubs|Evin prison|Buckingham Palace|"
    "Victoria and Albert Museum|Ashmolean|Tate Britain|Rijksmuseum|Bodleian|Cotton Library|Debenhams|John Lewis|Harvey Nichols|Fenwick|Boots|Savers|Holland & Barrett"
).split("|")
WORKS = (
    "Wuthering Heights|Jane Eyre|Oliver Twist|David Copperfield|Hamlet|Macbeth|Romeo and Juliet|Emma|Rebecca|Carrie|"
    "Great Expectations|Les Misérables|The Hobbit|Harry Potter|Game of Thrones|Downton Abbey|Coronation Street|EastEnders|Emmerdale|Hollyoaks|Sherlock|"
    "Doctor Who|The Crown|Peaky Blinders|Pretty Little Liars|Gossip Girl|Family Guy|Breaking Bad|The Voice|Britain's Got Talent|Big Brother|Strictly|"
    "Question Time|Love Island|Call of Duty|Grand Theft Auto|Candy Crush|Rolling in the Deep|Someone Like You|Yellow Submarine|Billie Jean|"
    "Eleanor Rigby|Hey Jude|Roxanne|Layla|Jolene|Mamma Mia|Bohemian Rhapsody|Blue Velvet|Citizen Kane|Annie Hall|Barry Lyndon|Billy Elliot|Mary Poppins|"
    "The Magic Flute|Don Giovanni|La Bohème|Carmen|Aida|Swan Lake|The Times|Daily Mail|The Sun|Vogue|Private Eye|Country Life|Paradise Lost|"
    "Gone Girl|The Great Gatsby|Anna Karenina|Madame Bovary|Moby Dick|Robinson Crusoe|Tom Jones|Peter Pan|Winnie the Pooh|Iron Maiden|"
    "One Direction|Little Mix|Nickelback|Take That|Coldplay|Pink Floyd|Led Zeppelin|Fleetwood Mac|Franz Ferdinand|Duran Duran|Lynyrd Skynyrd|Jethro Tull"
).split("|")
EVENTS = (
    "Shader|Barkhane|Herrick|Telic|Kipion|Orbital|Toral|Corporate|Overlord|Market Garden|Joint Warrior|Saif Sareea|Black Alligator|"
    "Cougar|Trident Juncture|Barbarossa|Desert Storm|Grapple|Banner|Yewtree|Elveden|Easter Rising|Ebola outbreak|World Cup|Olympic Games|Grand National|"
    "Cheltenham Gold Cup|St Leger|Derby|Ashes|Six Nations|Ryder Cup|Davis Cup|Glastonbury|Edinburgh Fringe|Notting Hill Carnival|Brexit|Maidan|Arab Spring|"
    "Franco-Prussian War|Boer War|Crimean War|Korean War|Vietnam War|Falklands War|Gulf War|Battle of Britain|First World War|Second World War|Black Friday|"
    "Good Friday Agreement|Geneva Convention|Treaty of Versailles|Marshall Plan|Dublin Regulation|Schengen|Paris Agreement|Bologna Process|Stockholm syndrome"
).split("|")
SOFTWARE = (
    "Jenkins|Travis CI|Ruby|Rails|Sinatra|Django|Flask|Python|Perl|Java|JavaScript|Scala|Kotlin|Swift|Rust|Pandas|NumPy|Docker|Kubernetes|Helm|Terraform|Ansible|"
    "Puppet|Chef|Vagrant|Consul|Vault|Nomad|Prometheus|Grafana|Kibana|Logstash|Elastic|Sentry|Splunk|Datadog|Zendesk|Trello|Jira|Confluence|Slack|Notion|Asana|"
    "Figma|Sketch|Heroku|Fastly|Cloudflare|Akamai|Amazon Web Services|Azure|Google Cloud|BigQuery|Redis|Postgres|MongoDB|Cassandra|Kafka|Hadoop|Spark|Hive|Oracle|"
    "Maven|Gradle|Ant|Tomcat|Jetty|Apache|Nginx|Varnish|Gunicorn|Celery|Sidekiq|Whitehall|Publisher|Router|Signon|Licensify|Smart Answers|Content Store|Frontend|"
    "Static|Calculators|Imminence|Mapit|Rummager|Backdrop|Bouncer|Transition|Maslow|Panopticon|Asset Manager|Email Alert API|Collections|Finder|Specialist|"
    "Cucumber|Capybara|Selenium|Jasmine|Mocha|Chai|Karma|Jest|Cypress|Pact|Brakeman|Bundler|Homebrew|Ubuntu|Debian|Trusty|Xenial|Fedora|CentOS|Windows|Visio|Sage|"
    "Siri|Alexa|Cortana|Bixby|Watson|Einstein|Clippy|Stanley|Bosch|iPad|iPhone|Galaxy|Kindle|Xbox|PlayStation|Nintendo|Twitter|Facebook|Instagram|Snapchat|YouTube|"
    "Estate|Pasta|Garden|Kitchen|Summer|Winter|Money|Lottery|Housing|Budget|Pension|Mercedes|Lexus|Tesla|Skoda|Dacia|Seat|Lotus|Bentley|Rolls Royce|Maybach|Chevrolet"
).split("|")
CLUBS = (
    "United|City|Town|Rovers|Wanderers|Albion|Athletic|Rangers|County|Hotspur|Tigers|Sharks|Bears|Lions|Saints|Warriors|Giants|Hurricanes|Browns|Colts|Falcons|"
    "Eagles|Jets|Cowboys|Yankees|Red Sox|Blue Jays|Maple Leafs|Bruins|Rockets|Lakers|Harriers|FC|RFC|CC|Dynamo|Academical|Thistle|Villa|Palace|North End|Orient"
).split("|")
TEAMS = (
    "Arsenal|Chelsea|Everton|Spurs|Liverpool|Man Utd|Man City|Villa|Celtic|Rangers|Hearts|Hibs|Barca|Real Madrid|Juventus|Inter|Ajax|Benfica|Porto|Sporting|Santos|"
    "Boca Juniors|Bayern|Dortmund|Lazio|Roma|Fulham|Palace|West Ham|Newcastle|Sunderland|Leeds|Wigan|Derby|Forest|Lancashire|Yorkshire|Surrey|Essex|Kent|Derbyshire|"
    "Saracens|Wasps|Harlequins|Leicester Tigers|Munster|Leinster|Ulster|Toulon|the Yankees|the Cubs|the Packers|the Patriots|the Lakers|the Bulls|"
    "Notre Dame|Oxford|Cambridge|Ferrari|McLaren|Williams|Mercedes|Red Bull"
).split("|")
SCHOOLS = (
    "* School|* Grammar School|* High School|* College|University of *|* University|* Academy|* Institute|Royal College of *|* Polytechnic|"
    "Eton|Harrow|Winchester|Rugby School|Shrewsbury School|Charterhouse|Marlborough College|Cheltenham Ladies' College|Girton College|Balliol College|Oriel College|"
    "Magdalen College|Trinity College|King's College|Queens' College|St John's College|Christ Church|Merton College|Exeter College|Gray's Inn|Lincoln's Inn|"
    "Middle Temple|Sandhurst|Royal Academy|Royal Society|Guy's Hospital|St Bartholomew's Hospital|Imperial College|London School of Economics|Sorbonne|"
    "Harvard|Yale|Princeton|Stanford|Johns Hopkins University|MIT|Tata Institute|Guildhall School|Slade School|Juilliard|Courtauld Institute|Max Planck Institute"
).split("|")
ARABIC = (
    "Mohammed Ahmed Ali Hassan Hussein Omar Khaled Ibrahim Yusuf Mahmoud Abdullah Mustafa Bashar Haidar Nouri Saad Tariq Rami Fadi Walid Samir Nabil Jamal Karim Adel "
    "Hamid Salim Rashid Faisal Sultan Turki Zaid Anwar Ayman Bilal Fuad Ghassan Hisham Imad Jaber Majid Marwan Munir Nasser Osama Qasim Riad Sami Tamim Usama Yasser "
    "Ziad Layla Fatima Aisha Zainab Mariam Huda Amal Rania Nadia Salma Yasmin Barzan Masoud Nechirvan Azad Dilshad Hoshyar Rojda Reza Hossein "
    "Javad Mehdi Behrouz Dariush Gul Sayed Sarwar Ashraf Hamidullah Najib Rahim Karimullah Abubakar Muhammadu Sani Musa Idriss Mahamat Abdirahman Farah Warsame Hemedti"
).split()
ARABIC_FAMILIES = (
    "al-Abadi al-Maliki al-Assad al-Jaafari al-Sadr al-Sistani al-Baghdadi al-Zarqawi al-Malki al-Houthi Saleh Hadi "
    "Al-Thani Al-Khalifa Al Nahyan Al Maktoum al-Sisi al-Qasim al-Shami al-Masri al-Tikriti al-Dulaimi al-Jubouri Abdulrahman Barzani Talabani Ghabban Zebari "
    "Haftar Sarraj Gaddafi Mubarak Morsi Aoun Hariri Nasrallah Mashaal Haniyeh Abbas Barakat Karzai Ghani Hekmatyar Dostum Rouhani Ahmadinejad Khamenei Zarif "
    "Farah Warsame Godane Issoufou Deby Keita Bazoum Buhari Shekau Dagalo Burhan Bashir Kiir Machar Desalegn Kagame Museveni Kabila Tshisekedi "
).split()
SLAVIC = (
    "Oleksandr Petro Pavlo Volodymyr Yulia Olena Viktor Serhiy Andriy Mykola Dmitry Sergei Vladimir Igor Maksim Alexei Anatoly Nikolai Boris Yevgeny Milorad Nebojša Slobodan "
    "Radovan Ratko Goran Dragan Zoran Jelena Ivana Aleksandar Hashim Ramush Edi Giorgi Mikheil Ilham Serzh Nikol Andrzej Lech Jarosław Donald Viktor László Toomas "
    "Dalia Valdis Xi Li Wen Hu Ban Kim Park Moon Shinzo Junichiro Aung Thein Nur Narendra Manmohan Benazir Imran Mahinda Hamid Pablo Luis Carlos Hugo Nicolás Evo Dilma"
).split()
SLAVIC_FAMILIES = (
    "Poroshenko Tymoshenko Yanukovych Zelensky Klitschko Shevchuk Bondarenko Putin Lavrov Medvedev Shoigu Kozlov Volkov Lukashenko Tsikhanouskaya "
    "Dodik Vučić Milošević Karadžić Mladić Izetbegović Thaçi Haradinaj Rama Saakashvili Aliyev Sargsyan Pashinyan Wałęsa "
    "Kaczyński Tusk Orbán Kovács Ilves Dombrovskis Jinping Keqiang Jiabao Jintao Ki-moon Jong-un Geun-hye Jae-in Abe Koizumi San Suu Begum Modi Singh Bhutto Khan "
    "Rajapaksa Uribe Santos Chávez Maduro Morales Rousseff Bolsonaro Errázuriz Calderón Peña Stoltenberg Rasmussen"
).split()
