/**
 * Every public wiki of Wikimedia: written by `npm run wikis:refresh`, never by hand. Source: the site matrix,
 * https://meta.wikimedia.org/w/api.php?action=sitematrix&uselang=en, in an answer of the day below, saved by
 * https://github.com/osmlab/wmf-sitematrix (commit 8892248, data/all.json).
 * Licence: a list of facts, free of known copyright restrictions.
 */
export const SITE_MATRIX_DATE = '2026-03-19';

/** Code, English name, own name, direction. */
export const LANGUAGE_LINES = `
aa|Afar|Qafár af|ltr
ab|Abkhazian|аԥсшәа|ltr
abstract|||ltr
ace|Acehnese|Acèh|ltr
ady|Adyghe|адыгабзэ|ltr
af|Afrikaans|Afrikaans|ltr
ak|||ltr
als|Alemannic|Alemannisch|ltr
alt|Southern Altai|алтай тил|ltr
am|Amharic|አማርኛ|ltr
ami|Amis|Pangcah|ltr
an|Aragonese|aragonés|ltr
ang|Old English|Ænglisc|ltr
ann|Obolo|Obolo|ltr
anp|Angika|अंगिका|ltr
ar|Arabic|العربية|rtl
arc|Aramaic|ܐܪܡܝܐ|rtl
ary|Moroccan Arabic|الدارجة|rtl
arz|Egyptian Arabic|مصرى|rtl
as|Assamese|অসমীয়া|ltr
ast|Asturian|asturianu|ltr
atj|Atikamekw|Atikamekw|ltr
av|Avaric|авар|ltr
avk|Kotava|Kotava|ltr
awa|Awadhi|अवधी|ltr
ay|Aymara|Aymar aru|ltr
az|Azerbaijani|azərbaycanca|ltr
azb|South Azerbaijani|تۆرکجه|rtl
ba|Bashkir|башҡортса|ltr
ban|Balinese|Basa Bali|ltr
bar|Bavarian|Boarisch|ltr
bat-smg|Samogitian|žemaitėška|ltr
bbc|Batak Toba|Batak Toba|ltr
bcl|Central Bikol|Bikol Central|ltr
bdr|West Coast Bajau|Bajau Sama|ltr
be|Belarusian|беларуская|ltr
be-tarask|Belarusian (Taraškievica orthography)|беларуская (тарашкевіца)|ltr
be-x-old|Belarusian (Taraškievica orthography)|беларуская (тарашкевіца)|ltr
bew|Betawi|Betawi|ltr
bg|Bulgarian|български|ltr
bh|Bhojpuri|भोजपुरी|ltr
bi|Bislama|Bislama|ltr
bjn|Banjar|Banjar|ltr
blk|Pa'O|ပအိုဝ်ႏဘာႏသာႏ|ltr
bm|Bambara|bamanankan|ltr
bn|Bangla|বাংলা|ltr
bo|Tibetan|བོད་ཡིག|ltr
bpy|Bishnupriya|বিষ্ণুপ্রিয়া মণিপুরী|ltr
br|Breton|brezhoneg|ltr
bs|Bosnian|bosanski|ltr
btm|Batak Mandailing|Batak Mandailing|ltr
bug|Buginese|Basa Ugi|ltr
bxr|Russia Buriat|буряад|ltr
ca|Catalan|català|ltr
cbk-zam|Chavacano|Chavacano de Zamboanga|ltr
cdo|Mindong|閩東語 / Mìng-dĕ̤ng-ngṳ̄|ltr
ce|Chechen|нохчийн|ltr
ceb|Cebuano|Cebuano|ltr
ch|Chamorro|Chamoru|ltr
cho|Choctaw|Chahta anumpa|ltr
chr|Cherokee|ᏣᎳᎩ|ltr
chy|Cheyenne|Tsetsêhestâhese|ltr
ckb|Central Kurdish|کوردی|rtl
co|Corsican|corsu|ltr
cr|Cree|Nēhiyawēwin / ᓀᐦᐃᔭᐍᐏᐣ|ltr
crh|Crimean Tatar|qırımtatarca|ltr
cs|Czech|čeština|ltr
csb|Kashubian|kaszëbsczi|ltr
cu|Church Slavic|словѣньскъ / ⰔⰎⰑⰂⰡⰐⰠⰔⰍⰟ|ltr
cv|Chuvash|чӑвашла|ltr
cy|Welsh|Cymraeg|ltr
da|Danish|dansk|ltr
dag|Dagbani|dagbanli|ltr
de|German|Deutsch|ltr
dga|Southern Dagaare|Dagaare|ltr
din|Dinka|Thuɔŋjäŋ|ltr
diq|Dimli|Zazaki|ltr
dsb|Lower Sorbian|dolnoserbski|ltr
dtp|Central Dusun|Kadazandusun|ltr
dty|Doteli|डोटेली|ltr
dv|Divehi|ދިވެހިބަސް|rtl
dz|Dzongkha|ཇོང་ཁ|ltr
ee|Ewe|eʋegbe|ltr
el|Greek|Ελληνικά|ltr
eml|Emiliano-Romagnolo|emiliàn e rumagnòl|ltr
en|English|English|ltr
eo|Esperanto|Esperanto|ltr
es|Spanish|español|ltr
et|Estonian|eesti|ltr
eu|Basque|euskara|ltr
ext|Extremaduran|estremeñu|ltr
fa|Persian|فارسی|rtl
fat|Fanti|mfantse|ltr
ff|Fula|Fulfulde|ltr
fi|Finnish|suomi|ltr
fiu-vro|Võro|võro|ltr
fj|Fijian|Na Vosa Vakaviti|ltr
fo|Faroese|føroyskt|ltr
fon|Fon|fɔ̀ngbè|ltr
fr|French|français|ltr
frp|Arpitan|arpetan|ltr
frr|Northern Frisian|Nordfriisk|ltr
fur|Friulian|furlan|ltr
fy|Western Frisian|Frysk|ltr
ga|Irish|Gaeilge|ltr
gag|Gagauz|Gagauz|ltr
gan|Gan|贛語|ltr
gcr|Guianan Creole|kriyòl gwiyannen|ltr
gd|Scottish Gaelic|Gàidhlig|ltr
gl|Galician|galego|ltr
glk|Gilaki|گیلکی|rtl
gn|Guarani|Avañe'ẽ|ltr
gom|Goan Konkani|गोंयची कोंकणी / Gõychi Konknni|ltr
gor|Gorontalo|Bahasa Hulontalo|ltr
got|Gothic|𐌲𐌿𐍄𐌹𐍃𐌺|ltr
gpe|Ghanaian Pidgin|Ghanaian Pidgin|ltr
gsw|Alemannic|Alemannisch|ltr
gu|Gujarati|ગુજરાતી|ltr
guc|Wayuu|wayuunaiki|ltr
gur|Frafra|farefare|ltr
guw|Gun|gungbe|ltr
gv|Manx|Gaelg|ltr
ha|Hausa|Hausa|ltr
hak|Hakka Chinese|客家語 / Hak-kâ-ngî|ltr
haw|Hawaiian|Hawaiʻi|ltr
he|Hebrew|עברית|rtl
hi|Hindi|हिन्दी|ltr
hif|Fiji Hindi|Fiji Hindi|ltr
ho|Hiri Motu|Hiri Motu|ltr
hr|Croatian|hrvatski|ltr
hsb|Upper Sorbian|hornjoserbsce|ltr
ht|Haitian Creole|Kreyòl ayisyen|ltr
hu|Hungarian|magyar|ltr
hy|Armenian|հայերեն|ltr
hyw|Western Armenian|Արեւմտահայերէն|ltr
hz|Herero|Otsiherero|ltr
ia|Interlingua|interlingua|ltr
iba|Iban|Jaku Iban|ltr
id|Indonesian|Bahasa Indonesia|ltr
ie|Interlingue|Interlingue|ltr
ig|Igbo|Igbo|ltr
igl|Igala|Igala|ltr
ii|Sichuan Yi|ꆇꉙ|ltr
ik|Inupiaq|Iñupiatun|ltr
ilo|Iloko|Ilokano|ltr
inh|Ingush|гӀалгӀай|ltr
io|Ido|Ido|ltr
is|Icelandic|íslenska|ltr
it|Italian|italiano|ltr
iu|Inuktitut|ᐃᓄᒃᑎᑐᑦ / inuktitut|ltr
ja|Japanese|日本語|ltr
jam|Jamaican Creole English|Patois|ltr
jbo|Lojban|la .lojban.|ltr
jv|Javanese|Jawa|ltr
ka|Georgian|ქართული|ltr
kaa|Kara-Kalpak|Qaraqalpaqsha|ltr
kab|Kabyle|Taqbaylit|ltr
kai|Karekare|Karai-karai|ltr
kaj|Jju|Jju|ltr
kbd|Kabardian|адыгэбзэ|ltr
kbp|Kabiye|Kabɩyɛ|ltr
kcg|Tyap|Tyap|ltr
kg|Kongo|Kongo|ltr
kge|Komering|Kumoring|ltr
ki|Kikuyu|Gĩkũyũ|ltr
kj|Kuanyama|Kwanyama|ltr
kk|Kazakh|қазақша|ltr
kl|Kalaallisut|kalaallisut|ltr
km|Khmer|ភាសាខ្មែរ|ltr
kn|Kannada|ಕನ್ನಡ|ltr
knc|Central Kanuri|Yerwa Kanuri|ltr
ko|Korean|한국어|ltr
koi|Komi-Permyak|перем коми|ltr
kr|Kanuri|kanuri|ltr
krc|Karachay-Balkar|къарачай-малкъар|ltr
ks|Kashmiri|کٲشُر|rtl
ksh|Colognian|Ripoarisch|ltr
ku|Kurdish|kurdî|ltr
kus|Kusaal|Kʋsaal|ltr
kv|Komi|коми|ltr
kw|Cornish|kernowek|ltr
ky|Kyrgyz|кыргызча|ltr
la|Latin|Latina|ltr
lad|Ladino|Ladino|ltr
lb|Luxembourgish|Lëtzebuergesch|ltr
lbe|Lak|лакку|ltr
lez|Lezghian|лезги|ltr
lfn|Lingua Franca Nova|Lingua Franca Nova|ltr
lg|Ganda|Luganda|ltr
li|Limburgish|Limburgs|ltr
lij|Ligurian|Ligure|ltr
lld|Ladin|Ladin|ltr
lmo|Lombard|lombard|ltr
ln|Lingala|lingála|ltr
lo|Lao|ລາວ|ltr
lrc|Northern Luri|لۊری شومالی|rtl
lt|Lithuanian|lietuvių|ltr
ltg|Latgalian|latgaļu|ltr
lv|Latvian|latviešu|ltr
lzh|Literary Chinese|文言|ltr
mad|Madurese|Madhurâ|ltr
mai|Maithili|मैथिली|ltr
map-bms|Banyumasan|Basa Banyumasan|ltr
mdf|Moksha|мокшень|ltr
mg|Malagasy|Malagasy|ltr
mh|Marshallese|Ebon|ltr
mhr|Eastern Mari|олык марий|ltr
mi|Māori|Māori|ltr
min|Minangkabau|Minangkabau|ltr
mk|Macedonian|македонски|ltr
ml|Malayalam|മലയാളം|ltr
mn|Mongolian|монгол|ltr
mni|Manipuri|ꯃꯤꯇꯩ ꯂꯣꯟ|ltr
mnw|Mon|ဘာသာမန်|ltr
mo|Moldovan|молдовеняскэ|ltr
mos|Mossi|moore|ltr
mr|Marathi|मराठी|ltr
mrj|Western Mari|кырык мары|ltr
ms|Malay|Bahasa Melayu|ltr
mt|Maltese|Malti|ltr
mus|Muscogee|Mvskoke|ltr
mwl|Mirandese|Mirandés|ltr
my|Burmese|မြန်မာဘာသာ|ltr
myv|Erzya|эрзянь|ltr
mzn|Mazanderani|مازِرونی|rtl
na|Nauru|Dorerin Naoero|ltr
nah|Nahuatl|Nāhuatl|ltr
nan|Minnan|閩南語 / Bân-lâm-gí|ltr
nap|Neapolitan|Napulitano|ltr
nds|Low German|Plattdüütsch|ltr
nds-nl|Low Saxon|Nedersaksies|ltr
ne|Nepali|नेपाली|ltr
new|Newari|नेपाल भाषा|ltr
ng|Ndonga|Oshiwambo|ltr
nia|Nias|Li Niha|ltr
nl|Dutch|Nederlands|ltr
nn|Norwegian Nynorsk|norsk nynorsk|ltr
no|Norwegian|norsk|ltr
nov|Novial|Novial|ltr
nqo|N’Ko|ߒߞߏ|rtl
nr|South Ndebele|isiNdebele seSewula|ltr
nrm|Norman|Nouormand|ltr
nso|Northern Sotho|Sesotho sa Leboa|ltr
nup|Nupe|Nupe|ltr
nv|Navajo|Diné bizaad|ltr
ny|Nyanja|Chi-Chewa|ltr
oc|Occitan|occitan|ltr
olo|Livvi-Karelian|livvinkarjala|ltr
om|Oromo|Oromoo|ltr
or|Odia|ଓଡ଼ିଆ|ltr
os|Ossetic|ирон|ltr
pa|Punjabi|ਪੰਜਾਬੀ|ltr
pag|Pangasinan|Pangasinan|ltr
pam|Pampanga|Kapampangan|ltr
pap|Papiamento|Papiamentu|ltr
pcd|Picard|Picard|ltr
pcm|Nigerian Pidgin|Naijá|ltr
pdc|Pennsylvania German|Deitsch|ltr
pfl|Palatine German|Pälzisch|ltr
pi|Pali|पालि|ltr
pih|Pitcairn-Norfolk|Norfuk / Pitkern|ltr
pl|Polish|polski|ltr
pms|Piedmontese|Piemontèis|ltr
pnb|Western Punjabi|پنجابی|rtl
pnt|Pontic|Ποντιακά|ltr
ppl|Nawat|Nawat|ltr
ps|Pashto|پښتو|rtl
pt|Portuguese|português|ltr
pwn|Paiwan|pinayuanan|ltr
qu|Quechua|Runa Simi|ltr
rki|Arakanese|ရခိုင်|ltr
rm|Romansh|rumantsch|ltr
rmy|Vlax Romani|romani čhib|ltr
rn|Rundi|ikirundi|ltr
ro|Romanian|română|ltr
roa-rup|Aromanian|armãneashti|ltr
roa-tara|Tarantino|tarandíne|ltr
rsk|Pannonian Rusyn|руски|ltr
ru|Russian|русский|ltr
rue|Rusyn|русиньскый|ltr
rup|Aromanian|armãneashti|ltr
rw|Kinyarwanda|Ikinyarwanda|ltr
sa|Sanskrit|संस्कृतम्|ltr
sah|Yakut|саха тыла|ltr
sat|Santali|ᱥᱟᱱᱛᱟᱲᱤ|ltr
sc|Sardinian|sardu|ltr
scn|Sicilian|sicilianu|ltr
sco|Scots|Scots|ltr
sd|Sindhi|سنڌي|rtl
se|Northern Sami|davvisámegiella|ltr
sg|Sango|Sängö|ltr
sgs|Samogitian|žemaitėška|ltr
sh|Serbo-Croatian|srpskohrvatski / српскохрватски|ltr
shi|Tachelhit|Taclḥit|ltr
shn|Shan|တႆး|ltr
shy|Shawiya|tacawit|ltr
si|Sinhala|සිංහල|ltr
simple|Simple English|Simple English|ltr
sk|Slovak|slovenčina|ltr
skr|Saraiki|سرائیکی|rtl
sl|Slovenian|slovenščina|ltr
sm|Samoan|Gagana Samoa|ltr
smn|Inari Sami|anarâškielâ|ltr
sn|Shona|chiShona|ltr
so|Somali|Soomaaliga|ltr
sq|Albanian|shqip|ltr
sr|Serbian|српски / srpski|ltr
srn|Sranan Tongo|Sranantongo|ltr
ss|Swati|SiSwati|ltr
st|Southern Sotho|Sesotho|ltr
stq|Saterland Frisian|Seeltersk|ltr
su|Sundanese|Sunda|ltr
sv|Swedish|svenska|ltr
sw|Swahili|Kiswahili|ltr
syl|Sylheti|ꠍꠤꠟꠐꠤ|ltr
szl|Silesian|ślůnski|ltr
szy|Sakizaya|Sakizaya|ltr
ta|Tamil|தமிழ்|ltr
tay|Atayal|Tayal|ltr
tcy|Tulu|ತುಳು|ltr
tdd|Tai Nuea|ᥖᥭᥰ ᥖᥬᥲ ᥑᥨᥒᥰ|ltr
te|Telugu|తెలుగు|ltr
tet|Tetum|tetun|ltr
tg|Tajik|тоҷикӣ|ltr
th|Thai|ไทย|ltr
ti|Tigrinya|ትግርኛ|ltr
tig|Tigre|ትግሬ|ltr
tk|Turkmen|Türkmençe|ltr
tl|Tagalog|Tagalog|ltr
tly|Talysh|tolışi|ltr
tn|Tswana|Setswana|ltr
to|Tongan|lea faka-Tonga|ltr
tok|Toki Pona|toki pona|ltr
tpi|Tok Pisin|Tok Pisin|ltr
tr|Turkish|Türkçe|ltr
trv|Taroko|Seediq|ltr
ts|Tsonga|Xitsonga|ltr
tt|Tatar|татарча / tatarça|ltr
tum|Tumbuka|chiTumbuka|ltr
tw|Twi|Twi|ltr
ty|Tahitian|reo tahiti|ltr
tyv|Tuvinian|тыва дыл|ltr
udm|Udmurt|удмурт|ltr
ug|Uyghur|ئۇيغۇرچە / Uyghurche|rtl
uk|Ukrainian|українська|ltr
ur|Urdu|اردو|rtl
uz|Uzbek|oʻzbekcha / ўзбекча|ltr
ve|Venda|Tshivenda|ltr
vec|Venetian|vèneto|ltr
vep|Veps|vepsän kel’|ltr
vi|Vietnamese|Tiếng Việt|ltr
vls|West Flemish|West-Vlams|ltr
vo|Volapük|Volapük|ltr
vro|Võro|võro|ltr
wa|Walloon|walon|ltr
war|Waray|Winaray|ltr
wo|Wolof|Wolof|ltr
wuu|Wu|吴语|ltr
xal|Kalmyk|хальмг|ltr
xh|Xhosa|isiXhosa|ltr
xmf|Mingrelian|მარგალური|ltr
yi|Yiddish|ייִדיש|rtl
yo|Yoruba|Yorùbá|ltr
yue|Cantonese|粵語|ltr
za|Zhuang|Vahcuengh|ltr
zea|Zeelandic|Zeêuws|ltr
zgh|Standard Moroccan Tamazight|ⵜⴰⵎⴰⵣⵉⵖⵜ ⵜⴰⵏⴰⵡⴰⵢⵜ|ltr
zh|Chinese|中文|ltr
zh-classical|Literary Chinese|文言|ltr
zh-min-nan|Minnan|Bân-lâm-gú|ltr
zh-yue|Cantonese|粵語|ltr
zu|Zulu|isiZulu|ltr
`;

