/**
 * [FR3] Words that turn the meaning of a sentence: negations, quantifiers, numbers. In all languages that stories are
 * written in at once, since a story quotes others; words that mean something else in another of them are left out.
 */
import { fold } from "../body/fold";

const words = (list: string) => new Set(list.split(/\s+/));

const negations = words(
  "not no never none nobody nothing neither nor without cannot hardly barely " +
    "nicht kein keine keinen keinem keiner keines nie niemals niemand niemanden niemandem nichts ohne weder kaum " +
    "ne nije nisu nisam nisi nismo niste neće nikad nikada niko nitko ništa bez nema nemaju nijedan nijedna " +
    "не није нису нисам ниси нисмо нисте неће никад никада нико ништа без нема немају ниједан ниједна " +
    "nuk mos jo asnjë askush asgjë kurrë",
);

const quantifiers = words(
  "all every each any some most many few several only about approximately roughly nearly almost least more less fewer " +
    "both half entire whole dozens hundreds thousands millions majority minority exactly " +
    "alle allen aller jeder jede jedes einige einigen manche viele vielen wenige wenigen nur etwa rund circa ungefähr fast " +
    "mindestens höchstens mehr weniger beide beiden hälfte dutzende hunderte tausende mehrheit minderheit genau " +
    "svi sve svaki svaka neki neke mnogi mnoge malo samo oko otprilike skoro gotovo najmanje najviše više manje oba obe obje pola većina manjina " +
    "сви све сваки свака неки неке многи многе мало само око отприлике скоро готово најмање највише више мање оба обе пола већина мањина " +
    "gjithë çdo disa shumë pak vetëm rreth afërsisht gati pothuajse minimum maksimum dy-të gjysma shumica pakica",
);

const numberWords = words(
  "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen " +
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen " +
    "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend " +
    "millionen milliarde milliarden dutzend " +
    "dva dve dvije tri četiri pet šest sedam osam devet deset sto hiljada hiljade tisuća tisuće milion miliona milijun " +
    "два две три четири пет шест седам осам девет десет сто хиљада хиљаде милион милиона " +
    "dy tre katër pesë gjashtë shtatë tetë nëntë dhjetë qind mijë miliona",
);

const months = words(
  "january february march april may june july august september october november december " +
    "januar februar märz mai juni juli oktober dezember " +
    "mart maj jun jul avgust septembar oktobar novembar decembar januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra " +
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра " +
    "janar shkurt mars prill qershor korrik gusht shtator tetor nëntor dhjetor",
);

const days = words(
  "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow " +
    "montag dienstag mittwoch donnerstag freitag samstag sonntag heute gestern morgen " +
    "ponedeljak ponedjeljak utorak sreda srijeda četvrtak petak subota nedelja nedjelja danas juče jučer sutra " +
    "понедељак уторак среда четвртак петак субота недеља данас јуче сутра " +
    "martë mërkurë enjte premte shtunë sot dje nesër",
);

const isNumber = (word: string) => /\p{N}/u.test(word) || numberWords.has(word);
/** "over 4,600", "up to 4,600": quantifiers only before a number. */
const beforeNumber = words(
  "over under above below around to über unter gegen preko ispod преко испод mbi nën",
);

/** The words of a text, in order, lower case, typography unified; numbers keep their signs and points. */
export function wordsOf(text: string): readonly string[] {
  return (
    fold(text)
      .toLowerCase()
      .match(/[-+]?[\p{Sc}]?[\p{L}\p{M}\p{N}]+(?:['.,:-][\p{L}\p{N}]+)*[%\p{Sc}]?/gu) ?? []
  );
}

const isNegation = (word: string) => negations.has(word) || /n't$/.test(word) || /^s'\p{L}/u.test(word);

/** Those of the words that turn a sentence's meaning, in order. */
export function meaningWords(text: string): readonly string[] {
  const all = wordsOf(text);
  return all.filter((word, index) => {
    const next = all[index + 1];
    return (
      isNegation(word) ||
      quantifiers.has(word) ||
      isNumber(word) ||
      (beforeNumber.has(word) && next !== undefined && isNumber(next))
    );
  });
}

export const wordKinds = {
  isNegation: (word: string) => isNegation(word) || quantifiers.has(word),
  isNumber,
  isMonth: (word: string) => months.has(word),
  isDay: (word: string) => days.has(word),
  isYear: (word: string) => /^(1[89]|20)\d\d$/.test(word),
  isDate: (word: string) => /^\d{1,4}[-.:]\d{1,2}(?:[-.]\d{2,4})?\.?$/.test(word),
};
