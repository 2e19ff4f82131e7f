/** Beginnings of the months' names without accents: English, and what feeds in other languages have instead. */
const BEGINNINGS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'sty', 'ιαν', 'янв'],
  ['feb', 'fev', 'lut', 'φεβ', 'фев'],
  ['mar', 'mrz', 'mrt', 'maer', 'maart', 'μαρ', 'мар'],
  ['apr', 'avr', 'abr', 'kwi', 'απρ', 'апр'],
  ['may', 'mai', 'mei', 'mag', 'maj', 'μαι', 'мая', 'маи'],
  ['jun', 'juin', 'giu', 'cze', 'ιουν', 'июн'],
  ['jul', 'juil', 'lug', 'lip', 'ιουλ', 'июл'],
  ['aug', 'aou', 'ago', 'sie', 'αυγ', 'авг'],
  ['sep', 'set', 'wrz', 'szept', 'σεπ', 'сен'],
  ['oct', 'okt', 'ott', 'out', 'paz', 'οκτ', 'окт'],
  ['nov', 'lis', 'νοε', 'ноя'],
  ['dec', 'dez', 'dic', 'des', 'gru', 'δεκ', 'дек'],
];

/** The month that a word names, in whole or shortened: 0 to 11. */
export function monthOf(word: string): number | null {
  const plain = word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
  const month = BEGINNINGS.findIndex((names) => names.some((name) => plain.startsWith(name)));
  return month < 0 ? null : month;
}
