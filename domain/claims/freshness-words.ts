/**
 * [FR3] The words that turn what a sentence says: negations, quantifiers and numbers in English, German, Serbian,
 * Bosnian and Albanian; and the words of dates. Lower case, Latin script.
 */

export type Language = "en" | "de" | "sr" | "sq";
type ByLanguage = Readonly<Record<Language, ReadonlySet<string>>>;

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Bosnian reads the Serbian lists: both hold what either writes. */
export const negations: ByLanguage = {
  en: words(
    "not no never none nobody nothing nowhere neither nor without cannot cant wont dont non hardly barely scarcely deny denies denied denying ain't",
  ),
  de: words(
    "nicht kein keine keinen keiner keines keinem nie niemals niemand niemanden niemandem nichts nirgends nirgendwo weder ohne kaum nein keinesfalls keineswegs nirgendwohin",
  ),
  sr: words(
    "ne nije nisu nisam nisi nismo niste neće neću nećemo nećete nećeš nema nemaju nemamo nemate nemam nemoj nemojte nikad nikada niko nitko nikog nikoga nikome ništa ničega nigde nigdje nijedan nijedna nijedno nijednog ni niti bez nikakav nikakva nikakvo nikako nipošto negira negirao negirala",
  ),
  sq: words(
    "nuk s'është s'ka s'do mos jo asnjë asnjëri askush askënd asgjë kurrë asnjëherë askund askurrë pa as",
  ),
};

export const quantifiers: ByLanguage = {
  en: words(
    "all every each any some many much most mostly few fewer fewest several only solely merely about approximately roughly circa nearly almost least more less half majority minority both exactly precisely maximum minimum always often sometimes rarely seldom partly entirely completely everyone everybody anyone everything dozens hundreds thousands millions twice double",
  ),
  de: words(
    "alle allen aller alles jeder jede jedes jeden jedem einige einigen einiger mehrere mehreren viele vielen vieler viel wenige wenigen wenig manche manchen meiste meisten meist nur lediglich bloß etwa ungefähr circa ca rund knapp fast beinahe nahezu mindestens wenigstens höchstens maximal minimal mehr weniger sämtliche sämtlichen beide beiden ganz ganze ganzen insgesamt genau exakt teilweise hälfte mehrheit minderheit stets immer selten oft dutzende hunderte tausende doppelt",
  ),
  sr: words(
    "svi sve svih svima svaki svaka svako svake svakog neki neke neka nekih nekoliko mnogo mnogi mnoge mnogih većina većine malo samo jedino oko otprilike približno skoro gotovo barem bar najmanje najviše više manje tačno točno ukupno oba obje obe uvek uvijek često retko rijetko pola polovina polovinu cijeli ceo cela desetine stotine hiljade stotinjak desetak dvostruko maksimalno minimalno",
  ),
  sq: words(
    "gjithë gjitha çdo çdonjëri disa shumë shumica shumicën pak vetëm rreth afërsisht afro gati pothuajse paktën paku maksimumi minimumi saktësisht gjithmonë shpesh rrallë gjysma gjysmën plotësisht pjesërisht qindra mijëra dyfish",
  ),
};

/** Quantifiers only before a number: otherwise they say where. */
export const quantifiersBeforeNumbers: ByLanguage = {
  en: words("over under around above below near up to just beyond within"),
  de: words("über unter um gegen bis gut zu"),
  sr: words("preko ispod iznad do blizu nad"),
  sq: words("mbi nën deri afër"),
};

/** The English "one", "first" and "second" count; articles that look like numbers ("ein", "një") do not. */
export const numberWords: ByLanguage = {
  en: words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen first second third fourth fifth sixth tenth quarter percent",
  ),
  de: words(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde milliarden dutzend erste ersten zweite zweiten dritte dritten drittel viertel prozent",
  ),
  sr: words(
    "nula jedan jedna jedno jednog dva dve dvije dvoje tri troje četiri pet šest sedam osam devet deset jedanaest dvanaest trinaest četrnaest petnaest šesnaest sedamnaest osamnaest devetnaest dvadeset trideset četrdeset pedeset šezdeset sedamdeset osamdeset devedeset sto stotinu dvesta dvjesto trista tristo hiljadu hiljada tisuća tisuću milion miliona milioni milijun milijuna milijarda milijardi milijarde prvi prva drugi druga treći treća trećina četvrtina posto odsto",
  ),
  sq: words(
    "zero dy tre tri katër pesë gjashtë shtatë tetë nëntë dhjetë njëmbëdhjetë dymbëdhjetë trembëdhjetë pesëmbëdhjetë njëzet tridhjetë dyzet katërdhjetë pesëdhjetë gjashtëdhjetë shtatëdhjetë tetëdhjetë nëntëdhjetë qind njëqind dyqind mijë milion milionë miliard miliardë duzinë parë dytë tretë çerek përqind",
  ),
};