/** Database name, domain, project, code of the language if there is one, own name, `closed` if it is. */
export const SITE_LINES = `
aawiki|aa.wikipedia.org|wikipedia|aa|Wikipedia|closed
aawiktionary|aa.wiktionary.org|wiktionary|aa|Wiktionary|closed
aawikibooks|aa.wikibooks.org|wikibooks|aa|Wikibooks|closed
abwiki|ab.wikipedia.org|wikipedia|ab|Авикипедиа|
abwiktionary|ab.wiktionary.org|wiktionary|ab|Wiktionary|closed
abstractwiki|abstract.wikipedia.org|wikipedia|abstract|Abstract Wikipedia|
acewiki|ace.wikipedia.org|wikipedia|ace|Wikipedia|
adywiki|ady.wikipedia.org|wikipedia|ady|Википедие|
afwiki|af.wikipedia.org|wikipedia|af|Wikipedia|
afwiktionary|af.wiktionary.org|wiktionary|af|Wiktionary|
afwikibooks|af.wikibooks.org|wikibooks|af|Wikibooks|
afwikiquote|af.wikiquote.org|wikiquote|af|Wikiquote|
akwiki|ak.wikipedia.org|wikipedia|ak|Wikipedia|closed
akwiktionary|ak.wiktionary.org|wiktionary|ak|Wiktionary|closed
akwikibooks|ak.wikibooks.org|wikibooks|ak|Wikibooks|closed
altwiki|alt.wikipedia.org|wikipedia|alt|Википедия|
amwiki|am.wikipedia.org|wikipedia|am|ውክፔዲያ|
amwiktionary|am.wiktionary.org|wiktionary|am|Wiktionary|
amwikiquote|am.wikiquote.org|wikiquote|am|Wikiquote|closed
amiwiki|ami.wikipedia.org|wikipedia|ami|Wikipedia|
anwiki|an.wikipedia.org|wikipedia|an|Wikipedia|
anwiktionary|an.wiktionary.org|wiktionary|an|Wiktionary|
angwiki|ang.wikipedia.org|wikipedia|ang|Wikipǣdia|
angwiktionary|ang.wiktionary.org|wiktionary|ang|Wikiwordbōc|
angwikibooks|ang.wikibooks.org|wikibooks|ang|Wikibooks|closed
angwikiquote|ang.wikiquote.org|wikiquote|ang|Wikiquote|closed
angwikisource|ang.wikisource.org|wikisource|ang|Wicifruma|closed
annwiki|ann.wikipedia.org|wikipedia|ann|Wìkìpedia|
anpwiki|anp.wikipedia.org|wikipedia|anp|विकिपीडिया|
arwiki|ar.wikipedia.org|wikipedia|ar|ويكيبيديا|
arwiktionary|ar.wiktionary.org|wiktionary|ar|ويكاموس|
arwikibooks|ar.wikibooks.org|wikibooks|ar|ويكي كتب|
arwikinews|ar.wikinews.org|wikinews|ar|ويكي الأخبار|
arwikiquote|ar.wikiquote.org|wikiquote|ar|ويكي الاقتباس|
arwikisource|ar.wikisource.org|wikisource|ar|ويكي مصدر|
arwikiversity|ar.wikiversity.org|wikiversity|ar|ويكي الجامعة|
arcwiki|arc.wikipedia.org|wikipedia|arc|ܘܝܩܝܦܕܝܐ|
arywiki|ary.wikipedia.org|wikipedia|ary|ويكيپيديا|
arzwiki|arz.wikipedia.org|wikipedia|arz|ويكيبيديا|
aswiki|as.wikipedia.org|wikipedia|as|অসমীয়া ৱিকিপিডিয়া|
aswiktionary|as.wiktionary.org|wiktionary|as|Wiktionary|closed
aswikibooks|as.wikibooks.org|wikibooks|as|Wikibooks|closed
aswikiquote|as.wikiquote.org|wikiquote|as|ৱিকিউদ্ধৃতি|
aswikisource|as.wikisource.org|wikisource|as|ৱিকিউৎস|
astwiki|ast.wikipedia.org|wikipedia|ast|Wikipedia|
astwiktionary|ast.wiktionary.org|wiktionary|ast|Wikcionariu|
astwikibooks|ast.wikibooks.org|wikibooks|ast|Wikibooks|closed
astwikiquote|ast.wikiquote.org|wikiquote|ast|Wikiquote|closed
atjwiki|atj.wikipedia.org|wikipedia|atj|Wikipetcia|
avwiki|av.wikipedia.org|wikipedia|av|Wikipedia|
avwiktionary|av.wiktionary.org|wiktionary|av|Wiktionary|closed
avkwiki|avk.wikipedia.org|wikipedia|avk|Wikipedia|
awawiki|awa.wikipedia.org|wikipedia|awa|विकिपीडिया|
aywiki|ay.wikipedia.org|wikipedia|ay|Wikipedia|
aywiktionary|ay.wiktionary.org|wiktionary|ay|Wiktionary|
aywikibooks|ay.wikibooks.org|wikibooks|ay|Wikibooks|closed
azwiki|az.wikipedia.org|wikipedia|az|Vikipediya|
azwiktionary|az.wiktionary.org|wiktionary|az|Vikilüğət|
azwikibooks|az.wikibooks.org|wikibooks|az|Vikikitab|
azwikiquote|az.wikiquote.org|wikiquote|az|Vikisitat|
azwikisource|az.wikisource.org|wikisource|az|Vikimənbə|
azbwiki|azb.wikipedia.org|wikipedia|azb|ویکی‌پدیا|
bawiki|ba.wikipedia.org|wikipedia|ba|Википедия|
bawikibooks|ba.wikibooks.org|wikibooks|ba|Викидәреслек|
banwiki|ban.wikipedia.org|wikipedia|ban|Wikipédia|
banwikisource|ban.wikisource.org|wikisource|ban|Wikisource|
barwiki|bar.wikipedia.org|wikipedia|bar|Wikipedia|
bbcwiki|bbc.wikipedia.org|wikipedia|bbc|Wikipedia|
bclwiki|bcl.wikipedia.org|wikipedia|bcl|Wikipedia|
bclwiktionary|bcl.wiktionary.org|wiktionary|bcl|Wiksyunaryo|
bclwikiquote|bcl.wikiquote.org|wikiquote|bcl|Wikiquote|
bclwikisource|bcl.wikisource.org|wikisource|bcl|Wikisource|
bdrwiki|bdr.wikipedia.org|wikipedia|bdr|Wikipidia|
bewiki|be.wikipedia.org|wikipedia|be|Вікіпедыя|
bewiktionary|be.wiktionary.org|wiktionary|be|Вікіслоўнік|
bewikibooks|be.wikibooks.org|wikibooks|be|Вікікнігі|
bewikiquote|be.wikiquote.org|wikiquote|be|Wikiquote|
bewikisource|be.wikisource.org|wikisource|be|Вікікрыніцы|
be_x_oldwiki|be-tarask.wikipedia.org|wikipedia|be-tarask|Вікіпэдыя|
bewwiki|bew.wikipedia.org|wikipedia|bew|Wikipédi|
bewwiktionary|bew.wiktionary.org|wiktionary|bew|Wikikamus|
bgwiki|bg.wikipedia.org|wikipedia|bg|Уикипедия|
bgwiktionary|bg.wiktionary.org|wiktionary|bg|Уикиречник|
bgwikibooks|bg.wikibooks.org|wikibooks|bg|Уикикниги|
bgwikinews|bg.wikinews.org|wikinews|bg|Уикиновини|closed
bgwikiquote|bg.wikiquote.org|wikiquote|bg|Уикицитат|
bgwikisource|bg.wikisource.org|wikisource|bg|Уикиизточник|
bhwiki|bh.wikipedia.org|wikipedia|bh|विकिपीडिया|
bhwiktionary|bh.wiktionary.org|wiktionary|bh|Wiktionary|closed
biwiki|bi.wikipedia.org|wikipedia|bi|Wikipedia|
biwiktionary|bi.wiktionary.org|wiktionary|bi|Wiktionary|closed
biwikibooks|bi.wikibooks.org|wikibooks|bi|Wikibooks|closed
bjnwiki|bjn.wikipedia.org|wikipedia|bjn|Wikipidia|
bjnwiktionary|bjn.wiktionary.org|wiktionary|bjn|Wiktionary|
bjnwikiquote|bjn.wikiquote.org|wikiquote|bjn|Wikipapadah|
blkwiki|blk.wikipedia.org|wikipedia|blk|ဝီခီပီးဒီးယား|
blkwiktionary|blk.wiktionary.org|wiktionary|blk|ဝိစ်သိဉ်နရီ|
bmwiki|bm.wikipedia.org|wikipedia|bm|Wikipedia|
bmwiktionary|bm.wiktionary.org|wiktionary|bm|Wiktionary|closed
bmwikibooks|bm.wikibooks.org|wikibooks|bm|Wikibooks|closed
bmwikiquote|bm.wikiquote.org|wikiquote|bm|Wikiquote|closed
bnwiki|bn.wikipedia.org|wikipedia|bn|উইকিপিডিয়া|
bnwiktionary|bn.wiktionary.org|wiktionary|bn|উইকিঅভিধান|
bnwikibooks|bn.wikibooks.org|wikibooks|bn|উইকিবই|
bnwikiquote|bn.wikiquote.org|wikiquote|bn|উইকিউক্তি|
bnwikisource|bn.wikisource.org|wikisource|bn|উইকিসংকলন|
bnwikivoyage|bn.wikivoyage.org|wikivoyage|bn|উইকিভ্রমণ|
bowiki|bo.wikipedia.org|wikipedia|bo|Wikipedia|
bowiktionary|bo.wiktionary.org|wiktionary|bo|Wiktionary|closed
bowikibooks|bo.wikibooks.org|wikibooks|bo|Wikibooks|closed
bpywiki|bpy.wikipedia.org|wikipedia|bpy|উইকিপিডিয়া|
brwiki|br.wikipedia.org|wikipedia|br|Wikipedia|
brwiktionary|br.wiktionary.org|wiktionary|br|Wikeriadur|
brwikiquote|br.wikiquote.org|wikiquote|br|Wikiarroud|
brwikisource|br.wikisource.org|wikisource|br|Wikimammenn|
bswiki|bs.wikipedia.org|wikipedia|bs|Wikipedia|
bswiktionary|bs.wiktionary.org|wiktionary|bs|Wikirječnik|
bswikibooks|bs.wikibooks.org|wikibooks|bs|Wikiknjige|
bswikinews|bs.wikinews.org|wikinews|bs|Wikivijesti|
bswikiquote|bs.wikiquote.org|wikiquote|bs|Wikicitati|
bswikisource|bs.wikisource.org|wikisource|bs|Wikizvor|
btmwiki|btm.wikipedia.org|wikipedia|btm|Wikipedia|
btmwiktionary|btm.wiktionary.org|wiktionary|btm|Wikikamus|
bugwiki|bug.wikipedia.org|wikipedia|bug|Wikipedia|
bxrwiki|bxr.wikipedia.org|wikipedia|bxr|Wikipedia|
cawiki|ca.wikipedia.org|wikipedia|ca|Viquipèdia|
cawiktionary|ca.wiktionary.org|wiktionary|ca|Viccionari|
cawikibooks|ca.wikibooks.org|wikibooks|ca|Viquillibres|
cawikinews|ca.wikinews.org|wikinews|ca|Viquinotícies|
cawikiquote|ca.wikiquote.org|wikiquote|ca|Viquidites|
cawikisource|ca.wikisource.org|wikisource|ca|Viquitexts|
cbk_zamwiki|cbk-zam.wikipedia.org|wikipedia|cbk-zam|Wikipedia|
cdowiki|cdo.wikipedia.org|wikipedia|cdo|Wikipedia|
cewiki|ce.wikipedia.org|wikipedia|ce|Википеди|
cebwiki|ceb.wikipedia.org|wikipedia|ceb|Wikipedia|
chwiki|ch.wikipedia.org|wikipedia|ch|Wikipedia|
chwiktionary|ch.wiktionary.org|wiktionary|ch|Wiktionary|closed
chwikibooks|ch.wikibooks.org|wikibooks|ch|Wikibooks|closed
chowiki|cho.wikipedia.org|wikipedia|cho|Wikipedia|closed
chrwiki|chr.wikipedia.org|wikipedia|chr|Wikipedia|
chrwiktionary|chr.wiktionary.org|wiktionary|chr|Wiktionary|
chywiki|chy.wikipedia.org|wikipedia|chy|Tsétsêhéstâhese Wikipedia|
ckbwiki|ckb.wikipedia.org|wikipedia|ckb|ویکیپیدیا|
ckbwiktionary|ckb.wiktionary.org|wiktionary|ckb|ویکیفەرھەنگ|
cowiki|co.wikipedia.org|wikipedia|co|Wikipedia|
cowiktionary|co.wiktionary.org|wiktionary|co|Wiktionary|
cowikibooks|co.wikibooks.org|wikibooks|co|Wikibooks|closed
cowikiquote|co.wikiquote.org|wikiquote|co|Wikiquote|closed
crwiki|cr.wikipedia.org|wikipedia|cr|Wikipedia|closed
crwiktionary|cr.wiktionary.org|wiktionary|cr|Wiktionary|closed
crwikiquote|cr.wikiquote.org|wikiquote|cr|Wikiquote|closed
crhwiki|crh.wikipedia.org|wikipedia|crh|Vikipediya|
cswiki|cs.wikipedia.org|wikipedia|cs|Wikipedie|
cswiktionary|cs.wiktionary.org|wiktionary|cs|Wikislovník|
cswikibooks|cs.wikibooks.org|wikibooks|cs|Wikiknihy|
cswikinews|cs.wikinews.org|wikinews|cs|Wikizprávy|
cswikiquote|cs.wikiquote.org|wikiquote|cs|Wikicitáty|
cswikisource|cs.wikisource.org|wikisource|cs|Wikizdroje|
cswikiversity|cs.wikiversity.org|wikiversity|cs|Wikiverzita|
cswikivoyage|cs.wikivoyage.org|wikivoyage|cs|Wikicesty|
csbwiki|csb.wikipedia.org|wikipedia|csb|Wikipedia|
csbwiktionary|csb.wiktionary.org|wiktionary|csb|Wiktionary|
cuwiki|cu.wikipedia.org|wikipedia|cu|Википєдїꙗ|
cvwiki|cv.wikipedia.org|wikipedia|cv|Википеди|
cvwikibooks|cv.wikibooks.org|wikibooks|cv|Wikibooks|
cywiki|cy.wikipedia.org|wikipedia|cy|Wicipedia|
cywiktionary|cy.wiktionary.org|wiktionary|cy|Wiciadur|
cywikibooks|cy.wikibooks.org|wikibooks|cy|Wicilyfrau|
cywikiquote|cy.wikiquote.org|wikiquote|cy|Wikiquote|
cywikisource|cy.wikisource.org|wikisource|cy|Wicidestun|
dawiki|da.wikipedia.org|wikipedia|da|Wikipedia|
dawiktionary|da.wiktionary.org|wiktionary|da|Wiktionary|
dawikibooks|da.wikibooks.org|wikibooks|da|Wikibooks|
dawikiquote|da.wikiquote.org|wikiquote|da|Wikiquote|
dawikisource|da.wikisource.org|wikisource|da|Wikisource|
dagwiki|dag.wikipedia.org|wikipedia|dag|Dagbani Wikipedia|
dewiki|de.wikipedia.org|wikipedia|de|Wikipedia|
dewiktionary|de.wiktionary.org|wiktionary|de|Wiktionary|
dewikibooks|de.wikibooks.org|wikibooks|de|Wikibooks|
dewikinews|de.wikinews.org|wikinews|de|Wikinews|
dewikiquote|de.wikiquote.org|wikiquote|de|Wikiquote|
dewikisource|de.wikisource.org|wikisource|de|Wikisource|
dewikiversity|de.wikiversity.org|wikiversity|de|Wikiversity|
dewikivoyage|de.wikivoyage.org|wikivoyage|de|Wikivoyage|
dgawiki|dga.wikipedia.org|wikipedia|dga|Wikipiideɛ|
dinwiki|din.wikipedia.org|wikipedia|din|Wikipedia|
diqwiki|diq.wikipedia.org|wikipedia|diq|Wikipedia|
diqwiktionary|diq.wiktionary.org|wiktionary|diq|Wikiqısebend|
dsbwiki|dsb.wikipedia.org|wikipedia|dsb|Wikipedija|
dtpwiki|dtp.wikipedia.org|wikipedia|dtp|Wikipedia|
dtywiki|dty.wikipedia.org|wikipedia|dty|विकिपिडिया|
dvwiki|dv.wikipedia.org|wikipedia|dv|ވިކިޕީޑިއާ|
dvwiktionary|dv.wiktionary.org|wiktionary|dv|ވިކިރަދީފު|
dzwiki|dz.wikipedia.org|wikipedia|dz|Wikipedia|
dzwiktionary|dz.wiktionary.org|wiktionary|dz|Wiktionary|closed
eewiki|ee.wikipedia.org|wikipedia|ee|Wikipedia|
elwiki|el.wikipedia.org|wikipedia|el|Βικιπαίδεια|
elwiktionary|el.wiktionary.org|wiktionary|el|Βικιλεξικό|
elwikibooks|el.wikibooks.org|wikibooks|el|Βικιβιβλία|
elwikinews|el.wikinews.org|wikinews|el|Βικινέα|
elwikiquote|el.wikiquote.org|wikiquote|el|Βικιφθέγματα|
elwikisource|el.wikisource.org|wikisource|el|Βικιθήκη|
elwikiversity|el.wikiversity.org|wikiversity|el|Βικιεπιστήμιο|
elwikivoyage|el.wikivoyage.org|wikivoyage|el|Βικιταξίδια|
emlwiki|eml.wikipedia.org|wikipedia|eml|Wikipedia|
enwiki|en.wikipedia.org|wikipedia|en|Wikipedia|
enwiktionary|en.wiktionary.org|wiktionary|en|Wiktionary|
enwikibooks|en.wikibooks.org|wikibooks|en|Wikibooks|
enwikinews|en.wikinews.org|wikinews|en|Wikinews|
enwikiquote|en.wikiquote.org|wikiquote|en|Wikiquote|
enwikisource|en.wikisource.org|wikisource|en|Wikisource|
enwikiversity|en.wikiversity.org|wikiversity|en|Wikiversity|
enwikivoyage|en.wikivoyage.org|wikivoyage|en|Wikivoyage|
eowiki|eo.wikipedia.org|wikipedia|eo|Vikipedio|
eowiktionary|eo.wiktionary.org|wiktionary|eo|Vikivortaro|
eowikibooks|eo.wikibooks.org|wikibooks|eo|Vikilibroj|
eowikinews|eo.wikinews.org|wikinews|eo|Vikinovaĵoj|
eowikiquote|eo.wikiquote.org|wikiquote|eo|Vikicitaro|
eowikisource|eo.wikisource.org|wikisource|eo|Vikifontaro|
eowikivoyage|eo.wikivoyage.org|wikivoyage|eo|Vikivojaĝo|
eswiki|es.wikipedia.org|wikipedia|es|Wikipedia|
eswiktionary|es.wiktionary.org|wiktionary|es|Wikcionario|
eswikibooks|es.wikibooks.org|wikibooks|es|Wikilibros|
eswikinews|es.wikinews.org|wikinews|es|Wikinoticias|
eswikiquote|es.wikiquote.org|wikiquote|es|Wikiquote|
eswikisource|es.wikisource.org|wikisource|es|Wikisource|
eswikiversity|es.wikiversity.org|wikiversity|es|Wikiversidad|
eswikivoyage|es.wikivoyage.org|wikivoyage|es|Wikiviajes|
etwiki|et.wikipedia.org|wikipedia|et|Vikipeedia|
etwiktionary|et.wiktionary.org|wiktionary|et|Vikisõnastik|
etwikibooks|et.wikibooks.org|wikibooks|et|Vikiõpikud|
etwikiquote|et.wikiquote.org|wikiquote|et|Vikitsitaadid|
etwikisource|et.wikisource.org|wikisource|et|Vikitekstid|
euwiki|eu.wikipedia.org|wikipedia|eu|Wikipedia|
euwiktionary|eu.wiktionary.org|wiktionary|eu|Wiktionary|
euwikibooks|eu.wikibooks.org|wikibooks|eu|Wikibooks|
euwikiquote|eu.wikiquote.org|wikiquote|eu|Wikiquote|
euwikisource|eu.wikisource.org|wikisource|eu|Wikiteka|
extwiki|ext.wikipedia.org|wikipedia|ext|Güiquipeya|
fawiki|fa.wikipedia.org|wikipedia|fa|ویکی‌پدیا|
fawiktionary|fa.wiktionary.org|wiktionary|fa|ویکی‌واژه|
fawikibooks|fa.wikibooks.org|wikibooks|fa|ویکی‌کتاب|
fawikinews|fa.wikinews.org|wikinews|fa|ویکی‌خبر|
fawikiquote|fa.wikiquote.org|wikiquote|fa|ویکی‌گفتاورد|
fawikisource|fa.wikisource.org|wikisource|fa|ویکی‌نبشته|
fawikivoyage|fa.wikivoyage.org|wikivoyage|fa|ویکی‌سفر|
fatwiki|fat.wikipedia.org|wikipedia|fat|Wikipedia|
ffwiki|ff.wikipedia.org|wikipedia|ff|Wikipedia|
fiwiki|fi.wikipedia.org|wikipedia|fi|Wikipedia|
fiwiktionary|fi.wiktionary.org|wiktionary|fi|Wikisanakirja|
fiwikibooks|fi.wikibooks.org|wikibooks|fi|Wikikirjasto|
fiwikinews|fi.wikinews.org|wikinews|fi|Wikiuutiset|
fiwikiquote|fi.wikiquote.org|wikiquote|fi|Wikisitaatit|
fiwikisource|fi.wikisource.org|wikisource|fi|Wikiaineisto|
fiwikiversity|fi.wikiversity.org|wikiversity|fi|Wikiopisto|
fiwikivoyage|fi.wikivoyage.org|wikivoyage|fi|Wikimatkat|
fjwiki|fj.wikipedia.org|wikipedia|fj|Wikipedia|
fjwiktionary|fj.wiktionary.org|wiktionary|fj|Wiktionary|
fowiki|fo.wikipedia.org|wikipedia|fo|Wikipedia|
fowiktionary|fo.wiktionary.org|wiktionary|fo|Wiktionary|
fowikisource|fo.wikisource.org|wikisource|fo|Wikiheimild|
fonwiki|fon.wikipedia.org|wikipedia|fon|Wikipedya|
frwiki|fr.wikipedia.org|wikipedia|fr|Wikipédia|
frwiktionary|fr.wiktionary.org|wiktionary|fr|Wiktionnaire|
frwikibooks|fr.wikibooks.org|wikibooks|fr|Wikilivres|
frwikinews|fr.wikinews.org|wikinews|fr|Wikinews|
frwikiquote|fr.wikiquote.org|wikiquote|fr|Wikiquote|
frwikisource|fr.wikisource.org|wikisource|fr|Wikisource|
frwikiversity|fr.wikiversity.org|wikiversity|fr|Wikiversité|
frwikivoyage|fr.wikivoyage.org|wikivoyage|fr|Wikivoyage|
frpwiki|frp.wikipedia.org|wikipedia|frp|Vouiquipèdia|
frrwiki|frr.wikipedia.org|wikipedia|frr|Wikipedia|
furwiki|fur.wikipedia.org|wikipedia|fur|Vichipedie|
fywiki|fy.wikipedia.org|wikipedia|fy|Wikipedy|
fywiktionary|fy.wiktionary.org|wiktionary|fy|Wikiwurdboek|
fywikibooks|fy.wikibooks.org|wikibooks|fy|Wikibooks|
gawiki|ga.wikipedia.org|wikipedia|ga|Vicipéid|
gawiktionary|ga.wiktionary.org|wiktionary|ga|Vicífhoclóir|
gawikibooks|ga.wikibooks.org|wikibooks|ga|Vicíleabhair|closed
gawikiquote|ga.wikiquote.org|wikiquote|ga|Vicísliocht|closed
gagwiki|gag.wikipedia.org|wikipedia|gag|Vikipediya|
ganwiki|gan.wikipedia.org|wikipedia|gan|維基百科|
gcrwiki|gcr.wikipedia.org|wikipedia|gcr|Wikipédja|
gdwiki|gd.wikipedia.org|wikipedia|gd|Uicipeid|
gdwiktionary|gd.wiktionary.org|wiktionary|gd|Wiktionary|
glwiki|gl.wikipedia.org|wikipedia|gl|Wikipedia|
glwiktionary|gl.wiktionary.org|wiktionary|gl|Wiktionary|
glwikibooks|gl.wikibooks.org|wikibooks|gl|Wikibooks|
glwikiquote|gl.wikiquote.org|wikiquote|gl|Wikiquote|
glwikisource|gl.wikisource.org|wikisource|gl|Wikisource|
glkwiki|glk.wikipedia.org|wikipedia|glk|Wikipedia|
gnwiki|gn.wikipedia.org|wikipedia|gn|Vikipetã|
gnwiktionary|gn.wiktionary.org|wiktionary|gn|Wiktionary|
gnwikibooks|gn.wikibooks.org|wikibooks|gn|Wikibooks|closed
gomwiki|gom.wikipedia.org|wikipedia|gom|विकिपीडिया|
gomwiktionary|gom.wiktionary.org|wiktionary|gom|Wiktionary|
gorwiki|gor.wikipedia.org|wikipedia|gor|Wikipedia|
gorwiktionary|gor.wiktionary.org|wiktionary|gor|Wikikamus|
gorwikiquote|gor.wikiquote.org|wikiquote|gor|Wikilumadu|
gotwiki|got.wikipedia.org|wikipedia|got|Wikipedia|
gotwikibooks|got.wikibooks.org|wikibooks|got|Wikibooks|closed
gpewiki|gpe.wikipedia.org|wikipedia|gpe|Wikipedia|
alswiki|als.wikipedia.org|wikipedia|gsw|Wikipedia|
guwiki|gu.wikipedia.org|wikipedia|gu|વિકિપીડિયા|
guwiktionary|gu.wiktionary.org|wiktionary|gu|વિકિકોશ|
guwikibooks|gu.wikibooks.org|wikibooks|gu|Wikibooks|closed
guwikiquote|gu.wikiquote.org|wikiquote|gu|વિકિસૂક્તિ|
guwikisource|gu.wikisource.org|wikisource|gu|વિકિસ્રોત|
gucwiki|guc.wikipedia.org|wikipedia|guc|Wikipeetia|
gurwiki|gur.wikipedia.org|wikipedia|gur|Wikipiidiya|
guwwiki|guw.wikipedia.org|wikipedia|guw|Wikipedia|
guwwiktionary|guw.wiktionary.org|wiktionary|guw|Wiktionary|
guwwikinews|guw.wikinews.org|wikinews|guw|Wikilinlin|
guwwikiquote|guw.wikiquote.org|wikiquote|guw|Wikiquote|
gvwiki|gv.wikipedia.org|wikipedia|gv|Wikipedia|
gvwiktionary|gv.wiktionary.org|wiktionary|gv|Wiktionary|
hawiki|ha.wikipedia.org|wikipedia|ha|Wikipedia|
hawiktionary|ha.wiktionary.org|wiktionary|ha|Wiktionary|
hakwiki|hak.wikipedia.org|wikipedia|hak|Wikipedia|
hawwiki|haw.wikipedia.org|wikipedia|haw|Wikipedia|
hewiki|he.wikipedia.org|wikipedia|he|ויקיפדיה|
hewiktionary|he.wiktionary.org|wiktionary|he|ויקימילון|
hewikibooks|he.wikibooks.org|wikibooks|he|ויקיספר|
hewikinews|he.wikinews.org|wikinews|he|ויקיחדשות|
hewikiquote|he.wikiquote.org|wikiquote|he|ויקיציטוט|
hewikisource|he.wikisource.org|wikisource|he|ויקיטקסט|
hewikivoyage|he.wikivoyage.org|wikivoyage|he|ויקימסע|
hiwiki|hi.wikipedia.org|wikipedia|hi|विकिपीडिया|
hiwiktionary|hi.wiktionary.org|wiktionary|hi|विक्षनरी|
hiwikibooks|hi.wikibooks.org|wikibooks|hi|विकिपुस्तक|
hiwikiquote|hi.wikiquote.org|wikiquote|hi|विकिसूक्ति|
hiwikisource|hi.wikisource.org|wikisource|hi|विकिस्रोत|
hiwikiversity|hi.wikiversity.org|wikiversity|hi|विकिविश्वविद्यालय|
hiwikivoyage|hi.wikivoyage.org|wikivoyage|hi|विकियात्रा|
hifwiki|hif.wikipedia.org|wikipedia|hif|Wikipedia|
hifwiktionary|hif.wiktionary.org|wiktionary|hif|Sabdkosh|
howiki|ho.wikipedia.org|wikipedia|ho|Wikipedia|closed
hrwiki|hr.wikipedia.org|wikipedia|hr|Wikipedija|
hrwiktionary|hr.wiktionary.org|wiktionary|hr|Wiktionary|
hrwikibooks|hr.wikibooks.org|wikibooks|hr|Wikibooks|
hrwikiquote|hr.wikiquote.org|wikiquote|hr|Wikicitat|
hrwikisource|hr.wikisource.org|wikisource|hr|Wikizvor|
hsbwiki|hsb.wikipedia.org|wikipedia|hsb|Wikipedija|
hsbwiktionary|hsb.wiktionary.org|wiktionary|hsb|Wikisłownik|
htwiki|ht.wikipedia.org|wikipedia|ht|Wikipedya|
htwikisource|ht.wikisource.org|wikisource|ht|Wikisòrs|closed
huwiki|hu.wikipedia.org|wikipedia|hu|Wikipédia|
huwiktionary|hu.wiktionary.org|wiktionary|hu|Wikiszótár|
huwikibooks|hu.wikibooks.org|wikibooks|hu|Wikikönyvek|
huwikinews|hu.wikinews.org|wikinews|hu|Wikihírek|closed
huwikiquote|hu.wikiquote.org|wikiquote|hu|Wikidézet|
huwikisource|hu.wikisource.org|wikisource|hu|Wikiforrás|
hywiki|hy.wikipedia.org|wikipedia|hy|Վիքիպեդիա|
hywiktionary|hy.wiktionary.org|wiktionary|hy|Վիքիբառարան|
hywikibooks|hy.wikibooks.org|wikibooks|hy|Վիքիգրքեր|
hywikiquote|hy.wikiquote.org|wikiquote|hy|Վիքիքաղվածք|
hywikisource|hy.wikisource.org|wikisource|hy|Վիքիդարան|
hywwiki|hyw.wikipedia.org|wikipedia|hyw|Ուիքիփետիա|
hzwiki|hz.wikipedia.org|wikipedia|hz|Wikipedia|closed
iawiki|ia.wikipedia.org|wikipedia|ia|Wikipedia|
iawiktionary|ia.wiktionary.org|wiktionary|ia|Wiktionario|
iawikibooks|ia.wikibooks.org|wikibooks|ia|Wikibooks|
ibawiki|iba.wikipedia.org|wikipedia|iba|Wikipedia|
idwiki|id.wikipedia.org|wikipedia|id|Wikipedia|
idwiktionary|id.wiktionary.org|wiktionary|id|Wikikamus|
idwikibooks|id.wikibooks.org|wikibooks|id|Wikibuku|
idwikiquote|id.wikiquote.org|wikiquote|id|Wikikutip|
idwikisource|id.wikisource.org|wikisource|id|Wikisumber|
idwikivoyage|id.wikivoyage.org|wikivoyage|id|Wikiwisata|
iewiki|ie.wikipedia.org|wikipedia|ie|Wikipedia|
iewiktionary|ie.wiktionary.org|wiktionary|ie|Wiktionary|
iewikibooks|ie.wikibooks.org|wikibooks|ie|Wikibooks|closed
igwiki|ig.wikipedia.org|wikipedia|ig|Wikipedia|
igwiktionary|ig.wiktionary.org|wiktionary|ig|Wiktionary|
igwikiquote|ig.wikiquote.org|wikiquote|ig|Wikiquote|
iglwiki|igl.wikipedia.org|wikipedia|igl|Wikipídiya|
iiwiki|ii.wikipedia.org|wikipedia|ii|Wikipedia|closed
ikwiki|ik.wikipedia.org|wikipedia|ik|Wikipedia|
ikwiktionary|ik.wiktionary.org|wiktionary|ik|Wiktionary|closed
ilowiki|ilo.wikipedia.org|wikipedia|ilo|Wikipedia|
inhwiki|inh.wikipedia.org|wikipedia|inh|Википеди|
iowiki|io.wikipedia.org|wikipedia|io|Wikipedio|
iowiktionary|io.wiktionary.org|wiktionary|io|Wikivortaro|
iswiki|is.wikipedia.org|wikipedia|is|Wikipedia|
iswiktionary|is.wiktionary.org|wiktionary|is|Wikiorðabók|
iswikibooks|is.wikibooks.org|wikibooks|is|Wikibækur|
iswikiquote|is.wikiquote.org|wikiquote|is|Wikivitnun|
iswikisource|is.wikisource.org|wikisource|is|Wikiheimild|
itwiki|it.wikipedia.org|wikipedia|it|Wikipedia|
itwiktionary|it.wiktionary.org|wiktionary|it|Wikizionario|
itwikibooks|it.wikibooks.org|wikibooks|it|Wikibooks|
itwikinews|it.wikinews.org|wikinews|it|Wikinotizie|
itwikiquote|it.wikiquote.org|wikiquote|it|Wikiquote|
itwikisource|it.wikisource.org|wikisource|it|Wikisource|
itwikiversity|it.wikiversity.org|wikiversity|it|Wikiversità|
itwikivoyage|it.wikivoyage.org|wikivoyage|it|Wikivoyage|
iuwiki|iu.wikipedia.org|wikipedia|iu|ᐅᐃᑭᐱᑎᐊ|
iuwiktionary|iu.wiktionary.org|wiktionary|iu|Wiktionary|
jawiki|ja.wikipedia.org|wikipedia|ja|Wikipedia|
jawiktionary|ja.wiktionary.org|wiktionary|ja|Wiktionary|
jawikibooks|ja.wikibooks.org|wikibooks|ja|Wikibooks|
jawikinews|ja.wikinews.org|wikinews|ja|ウィキニュース|
jawikiquote|ja.wikiquote.org|wikiquote|ja|Wikiquote|
jawikisource|ja.wikisource.org|wikisource|ja|Wikisource|
jawikiversity|ja.wikiversity.org|wikiversity|ja|ウィキバーシティ|
jawikivoyage|ja.wikivoyage.org|wikivoyage|ja|ウィキボヤージュ|
jamwiki|jam.wikipedia.org|wikipedia|jam|Wikipidia|
jbowiki|jbo.wikipedia.org|wikipedia|jbo|Wikipedia|
jbowiktionary|jbo.wiktionary.org|wiktionary|jbo|Wiktionary|
jvwiki|jv.wikipedia.org|wikipedia|jv|Wikipédia|
jvwiktionary|jv.wiktionary.org|wiktionary|jv|Wikisastra|
jvwikisource|jv.wikisource.org|wikisource|jv|Wikisumber|
kawiki|ka.wikipedia.org|wikipedia|ka|ვიკიპედია|
kawiktionary|ka.wiktionary.org|wiktionary|ka|ვიქსიკონი|
kawikibooks|ka.wikibooks.org|wikibooks|ka|ვიკიწიგნები|
kawikiquote|ka.wikiquote.org|wikiquote|ka|ვიკიციტატა|
kawikisource|ka.wikisource.org|wikisource|ka|ვიკიწყარო|
kaawiki|kaa.wikipedia.org|wikipedia|kaa|Wikipedia|
kaawiktionary|kaa.wiktionary.org|wiktionary|kaa|Wikisózlik|
kabwiki|kab.wikipedia.org|wikipedia|kab|Wikipedia|
kaiwiki|kai.wikipedia.org|wikipedia|kai|Wikipèdiya|
kajwiki|kaj.wikipedia.org|wikipedia|kaj|Wikipedia|
kbdwiki|kbd.wikipedia.org|wikipedia|kbd|Уикипедиэ|
kbdwiktionary|kbd.wiktionary.org|wiktionary|kbd|Википсалъалъэ|
kbpwiki|kbp.wikipedia.org|wikipedia|kbp|Wikipediya|
kcgwiki|kcg.wikipedia.org|wikipedia|kcg|Wikipedia|
kcgwiktionary|kcg.wiktionary.org|wiktionary|kcg|Swánga̱lyiatwuki|
kgwiki|kg.wikipedia.org|wikipedia|kg|Wikipedia|
kgewiki|kge.wikipedia.org|wikipedia|kge|Wikipidiya|
kiwiki|ki.wikipedia.org|wikipedia|ki|Wikipedia|
kjwiki|kj.wikipedia.org|wikipedia|kj|Wikipedia|closed
kkwiki|kk.wikipedia.org|wikipedia|kk|Уикипедия|
kkwiktionary|kk.wiktionary.org|wiktionary|kk|Уикисөздік|
kkwikibooks|kk.wikibooks.org|wikibooks|kk|Уикикітап|
kkwikiquote|kk.wikiquote.org|wikiquote|kk|Уикидәйек|closed
klwiki|kl.wikipedia.org|wikipedia|kl|Wikipedia|closed
klwiktionary|kl.wiktionary.org|wiktionary|kl|Wiktionary|
kmwiki|km.wikipedia.org|wikipedia|km|វិគីភីឌា|
kmwiktionary|km.wiktionary.org|wiktionary|km|Wiktionary|
kmwikibooks|km.wikibooks.org|wikibooks|km|Wikibooks|
knwiki|kn.wikipedia.org|wikipedia|kn|ವಿಕಿಪೀಡಿಯ|
knwiktionary|kn.wiktionary.org|wiktionary|kn|ವಿಕ್ಷನರಿ|
knwikibooks|kn.wikibooks.org|wikibooks|kn|Wikibooks|closed
knwikiquote|kn.wikiquote.org|wikiquote|kn|ವಿಕಿಕೋಟ್|
knwikisource|kn.wikisource.org|wikisource|kn|ವಿಕಿಸೋರ್ಸ್|
kncwiki|knc.wikipedia.org|wikipedia|knc|Wikipedia|
kowiki|ko.wikipedia.org|wikipedia|ko|위키백과|
kowiktionary|ko.wiktionary.org|wiktionary|ko|위키낱말사전|
kowikibooks|ko.wikibooks.org|wikibooks|ko|위키책|
kowikinews|ko.wikinews.org|wikinews|ko|위키뉴스|
kowikiquote|ko.wikiquote.org|wikiquote|ko|위키인용집|
kowikisource|ko.wikisource.org|wikisource|ko|위키문헌|
kowikiversity|ko.wikiversity.org|wikiversity|ko|위키배움터|
koiwiki|koi.wikipedia.org|wikipedia|koi|Википедия|
krwiki|kr.wikipedia.org|wikipedia|kr|Wikipedia|closed
krwikiquote|kr.wikiquote.org|wikiquote|kr|Wikiquote|closed
krcwiki|krc.wikipedia.org|wikipedia|krc|Википедия|
kswiki|ks.wikipedia.org|wikipedia|ks|وِکیٖپیٖڈیا|
kswiktionary|ks.wiktionary.org|wiktionary|ks|وِکیٖلۄغَتھ|
kswikibooks|ks.wikibooks.org|wikibooks|ks|Wikibooks|closed
kswikiquote|ks.wikiquote.org|wikiquote|ks|Wikiquote|closed
kshwiki|ksh.wikipedia.org|wikipedia|ksh|Wikipedia|
kuwiki|ku.wikipedia.org|wikipedia|ku|Wîkîpediya|
kuwiktionary|ku.wiktionary.org|wiktionary|ku|Wîkîferheng|
kuwikibooks|ku.wikibooks.org|wikibooks|ku|Wikibooks|
kuwikiquote|ku.wikiquote.org|wikiquote|ku|Wikiquote|
kuswiki|kus.wikipedia.org|wikipedia|kus|Wikipiidia|
kvwiki|kv.wikipedia.org|wikipedia|kv|Wikipedia|
kwwiki|kw.wikipedia.org|wikipedia|kw|Wikipedia|
kwwiktionary|kw.wiktionary.org|wiktionary|kw|Wiktionary|
kwwikiquote|kw.wikiquote.org|wikiquote|kw|Wikiquote|closed
kywiki|ky.wikipedia.org|wikipedia|ky|Википедия|
kywiktionary|ky.wiktionary.org|wiktionary|ky|Wiktionary|
kywikibooks|ky.wikibooks.org|wikibooks|ky|Wikibooks|closed
kywikiquote|ky.wikiquote.org|wikiquote|ky|Wikiquote|
lawiki|la.wikipedia.org|wikipedia|la|Vicipaedia|
lawiktionary|la.wiktionary.org|wiktionary|la|Victionarium|
lawikibooks|la.wikibooks.org|wikibooks|la|Vicilibri|
lawikiquote|la.wikiquote.org|wikiquote|la|Vicicitatio|
lawikisource|la.wikisource.org|wikisource|la|Wikisource|
ladwiki|lad.wikipedia.org|wikipedia|lad|Vikipedya|
lbwiki|lb.wikipedia.org|wikipedia|lb|Wikipedia|
lbwiktionary|lb.wiktionary.org|wiktionary|lb|Wiktionnaire|
lbwikibooks|lb.wikibooks.org|wikibooks|lb|Wikibooks|closed
lbwikiquote|lb.wikiquote.org|wikiquote|lb|Wikiquote|closed
lbewiki|lbe.wikipedia.org|wikipedia|lbe|Википедия|
lezwiki|lez.wikipedia.org|wikipedia|lez|Википедия|
lfnwiki|lfn.wikipedia.org|wikipedia|lfn|Vicipedia|
lgwiki|lg.wikipedia.org|wikipedia|lg|Wikipedia|
liwiki|li.wikipedia.org|wikipedia|li|Wikipedia|
liwiktionary|li.wiktionary.org|wiktionary|li|Wiktionary|
liwikibooks|li.wikibooks.org|wikibooks|li|Wikibeuk|
liwikinews|li.wikinews.org|wikinews|li|Wikinuujs|
liwikiquote|li.wikiquote.org|wikiquote|li|Wikiquote|
liwikisource|li.wikisource.org|wikisource|li|Wikibrónne|
lijwiki|lij.wikipedia.org|wikipedia|lij|Wikipedia|
lijwikisource|lij.wikisource.org|wikisource|lij|Wikivivàgna|
lldwiki|lld.wikipedia.org|wikipedia|lld|Wikipedia|
lmowiki|lmo.wikipedia.org|wikipedia|lmo|Wikipedia|
lmowiktionary|lmo.wiktionary.org|wiktionary|lmo|Wiktionary|
lnwiki|ln.wikipedia.org|wikipedia|ln|Wikipedia|
lnwiktionary|ln.wiktionary.org|wiktionary|ln|Wiktionary|
lnwikibooks|ln.wikibooks.org|wikibooks|ln|Wikibooks|closed
lowiki|lo.wikipedia.org|wikipedia|lo|ວິກິພີເດຍ|
lowiktionary|lo.wiktionary.org|wiktionary|lo|Wiktionary|
lrcwiki|lrc.wikipedia.org|wikipedia|lrc|ڤیکیپئدیا|closed
ltwiki|lt.wikipedia.org|wikipedia|lt|Vikipedija|
ltwiktionary|lt.wiktionary.org|wiktionary|lt|Vikižodynas|
ltwikibooks|lt.wikibooks.org|wikibooks|lt|Wikibooks|
ltwikiquote|lt.wikiquote.org|wikiquote|lt|Wikiquote|
ltwikisource|lt.wikisource.org|wikisource|lt|Vikišaltiniai|
ltgwiki|ltg.wikipedia.org|wikipedia|ltg|Vikipedeja|
lvwiki|lv.wikipedia.org|wikipedia|lv|Vikipēdija|
lvwiktionary|lv.wiktionary.org|wiktionary|lv|Wiktionary|
lvwikibooks|lv.wikibooks.org|wikibooks|lv|Wikibooks|closed
zh_classicalwiki|zh-classical.wikipedia.org|wikipedia|lzh|維基大典|
madwiki|mad.wikipedia.org|wikipedia|mad|Wikipedia|
madwiktionary|mad.wiktionary.org|wiktionary|mad|Wikikamus|
madwikisource|mad.wikisource.org|wikisource|mad|Wikigherbhung|
maiwiki|mai.wikipedia.org|wikipedia|mai|विकिपिडिया|
map_bmswiki|map-bms.wikipedia.org|wikipedia|map-bms|Wikipedia|
mdfwiki|mdf.wikipedia.org|wikipedia|mdf|Википедиесь|
mgwiki|mg.wikipedia.org|wikipedia|mg|Wikipedia|
mgwiktionary|mg.wiktionary.org|wiktionary|mg|Wiktionary|
mgwikibooks|mg.wikibooks.org|wikibooks|mg|Wikibooks|
mhwiki|mh.wikipedia.org|wikipedia|mh|Wikipedia|closed
mhwiktionary|mh.wiktionary.org|wiktionary|mh|Wiktionary|closed
mhrwiki|mhr.wikipedia.org|wikipedia|mhr|Википедий|
miwiki|mi.wikipedia.org|wikipedia|mi|Wikipedia|
miwiktionary|mi.wiktionary.org|wiktionary|mi|Wiktionary|
miwikibooks|mi.wikibooks.org|wikibooks|mi|Wikibooks|closed
minwiki|min.wikipedia.org|wikipedia|min|Wikipedia|
minwiktionary|min.wiktionary.org|wiktionary|min|Wikikato|
minwikibooks|min.wikibooks.org|wikibooks|min|Wikibuku|
minwikisource|min.wikisource.org|wikisource|min|Wikibasurek|
mkwiki|mk.wikipedia.org|wikipedia|mk|Википедија|
mkwiktionary|mk.wiktionary.org|wiktionary|mk|Викиречник|
mkwikibooks|mk.wikibooks.org|wikibooks|mk|Викикниги|
mkwikisource|mk.wikisource.org|wikisource|mk|Wikisource|
mlwiki|ml.wikipedia.org|wikipedia|ml|വിക്കിപീഡിയ|
mlwiktionary|ml.wiktionary.org|wiktionary|ml|വിക്കിനിഘണ്ടു|
mlwikibooks|ml.wikibooks.org|wikibooks|ml|വിക്കിപാഠശാല|
mlwikiquote|ml.wikiquote.org|wikiquote|ml|വിക്കിചൊല്ലുകൾ|
mlwikisource|ml.wikisource.org|wikisource|ml|വിക്കിഗ്രന്ഥശാല|
mnwiki|mn.wikipedia.org|wikipedia|mn|Википедиа|
mnwiktionary|mn.wiktionary.org|wiktionary|mn|Викитоль|
mnwikibooks|mn.wikibooks.org|wikibooks|mn|Wikibooks|closed
mniwiki|mni.wikipedia.org|wikipedia|mni|ꯋꯤꯀꯤꯄꯦꯗꯤꯌꯥ|
mniwiktionary|mni.wiktionary.org|wiktionary|mni|ꯋꯤꯛꯁꯟꯅꯔꯤ|
mnwwiki|mnw.wikipedia.org|wikipedia|mnw|ဝဳကဳပဳဒဳယာ|
mnwwiktionary|mnw.wiktionary.org|wiktionary|mnw|ဝိက်ရှေန်နရဳ|
moswiki|mos.wikipedia.org|wikipedia|mos|Wikipidiya|
mrwiki|mr.wikipedia.org|wikipedia|mr|विकिपीडिया|
mrwiktionary|mr.wiktionary.org|wiktionary|mr|Wiktionary|
mrwikibooks|mr.wikibooks.org|wikibooks|mr|विकिबुक्स|
mrwikiquote|mr.wikiquote.org|wikiquote|mr|Wikiquote|
mrwikisource|mr.wikisource.org|wikisource|mr|विकिस्रोत|
mrjwiki|mrj.wikipedia.org|wikipedia|mrj|Википеди|
mswiki|ms.wikipedia.org|wikipedia|ms|Wikipedia|
mswiktionary|ms.wiktionary.org|wiktionary|ms|Wikikamus|
mswikibooks|ms.wikibooks.org|wikibooks|ms|Wikibuku|
mswikiquote|ms.wikiquote.org|wikiquote|ms|Wikipetik|
mswikisource|ms.wikisource.org|wikisource|ms|Wikisumber|
mtwiki|mt.wikipedia.org|wikipedia|mt|Wikipedija|
mtwiktionary|mt.wiktionary.org|wiktionary|mt|Wikizzjunarju|
muswiki|mus.wikipedia.org|wikipedia|mus|Wikipedia|closed
mwlwiki|mwl.wikipedia.org|wikipedia|mwl|Biquipédia|
mywiki|my.wikipedia.org|wikipedia|my|ဝီကီပီးဒီးယား|
mywiktionary|my.wiktionary.org|wiktionary|my|ဝစ်ရှင်နရီ|
mywikibooks|my.wikibooks.org|wikibooks|my|Wikibooks|closed
mywikisource|my.wikisource.org|wikisource|my|ဝီကီရင်းမြစ်|
myvwiki|myv.wikipedia.org|wikipedia|myv|Википедиясь|
mznwiki|mzn.wikipedia.org|wikipedia|mzn|ویکی‌پدیا|
nawiki|na.wikipedia.org|wikipedia|na|Wikipedia|closed
nawiktionary|na.wiktionary.org|wiktionary|na|Wiktionary|
nawikibooks|na.wikibooks.org|wikibooks|na|Wikibooks|closed
nawikiquote|na.wikiquote.org|wikiquote|na|Wikiquote|closed
nahwiki|nah.wikipedia.org|wikipedia|nah|Huiquipedia|
nahwiktionary|nah.wiktionary.org|wiktionary|nah|Wiktionary|
nahwikibooks|nah.wikibooks.org|wikibooks|nah|Wikibooks|closed
zh_min_nanwiki|zh-min-nan.wikipedia.org|wikipedia|nan|Wikipedia|
zh_min_nanwiktionary|zh-min-nan.wiktionary.org|wiktionary|nan|Wiktionary|
zh_min_nanwikibooks|zh-min-nan.wikibooks.org|wikibooks|nan|Wikibooks|closed
zh_min_nanwikiquote|zh-min-nan.wikiquote.org|wikiquote|nan|Wikiquote|closed
zh_min_nanwikisource|zh-min-nan.wikisource.org|wikisource|nan|Wiki Tô·-su-kóan|
napwiki|nap.wikipedia.org|wikipedia|nap|Wikipedia|
napwikisource|nap.wikisource.org|wikisource|nap|Wikisource|
ndswiki|nds.wikipedia.org|wikipedia|nds|Wikipedia|
ndswiktionary|nds.wiktionary.org|wiktionary|nds|Wiktionary|
ndswikibooks|nds.wikibooks.org|wikibooks|nds|Wikibooks|closed
ndswikiquote|nds.wikiquote.org|wikiquote|nds|Wikiquote|closed
nds_nlwiki|nds-nl.wikipedia.org|wikipedia|nds-nl|Wikipedia|
newiki|ne.wikipedia.org|wikipedia|ne|विकिपिडिया|
newiktionary|ne.wiktionary.org|wiktionary|ne|Wiktionary|
newikibooks|ne.wikibooks.org|wikibooks|ne|विकिपुस्तक|
newwiki|new.wikipedia.org|wikipedia|new|Wikipedia|
ngwiki|ng.wikipedia.org|wikipedia|ng|Wikipedia|closed
niawiki|nia.wikipedia.org|wikipedia|nia|Wikipedia|
niawiktionary|nia.wiktionary.org|wiktionary|nia|Wikikamus|
nlwiki|nl.wikipedia.org|wikipedia|nl|Wikipedia|
nlwiktionary|nl.wiktionary.org|wiktionary|nl|WikiWoordenboek|
nlwikibooks|nl.wikibooks.org|wikibooks|nl|Wikibooks|
nlwikinews|nl.wikinews.org|wikinews|nl|Wikinieuws|
nlwikiquote|nl.wikiquote.org|wikiquote|nl|Wikiquote|
nlwikisource|nl.wikisource.org|wikisource|nl|Wikisource|
nlwikivoyage|nl.wikivoyage.org|wikivoyage|nl|Wikivoyage|
nnwiki|nn.wikipedia.org|wikipedia|nn|Wikipedia|
nnwiktionary|nn.wiktionary.org|wiktionary|nn|Wiktionary|
nnwikiquote|nn.wikiquote.org|wikiquote|nn|Wikiquote|
nowiki|no.wikipedia.org|wikipedia|no|Wikipedia|
nowiktionary|no.wiktionary.org|wiktionary|no|Wiktionary|
nowikibooks|no.wikibooks.org|wikibooks|no|Wikibøker|
nowikinews|no.wikinews.org|wikinews|no|Wikinytt|
nowikiquote|no.wikiquote.org|wikiquote|no|Wikiquote|
nowikisource|no.wikisource.org|wikisource|no|Wikikilden|
novwiki|nov.wikipedia.org|wikipedia|nov|Wikipedia|
nqowiki|nqo.wikipedia.org|wikipedia|nqo|ߥߞߌߔߘߋߞߎ|
nrwiki|nr.wikipedia.org|wikipedia|nr|Wikiphidiya|
nrmwiki|nrm.wikipedia.org|wikipedia|nrm|Wikipedia|
nsowiki|nso.wikipedia.org|wikipedia|nso|Wikipedia|
nupwiki|nup.wikipedia.org|wikipedia|nup|Wikipedia|
nvwiki|nv.wikipedia.org|wikipedia|nv|Wikipedia|
nywiki|ny.wikipedia.org|wikipedia|ny|Wikipedia|
ocwiki|oc.wikipedia.org|wikipedia|oc|Wikipèdia|
ocwiktionary|oc.wiktionary.org|wiktionary|oc|Wikiccionari|
ocwikibooks|oc.wikibooks.org|wikibooks|oc|Wikilibres|
olowiki|olo.wikipedia.org|wikipedia|olo|Wikipedii|
omwiki|om.wikipedia.org|wikipedia|om|Wikipedia|
omwiktionary|om.wiktionary.org|wiktionary|om|Wiktionary|
orwiki|or.wikipedia.org|wikipedia|or|ଉଇକିପିଡ଼ିଆ|
orwiktionary|or.wiktionary.org|wiktionary|or|ଉଇକିଅଭିଧାନ|
orwikisource|or.wikisource.org|wikisource|or|ଉଇକିପାଠାଗାର|
oswiki|os.wikipedia.org|wikipedia|os|Википеди|
pawiki|pa.wikipedia.org|wikipedia|pa|ਵਿਕੀਪੀਡੀਆ|
pawiktionary|pa.wiktionary.org|wiktionary|pa|Wiktionary|
pawikibooks|pa.wikibooks.org|wikibooks|pa|Wikibooks|
pawikisource|pa.wikisource.org|wikisource|pa|ਵਿਕੀਸਰੋਤ|
pagwiki|pag.wikipedia.org|wikipedia|pag|Wikipedia|
pamwiki|pam.wikipedia.org|wikipedia|pam|Wikipedia|
papwiki|pap.wikipedia.org|wikipedia|pap|Wikipedia|
pcdwiki|pcd.wikipedia.org|wikipedia|pcd|Wikipedia|
pcmwiki|pcm.wikipedia.org|wikipedia|pcm|Wikipedia|
pcmwikiquote|pcm.wikiquote.org|wikiquote|pcm|Wikitok|
pdcwiki|pdc.wikipedia.org|wikipedia|pdc|Wikipedia|
pflwiki|pfl.wikipedia.org|wikipedia|pfl|Wikipedia|
piwiki|pi.wikipedia.org|wikipedia|pi|Wikipedia|
piwiktionary|pi.wiktionary.org|wiktionary|pi|Wiktionary|closed
pihwiki|pih.wikipedia.org|wikipedia|pih|Wikipedia|closed
plwiki|pl.wikipedia.org|wikipedia|pl|Wikipedia|
plwiktionary|pl.wiktionary.org|wiktionary|pl|Wikisłownik|
plwikibooks|pl.wikibooks.org|wikibooks|pl|Wikibooks|
plwikinews|pl.wikinews.org|wikinews|pl|Wikinews|
plwikiquote|pl.wikiquote.org|wikiquote|pl|Wikicytaty|
plwikisource|pl.wikisource.org|wikisource|pl|Wikiźródła|
plwikivoyage|pl.wikivoyage.org|wikivoyage|pl|Wikipodróże|
pmswiki|pms.wikipedia.org|wikipedia|pms|Wikipedia|
pmswikisource|pms.wikisource.org|wikisource|pms|Wikisource|
pnbwiki|pnb.wikipedia.org|wikipedia|pnb|وکیپیڈیا|
pnbwiktionary|pnb.wiktionary.org|wiktionary|pnb|وکشنری|
pntwiki|pnt.wikipedia.org|wikipedia|pnt|Βικιπαίδεια|
pplwiki|ppl.wikipedia.org|wikipedia|ppl|Wikiamachti|
pswiki|ps.wikipedia.org|wikipedia|ps|ويکيپېډيا|
pswiktionary|ps.wiktionary.org|wiktionary|ps|ويکيسيند|
pswikibooks|ps.wikibooks.org|wikibooks|ps|ويکيتابونه|closed
pswikivoyage|ps.wikivoyage.org|wikivoyage|ps|ويکيسفر|
ptwiki|pt.wikipedia.org|wikipedia|pt|Wikipédia|
ptwiktionary|pt.wiktionary.org|wiktionary|pt|Wikcionário|
ptwikibooks|pt.wikibooks.org|wikibooks|pt|Wikilivros|
ptwikinews|pt.wikinews.org|wikinews|pt|Wikinotícias|
ptwikiquote|pt.wikiquote.org|wikiquote|pt|Wikiquote|
ptwikisource|pt.wikisource.org|wikisource|pt|Wikisource|
ptwikiversity|pt.wikiversity.org|wikiversity|pt|Wikiversidade|
ptwikivoyage|pt.wikivoyage.org|wikivoyage|pt|Wikivoyage|
pwnwiki|pwn.wikipedia.org|wikipedia|pwn|Wikipedia|
quwiki|qu.wikipedia.org|wikipedia|qu|Wikipedia|
quwiktionary|qu.wiktionary.org|wiktionary|qu|Wiktionary|
quwikibooks|qu.wikibooks.org|wikibooks|qu|Wikibooks|closed
quwikiquote|qu.wikiquote.org|wikiquote|qu|Wikiquote|closed
rkiwiki|rki.wikipedia.org|wikipedia|rki|ဝီကီးပီးဒီးယား|
rmwiki|rm.wikipedia.org|wikipedia|rm|Wikipedia|
rmwiktionary|rm.wiktionary.org|wiktionary|rm|Wiktionary|closed
rmwikibooks|rm.wikibooks.org|wikibooks|rm|Wikibooks|closed
rmywiki|rmy.wikipedia.org|wikipedia|rmy|Vikipidiya|
rnwiki|rn.wikipedia.org|wikipedia|rn|Wikipedia|
rnwiktionary|rn.wiktionary.org|wiktionary|rn|Wiktionary|closed
rowiki|ro.wikipedia.org|wikipedia|ro|Wikipedia|
rowiktionary|ro.wiktionary.org|wiktionary|ro|Wikționar|
rowikibooks|ro.wikibooks.org|wikibooks|ro|Wikimanuale|
rowikinews|ro.wikinews.org|wikinews|ro|Wikiștiri|
rowikiquote|ro.wikiquote.org|wikiquote|ro|Wikicitat|
rowikisource|ro.wikisource.org|wikisource|ro|Wikisource|
rowikivoyage|ro.wikivoyage.org|wikivoyage|ro|Wikivoyage|
roa_tarawiki|roa-tara.wikipedia.org|wikipedia|roa-tara|Wikipedia|
rskwiki|rsk.wikipedia.org|wikipedia|rsk|Википедия|
ruwiki|ru.wikipedia.org|wikipedia|ru|Википедия|
ruwiktionary|ru.wiktionary.org|wiktionary|ru|Викисловарь|
ruwikibooks|ru.wikibooks.org|wikibooks|ru|Викиучебник|
ruwikinews|ru.wikinews.org|wikinews|ru|Викиновости|
ruwikiquote|ru.wikiquote.org|wikiquote|ru|Викицитатник|
ruwikisource|ru.wikisource.org|wikisource|ru|Викитека|
ruwikiversity|ru.wikiversity.org|wikiversity|ru|Викиверситет|
ruwikivoyage|ru.wikivoyage.org|wikivoyage|ru|Wikivoyage|
ruewiki|rue.wikipedia.org|wikipedia|rue|Вікіпедія|
roa_rupwiki|roa-rup.wikipedia.org|wikipedia|rup|Wikipedia|
roa_rupwiktionary|roa-rup.wiktionary.org|wiktionary|rup|Wiktionary|
rwwiki|rw.wikipedia.org|wikipedia|rw|Wikipedia|
rwwiktionary|rw.wiktionary.org|wiktionary|rw|Wiktionary|
sawiki|sa.wikipedia.org|wikipedia|sa|विकिपीडिया|
sawiktionary|sa.wiktionary.org|wiktionary|sa|विकिशब्दकोशः|
sawikibooks|sa.wikibooks.org|wikibooks|sa|विकिपुस्तकानि|
sawikiquote|sa.wikiquote.org|wikiquote|sa|विकिसूक्तिः|
sawikisource|sa.wikisource.org|wikisource|sa|विकिस्रोतः|
sahwiki|sah.wikipedia.org|wikipedia|sah|Бикипиэдьийэ|
sahwikiquote|sah.wikiquote.org|wikiquote|sah|Биики_Домох|
sahwikisource|sah.wikisource.org|wikisource|sah|Бикитиэкэ|
satwiki|sat.wikipedia.org|wikipedia|sat|ᱣᱤᱠᱤᱯᱤᱰᱤᱭᱟ|
satwiktionary|sat.wiktionary.org|wiktionary|sat|ᱣᱤᱠᱤ ᱟᱹᱲᱟᱹ ᱢᱩᱨᱟᱹᱭ|
scwiki|sc.wikipedia.org|wikipedia|sc|Wikipedia|
scwiktionary|sc.wiktionary.org|wiktionary|sc|Wiktionary|closed
scnwiki|scn.wikipedia.org|wikipedia|scn|Wikipedia|
scnwiktionary|scn.wiktionary.org|wiktionary|scn|Wikizziunariu|
scowiki|sco.wikipedia.org|wikipedia|sco|Wikipedia|
sdwiki|sd.wikipedia.org|wikipedia|sd|وڪيپيڊيا|
sdwiktionary|sd.wiktionary.org|wiktionary|sd|Wiktionary|
sdwikinews|sd.wikinews.org|wikinews|sd|Wikinews|closed
sewiki|se.wikipedia.org|wikipedia|se|Wikipedia|
sewikibooks|se.wikibooks.org|wikibooks|se|Wikibooks|closed
sgwiki|sg.wikipedia.org|wikipedia|sg|Wikipedia|
sgwiktionary|sg.wiktionary.org|wiktionary|sg|Wiktionary|
bat_smgwiki|bat-smg.wikipedia.org|wikipedia|sgs|Wikipedia|
shwiki|sh.wikipedia.org|wikipedia|sh|Wikipedija|
shwiktionary|sh.wiktionary.org|wiktionary|sh|Wikirječnik|
shiwiki|shi.wikipedia.org|wikipedia|shi|Wikipedia|
shnwiki|shn.wikipedia.org|wikipedia|shn|ဝီႇၶီႇၽီးတီးယႃး|
shnwiktionary|shn.wiktionary.org|wiktionary|shn|ဝိၵ်ႇသျိၼ်ႇၼရီႇ|
shnwikibooks|shn.wikibooks.org|wikibooks|shn|ဝီႇၶီႇပပ်ႉ|
shnwikinews|shn.wikinews.org|wikinews|shn|ဝီႇၶီႇၶၢဝ်ႇ|
shnwikivoyage|shn.wikivoyage.org|wikivoyage|shn|ဝီႇၶီႇဝွႆးဢဵတ်ႇꩡ်|
shywiktionary|shy.wiktionary.org|wiktionary|shy|Wikasegzawal|
siwiki|si.wikipedia.org|wikipedia|si|විකිපීඩියා|
siwiktionary|si.wiktionary.org|wiktionary|si|Wiktionary|
siwikibooks|si.wikibooks.org|wikibooks|si|Wikibooks|
simplewiki|simple.wikipedia.org|wikipedia|simple|Wikipedia|
simplewiktionary|simple.wiktionary.org|wiktionary|simple|Wiktionary|
simplewikibooks|simple.wikibooks.org|wikibooks|simple|Wikibooks|closed
simplewikiquote|simple.wikiquote.org|wikiquote|simple|Wikiquote|closed
skwiki|sk.wikipedia.org|wikipedia|sk|Wikipédia|
skwiktionary|sk.wiktionary.org|wiktionary|sk|Wikislovník|
skwikibooks|sk.wikibooks.org|wikibooks|sk|Wikiknihy|
skwikiquote|sk.wikiquote.org|wikiquote|sk|Wikicitáty|
skwikisource|sk.wikisource.org|wikisource|sk|Wikizdroje|
skrwiki|skr.wikipedia.org|wikipedia|skr|وکیپیڈیا|
skrwiktionary|skr.wiktionary.org|wiktionary|skr|وکشنری|
slwiki|sl.wikipedia.org|wikipedia|sl|Wikipedija|
slwiktionary|sl.wiktionary.org|wiktionary|sl|Wikislovar|
slwikibooks|sl.wikibooks.org|wikibooks|sl|Wikiknjige|
slwikiquote|sl.wikiquote.org|wikiquote|sl|Wikinavedek|
slwikisource|sl.wikisource.org|wikisource|sl|Wikivir|
slwikiversity|sl.wikiversity.org|wikiversity|sl|Wikiverza|
smwiki|sm.wikipedia.org|wikipedia|sm|Wikipedia|
smwiktionary|sm.wiktionary.org|wiktionary|sm|Wiktionary|
smnwiki|smn.wikipedia.org|wikipedia|smn|Wikipedia|
snwiki|sn.wikipedia.org|wikipedia|sn|Wikipedia|
snwiktionary|sn.wiktionary.org|wiktionary|sn|Wiktionary|closed
sowiki|so.wikipedia.org|wikipedia|so|Wikipedia|
sowiktionary|so.wiktionary.org|wiktionary|so|Wiktionary|
sqwiki|sq.wikipedia.org|wikipedia|sq|Wikipedia|
sqwiktionary|sq.wiktionary.org|wiktionary|sq|Wiktionary|
sqwikibooks|sq.wikibooks.org|wikibooks|sq|Wikibooks|
sqwikinews|sq.wikinews.org|wikinews|sq|Wikilajme|
sqwikiquote|sq.wikiquote.org|wikiquote|sq|Wikiquote|
srwiki|sr.wikipedia.org|wikipedia|sr|Википедија|
srwiktionary|sr.wiktionary.org|wiktionary|sr|Викиречник|
srwikibooks|sr.wikibooks.org|wikibooks|sr|Викикњиге|
srwikinews|sr.wikinews.org|wikinews|sr|Викиновости|
srwikiquote|sr.wikiquote.org|wikiquote|sr|Викицитат|
srwikisource|sr.wikisource.org|wikisource|sr|Викизворник|
srnwiki|srn.wikipedia.org|wikipedia|srn|Wikipedia|
sswiki|ss.wikipedia.org|wikipedia|ss|Wikipedia|
sswiktionary|ss.wiktionary.org|wiktionary|ss|Wiktionary|
stwiki|st.wikipedia.org|wikipedia|st|Wikipedia|
stwiktionary|st.wiktionary.org|wiktionary|st|Wiktionary|
stqwiki|stq.wikipedia.org|wikipedia|stq|Wikipedia|
suwiki|su.wikipedia.org|wikipedia|su|Wikipedia|
suwiktionary|su.wiktionary.org|wiktionary|su|Wiktionary|
suwikibooks|su.wikibooks.org|wikibooks|su|Wikibooks|closed
suwikiquote|su.wikiquote.org|wikiquote|su|Wikiquote|
suwikisource|su.wikisource.org|wikisource|su|Wikipabukon|
svwiki|sv.wikipedia.org|wikipedia|sv|Wikipedia|
svwiktionary|sv.wiktionary.org|wiktionary|sv|Wiktionary|
svwikibooks|sv.wikibooks.org|wikibooks|sv|Wikibooks|
svwikinews|sv.wikinews.org|wikinews|sv|Wikinews|
svwikiquote|sv.wikiquote.org|wikiquote|sv|Wikiquote|
svwikisource|sv.wikisource.org|wikisource|sv|Wikisource|
svwikiversity|sv.wikiversity.org|wikiversity|sv|Wikiversity|
svwikivoyage|sv.wikivoyage.org|wikivoyage|sv|Wikivoyage|
swwiki|sw.wikipedia.org|wikipedia|sw|Wikipedia|
swwiktionary|sw.wiktionary.org|wiktionary|sw|Wiktionary|
swwikibooks|sw.wikibooks.org|wikibooks|sw|Wikibooks|closed
sylwiki|syl.wikipedia.org|wikipedia|syl|ꠃꠁꠇꠤꠙꠤꠒꠤꠀ|
szlwiki|szl.wikipedia.org|wikipedia|szl|Wikipedia|
szywiki|szy.wikipedia.org|wikipedia|szy|Wikipitiya|
tawiki|ta.wikipedia.org|wikipedia|ta|விக்கிப்பீடியா|
tawiktionary|ta.wiktionary.org|wiktionary|ta|விக்சனரி|
tawikibooks|ta.wikibooks.org|wikibooks|ta|விக்கிநூல்கள்|
tawikinews|ta.wikinews.org|wikinews|ta|விக்கிசெய்தி|
tawikiquote|ta.wikiquote.org|wikiquote|ta|விக்கிமேற்கோள்|
tawikisource|ta.wikisource.org|wikisource|ta|விக்கிமூலம்|
taywiki|tay.wikipedia.org|wikipedia|tay|Wikipidia|
tcywiki|tcy.wikipedia.org|wikipedia|tcy|ವಿಕಿಪೀಡಿಯ|
tcywiktionary|tcy.wiktionary.org|wiktionary|tcy|ವಿಕ್ಷನರಿ|
tcywikisource|tcy.wikisource.org|wikisource|tcy|ವಿಕಿಸೋರ್ಸ್|
tddwiki|tdd.wikipedia.org|wikipedia|tdd|ᥝᥤᥱ ᥑᥤᥱ ᥚᥤᥱ ᥖᥤᥱ ᥕᥣᥱ|
tewiki|te.wikipedia.org|wikipedia|te|వికీపీడియా|
tewiktionary|te.wiktionary.org|wiktionary|te|విక్షనరీ|
tewikibooks|te.wikibooks.org|wikibooks|te|Wikibooks|
tewikiquote|te.wikiquote.org|wikiquote|te|వికీవ్యాఖ్య|
tewikisource|te.wikisource.org|wikisource|te|వికీసోర్స్|
tetwiki|tet.wikipedia.org|wikipedia|tet|Wikipedia|
tgwiki|tg.wikipedia.org|wikipedia|tg|Википедиа|
tgwiktionary|tg.wiktionary.org|wiktionary|tg|Wiktionary|
tgwikibooks|tg.wikibooks.org|wikibooks|tg|Wikibooks|
thwiki|th.wikipedia.org|wikipedia|th|วิกิพีเดีย|
thwiktionary|th.wiktionary.org|wiktionary|th|Wiktionary|
thwikibooks|th.wikibooks.org|wikibooks|th|วิกิตำรา|
thwikinews|th.wikinews.org|wikinews|th|Wikinews|closed
thwikiquote|th.wikiquote.org|wikiquote|th|วิกิคำคม|
thwikisource|th.wikisource.org|wikisource|th|วิกิซอร์ซ|
tiwiki|ti.wikipedia.org|wikipedia|ti|ዊኪፔዲያ|
tiwiktionary|ti.wiktionary.org|wiktionary|ti|ዊኪ-መዝገበ-ቃላት|
tigwiki|tig.wikipedia.org|wikipedia|tig|ዊኪፒድያ|
tkwiki|tk.wikipedia.org|wikipedia|tk|Wikipediýa|
tkwiktionary|tk.wiktionary.org|wiktionary|tk|Wikisözlük|
tkwikibooks|tk.wikibooks.org|wikibooks|tk|Wikibooks|closed
tkwikiquote|tk.wikiquote.org|wikiquote|tk|Wikiquote|closed
tlwiki|tl.wikipedia.org|wikipedia|tl|Wikipedia|
tlwiktionary|tl.wiktionary.org|wiktionary|tl|Wiksiyonaryo|
tlwikibooks|tl.wikibooks.org|wikibooks|tl|Wikibooks|
tlwikiquote|tl.wikiquote.org|wikiquote|tl|Wikiquote|
tlwikisource|tl.wikisource.org|wikisource|tl|Wikisource|
tlywiki|tly.wikipedia.org|wikipedia|tly|Vikipedija|
tnwiki|tn.wikipedia.org|wikipedia|tn|Wikipedia|
tnwiktionary|tn.wiktionary.org|wiktionary|tn|Wiktionary|
towiki|to.wikipedia.org|wikipedia|to|Wikipedia|
towiktionary|to.wiktionary.org|wiktionary|to|Wiktionary|closed
tokwiki|tok.wikipedia.org|wikipedia|tok|lipu Wikipesija|
tpiwiki|tpi.wikipedia.org|wikipedia|tpi|Wikipedia|
tpiwiktionary|tpi.wiktionary.org|wiktionary|tpi|Wiktionary|
trwiki|tr.wikipedia.org|wikipedia|tr|Vikipedi|
trwiktionary|tr.wiktionary.org|wiktionary|tr|Vikisözlük|
trwikibooks|tr.wikibooks.org|wikibooks|tr|Vikikitap|
trwikinews|tr.wikinews.org|wikinews|tr|Vikihaber|closed
trwikiquote|tr.wikiquote.org|wikiquote|tr|Vikisöz|
trwikisource|tr.wikisource.org|wikisource|tr|Vikikaynak|
trwikivoyage|tr.wikivoyage.org|wikivoyage|tr|Vikigezgin|
trvwiki|trv.wikipedia.org|wikipedia|trv|Wikipidiya|
tswiki|ts.wikipedia.org|wikipedia|ts|Wikipedia|
tswiktionary|ts.wiktionary.org|wiktionary|ts|Wiktionary|
ttwiki|tt.wikipedia.org|wikipedia|tt|Wikipedia|
ttwiktionary|tt.wiktionary.org|wiktionary|tt|Wiktionary|
ttwikibooks|tt.wikibooks.org|wikibooks|tt|Wikibooks|
ttwikiquote|tt.wikiquote.org|wikiquote|tt|Wikiquote|closed
tumwiki|tum.wikipedia.org|wikipedia|tum|Wikipedia|
twwiki|tw.wikipedia.org|wikipedia|tw|Wikipedia|
twwiktionary|tw.wiktionary.org|wiktionary|tw|Wiktionary|closed
tywiki|ty.wikipedia.org|wikipedia|ty|Wikipedia|
tyvwiki|tyv.wikipedia.org|wikipedia|tyv|Википедия|
udmwiki|udm.wikipedia.org|wikipedia|udm|Википедия|
ugwiki|ug.wikipedia.org|wikipedia|ug|Wikipedia|
ugwiktionary|ug.wiktionary.org|wiktionary|ug|Wiktionary|
ugwikibooks|ug.wikibooks.org|wikibooks|ug|Wikibooks|closed
ugwikiquote|ug.wikiquote.org|wikiquote|ug|Wikiquote|closed
ukwiki|uk.wikipedia.org|wikipedia|uk|Вікіпедія|
ukwiktionary|uk.wiktionary.org|wiktionary|uk|Вікісловник|
ukwikibooks|uk.wikibooks.org|wikibooks|uk|Вікіпідручник|
ukwikinews|uk.wikinews.org|wikinews|uk|Вікіновини|
ukwikiquote|uk.wikiquote.org|wikiquote|uk|Вікіцитати|
ukwikisource|uk.wikisource.org|wikisource|uk|Вікіджерела|
ukwikivoyage|uk.wikivoyage.org|wikivoyage|uk|Вікімандри|
urwiki|ur.wikipedia.org|wikipedia|ur|ویکیپیڈیا|
urwiktionary|ur.wiktionary.org|wiktionary|ur|ویکی لغت|
urwikibooks|ur.wikibooks.org|wikibooks|ur|ویکی کتب|
urwikiquote|ur.wikiquote.org|wikiquote|ur|ویکی اقتباس|
urwikisource|ur.wikisource.org|wikisource|ur|ویکی ماخذ|
uzwiki|uz.wikipedia.org|wikipedia|uz|Vikipediya|
uzwiktionary|uz.wiktionary.org|wiktionary|uz|Vikilugʻat|
uzwikibooks|uz.wikibooks.org|wikibooks|uz|Vikikitob|closed
uzwikiquote|uz.wikiquote.org|wikiquote|uz|Vikiiqtibos|
vewiki|ve.wikipedia.org|wikipedia|ve|Wikipedia|
vecwiki|vec.wikipedia.org|wikipedia|vec|Wikipedia|
vecwiktionary|vec.wiktionary.org|wiktionary|vec|Wikisionario|
vecwikisource|vec.wikisource.org|wikisource|vec|Wikisource|
vepwiki|vep.wikipedia.org|wikipedia|vep|Vikipedii|
viwiki|vi.wikipedia.org|wikipedia|vi|Wikipedia|
viwiktionary|vi.wiktionary.org|wiktionary|vi|Wiktionary|
viwikibooks|vi.wikibooks.org|wikibooks|vi|Wikibooks|
viwikiquote|vi.wikiquote.org|wikiquote|vi|Wikiquote|
viwikisource|vi.wikisource.org|wikisource|vi|Wikisource|
viwikivoyage|vi.wikivoyage.org|wikivoyage|vi|Wikivoyage|
vlswiki|vls.wikipedia.org|wikipedia|vls|Wikipedia|
vowiki|vo.wikipedia.org|wikipedia|vo|Vükiped|
vowiktionary|vo.wiktionary.org|wiktionary|vo|Vükivödabuk|
vowikibooks|vo.wikibooks.org|wikibooks|vo|Vükibuks|closed
vowikiquote|vo.wikiquote.org|wikiquote|vo|Wikiquote|closed
fiu_vrowiki|fiu-vro.wikipedia.org|wikipedia|vro|Wikipedia|
wawiki|wa.wikipedia.org|wikipedia|wa|Wikipedia|
wawiktionary|wa.wiktionary.org|wiktionary|wa|Wiccionaire|
wawikibooks|wa.wikibooks.org|wikibooks|wa|Wikibooks|closed
wawikisource|wa.wikisource.org|wikisource|wa|Wikisource|
warwiki|war.wikipedia.org|wikipedia|war|Wikipedia|
wowiki|wo.wikipedia.org|wikipedia|wo|Wikipedia|
wowiktionary|wo.wiktionary.org|wiktionary|wo|Wiktionary|
wowikiquote|wo.wikiquote.org|wikiquote|wo|Wikiquote|closed
wuuwiki|wuu.wikipedia.org|wikipedia|wuu|维基百科|
xalwiki|xal.wikipedia.org|wikipedia|xal|Wikipedia|
xhwiki|xh.wikipedia.org|wikipedia|xh|Wikipedia|
xhwiktionary|xh.wiktionary.org|wiktionary|xh|Wiktionary|closed
xhwikibooks|xh.wikibooks.org|wikibooks|xh|Wikibooks|closed
xmfwiki|xmf.wikipedia.org|wikipedia|xmf|ვიკიპედია|
yiwiki|yi.wikipedia.org|wikipedia|yi|װיקיפּעדיע|
yiwiktionary|yi.wiktionary.org|wiktionary|yi|װיקיװערטערבוך|
yiwikisource|yi.wikisource.org|wikisource|yi|װיקיביבליאָטעק|
yowiki|yo.wikipedia.org|wikipedia|yo|Wikipedia|
yowiktionary|yo.wiktionary.org|wiktionary|yo|Wiktionary|closed
yowikibooks|yo.wikibooks.org|wikibooks|yo|Wikibooks|closed
zh_yuewiki|zh-yue.wikipedia.org|wikipedia|yue|維基百科|
yuewiktionary|yue.wiktionary.org|wiktionary|yue|維基辭典|
zawiki|za.wikipedia.org|wikipedia|za|Wikipedia|
zawiktionary|za.wiktionary.org|wiktionary|za|Wiktionary|closed
zawikibooks|za.wikibooks.org|wikibooks|za|Wikibooks|closed
zawikiquote|za.wikiquote.org|wikiquote|za|Wikiquote|closed
zeawiki|zea.wikipedia.org|wikipedia|zea|Wikipedia|
zghwiki|zgh.wikipedia.org|wikipedia|zgh|ⵡⵉⴽⵉⴱⵉⴷⵢⴰ|
zghwiktionary|zgh.wiktionary.org|wiktionary|zgh|ⵡⵉⴽⵉⵎⴰⵡⴰⵍ|
zhwiki|zh.wikipedia.org|wikipedia|zh|Wikipedia|
zhwiktionary|zh.wiktionary.org|wiktionary|zh|Wiktionary|
zhwikibooks|zh.wikibooks.org|wikibooks|zh|Wikibooks|
zhwikinews|zh.wikinews.org|wikinews|zh|Wikinews|
zhwikiquote|zh.wikiquote.org|wikiquote|zh|Wikiquote|
zhwikisource|zh.wikisource.org|wikisource|zh|Wikisource|
zhwikiversity|zh.wikiversity.org|wikiversity|zh|維基學院|
zhwikivoyage|zh.wikivoyage.org|wikivoyage|zh|维基导游|
zuwiki|zu.wikipedia.org|wikipedia|zu|Wikipedia|
zuwiktionary|zu.wiktionary.org|wiktionary|zu|Wiktionary|
zuwikibooks|zu.wikibooks.org|wikibooks|zu|Wikibooks|closed
advisorywiki|advisory.wikimedia.org|advisory|en|Advisory Board|closed
aewikimedia|ae.wikimedia.org|wikimedia|en|Wikimedia United Arab Emirates|
amwikimedia|am.wikimedia.org|wikimedia|hy|Վիքիմեդիա Հայաստան|
apiportalwiki|api.wikimedia.org|apiportal|en|API Portal|
arwikimedia|ar.wikimedia.org|wikimedia|es|Wikimedia Argentina|
azwikimedia|az.wikimedia.org|wikimedia|az|Azərbaycan vikimediaçıları istifadəçi qrupu|
bdwikimedia|bd.wikimedia.org|wikimedia|bn|উইকিমিডিয়া বাংলাদেশ|
bewikimedia|be.wikimedia.org|wikimedia|en|Wikimedia Belgium|
betawikiversity|beta.wikiversity.org|wikiversity|en|Wikiversity|
brwikimedia|br.wikimedia.org|wikimedia|pt|Wikimedia Brasil|
cawikimedia|ca.wikimedia.org|wikimedia|en|Wikimedia Canada|
cnwikimedia|cn.wikimedia.org|wikimedia|zh|中国维基媒体用户组|closed
cowikimedia|co.wikimedia.org|wikimedia|es|Wikimedia Colombia|
commonswiki|commons.wikimedia.org|commons||Wikimedia Commons|
dkwikimedia|dk.wikimedia.org|wikimedia|da|Wikimedia Danmark|
donatewiki|donate.wikimedia.org|donate|en|Donate|
etwikimedia|ee.wikimedia.org|wikimedia|et|Wikimedia Eesti|
fiwikimedia|fi.wikimedia.org|wikimedia|fi|Wikimedia Suomi|
foundationwiki|foundation.wikimedia.org|foundation||Wikimedia Foundation Governance Wiki|
gewikimedia|ge.wikimedia.org|wikimedia|ka|ვიკიმედია საქართველო|
grwikimedia|gr.wikimedia.org|wikimedia|el|Wikimedia User Group Greece|
hiwikimedia|hi.wikimedia.org|wikimedia|hi|Hindi Wikimedians User Group|
idwikimedia|id.wikimedia.org|wikimedia|id|Wikimedia Indonesia|
incubatorwiki|incubator.wikimedia.org|incubator|en|Wikimedia Incubator|
labswiki|wikitech.wikimedia.org|labs||Wikipedia|
loginwiki|login.wikimedia.org|login||Wikimedia Login Wiki|
maiwikimedia|mai.wikimedia.org|wikimedia|mai|मैथिली विकिमिडियन्स|
mediawikiwiki|www.mediawiki.org|mediawiki||MediaWiki|
metawiki|meta.wikimedia.org|meta||Meta-Wiki|
mkwikimedia|mk.wikimedia.org|wikimedia|mk|Викимедија Македонија|
mxwikimedia|mx.wikimedia.org|wikimedia|es|Wikimedia México|
ngwikimedia|ng.wikimedia.org|wikimedia|en|Wikimedia Nigeria|
nlwikimedia|nl.wikimedia.org|wikimedia|nl|Wikimedia|
nowikimedia|no.wikimedia.org|wikimedia|no|Wikimedia Norge|
nostalgiawiki|nostalgia.wikipedia.org|nostalgia||Wikipedia|
nycwikimedia|nyc.wikimedia.org|wikimedia|en|Wikimedia New York City|
nzwikimedia|nz.wikimedia.org|wikimedia|en|Wikimedia|closed
outreachwiki|outreach.wikimedia.org|outreach||Outreach Wiki|
pa_uswikimedia|pa-us.wikimedia.org|wikimedia|en|Wikimedia Pennsylvania|closed
plwikimedia|pl.wikimedia.org|wikimedia|pl|Wikimedia|
ptwikimedia|pt.wikimedia.org|wikimedia|pt|Wikimedia Portugal|
punjabiwikimedia|punjabi.wikimedia.org|wikimedia|pa|Punjabi Wikimedians|
qualitywiki|quality.wikimedia.org|quality|en|Wikimedia Quality|closed
romdwikimedia|romd.wikimedia.org|wikimedia|ro|Wikimedia|
rswikimedia|rs.wikimedia.org|wikimedia|sr|Викимедија|
ruwikimedia|ru.wikimedia.org|wikimedia|ru|Викимедиа|
sewikimedia|se.wikimedia.org|wikimedia|sv|Wikimedia|
sourceswiki|wikisource.org|wikisource||Wikisource|
specieswiki|species.wikimedia.org|species||Wikispecies|
strategywiki|strategy.wikimedia.org|strategy|en|Strategic Planning|closed
tenwiki|ten.wikipedia.org|ten|en|Wikipedia 10|closed
testwiki|test.wikipedia.org|test|en|Wikipedia|
test2wiki|test2.wikipedia.org|test2|en|Wikipedia|
testcommonswiki|test-commons.wikimedia.org|testcommons||Test Wikimedia Commons|
testwikidatawiki|test.wikidata.org|testwikidata||Wikipedia|
thwikimedia|th.wikimedia.org|wikimedia|th|Wikimedia|
thankyouwiki|thankyou.wikipedia.org|thankyou|en|Thank You|
trwikimedia|tr.wikimedia.org|wikimedia|tr|Wikimedia Türkiye|
uawikimedia|ua.wikimedia.org|wikimedia|uk|Вікімедіа Україна|
usabilitywiki|usability.wikimedia.org|usability|en|Wikimedia Usability Initiative|closed
vewikimedia|ve.wikimedia.org|wikimedia|es|Wikimedia|
votewiki|vote.wikimedia.org|vote|en|Wikimedia Vote Wiki|
wbwikimedia|wb.wikimedia.org|wikimedia|bn|West Bengal Wikimedians|
wikidatawiki|www.wikidata.org|wikidata||Wikipedia|
wikifunctionswiki|www.wikifunctions.org|wikifunctions|en|Wikifunctions|
wikimaniawiki|wikimania.wikimedia.org|wikimania||Wikipedia|
wikimania2005wiki|wikimania2005.wikimedia.org|wikimania||Wikipedia|closed
wikimania2006wiki|wikimania2006.wikimedia.org|wikimania||Wikipedia|closed
wikimania2007wiki|wikimania2007.wikimedia.org|wikimania||Wikipedia|closed
wikimania2008wiki|wikimania2008.wikimedia.org|wikimania||Wikipedia|closed
wikimania2009wiki|wikimania2009.wikimedia.org|wikimania||Wikipedia|closed
wikimania2010wiki|wikimania2010.wikimedia.org|wikimania||Wikipedia|closed
wikimania2011wiki|wikimania2011.wikimedia.org|wikimania||Wikipedia|closed
wikimania2012wiki|wikimania2012.wikimedia.org|wikimania||Wikipedia|closed
wikimania2013wiki|wikimania2013.wikimedia.org|wikimania||Wikipedia|closed
wikimania2014wiki|wikimania2014.wikimedia.org|wikimania||Wikipedia|closed
wikimania2015wiki|wikimania2015.wikimedia.org|wikimania||Wikipedia|closed
wikimania2016wiki|wikimania2016.wikimedia.org|wikimania||Wikipedia|closed
wikimania2017wiki|wikimania2017.wikimedia.org|wikimania||Wikipedia|closed
wikimania2018wiki|wikimania2018.wikimedia.org|wikimania||Wikipedia|closed
`;