const monthStems =
  "januar\\p{L}*|februar\\p{L}*|march|april\\p{L}*|june|july|august\\p{L}*|september|october|november|december|" +
  "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|may|" +
  "jänner|märz|mai|juni|juli|oktober|dezember|okt|dez|" +
  "mart\\p{L}?|maj\\p{L}?|jun[aiu]?|jul[aiu]?|avgust\\p{L}*|septemb(?:ar|ra|ru)|oktob(?:ar|ra|ru)|novemb(?:ar|ra|ru)|decemb(?:ar|ra|ru)|" +
  "siječ(?:anj|nja)|veljač[ae]|ožuj(?:ak|ka)|travnja?|svib(?:anj|nja)|lip(?:anj|nja)|srp(?:anj|nja)|kolovoza?|ruj(?:an|na)|listopada?|studen(?:i|og)|prosin(?:ac|ca)|" +
  "janar|shkurt|mars|prill|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor";
const dayNames =
  "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonnabends?|sonntags?|" +
  "ponedelj(?:ak|ka)|ponedjelj(?:ak|ka)|utor(?:ak|ka)|sred[aue]|srijed[aue]|četvrt(?:ak|ka)|pet(?:ak|ka)|subot[aue]|nedelj[aue]|nedjelj[aue]|" +
  "(?:e |të )?(?:hënë|hënën|martë|martën|mërkurë|mërkurën|enjte|enjten|premte|premten|shtunë|shtunën|diel|dielën)";
const relativeDays =
  "yesterday|today|tomorrow|tonight|gestern|heute|morgen|vorgestern|übermorgen|juče|jučer|danas|sutra|prekjuče|prekjučer|sinoć|dje|sot|nesër|sonte";

/** One match is one date, day or clock time; `u` and lower case. */
export const dateExpression = new RegExp(
  [
    "\\d{4}-\\d{2}-\\d{2}",
    "\\d{1,2}[./]\\s?\\d{1,2}[./]\\s?(?:\\d{4}|\\d{2})?",
    `(?:\\d{1,2}(?:\\.|st|nd|rd|th)?\\s+(?:of\\s+)?)?(?<![\\p{L}\\p{N}])(?:${monthStems})\\.?(?![\\p{L}\\p{N}])(?:\\s+\\d{1,2}(?:st|nd|rd|th)?(?![\\p{N}:%]|[.,]\\d))?(?:,?\\s+\\d{4})?`,
    `(?<![\\p{L}\\p{N}])(?:${dayNames}|${relativeDays})(?![\\p{L}\\p{N}])`,
    "(?<![\\p{N}.,:])\\d{1,2}:\\d{2}(?![\\p{N}:])",
    "(?<![\\p{L}\\p{N}.,:\\p{Sc}])(?:1[89]|20)\\d{2}(?![\\p{L}\\p{N}%]|[.,:]\\p{N}|\\s?[%\\p{Sc}])",
  ].join("|"),
  "gu",
);

/** Words that only one of the languages writes often: enough to tell which lists to read. */
const signs: Readonly<Record<Language, RegExp>> = {
  en: /(?<!\p{L})(?:the|of|and|was|were|has|have|had|with|that|from|will|are|an|for|by|said)(?!\p{L})/giu,
  de: /(?<!\p{L})(?:der|die|das|und|ist|nicht|den|dem|des|von|mit|hat|sind|im|am|ein|eine|auf|zu|wurde|wurden|haben|sich|bei)(?!\p{L})|ß|[äöü]/giu,
  sr: /(?<!\p{L})(?:je|su|se|na|da|od|za|sa|nije|koji|koja|kao|će|bi|iz|po|u|i)(?!\p{L})|[šđčćž]/giu,
  sq: /(?<!\p{L})(?:dhe|në|të|është|për|nga|që|një|janë|kanë|ka|më|me|se|i|e|u|së)(?!\p{L})|ë/giu,
};

/** The languages that a text may be written in: the likeliest, or several when nothing tells. */
export function languagesOf(text: string): readonly Language[] {
  const languages: readonly Language[] = ["en", "de", "sr", "sq"];
  const scores = languages.map((language) => text.match(signs[language])?.length ?? 0);
  const best = Math.max(...scores);
  return languages.filter((_, index) => scores[index] === best);
}
