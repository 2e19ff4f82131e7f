import type { ReplyClass, ReplySubject } from './reply.js';

/** Phrases that mean one thing. */
export interface Wording {
  class: ReplyClass;
  about: ReplySubject;
  /** They mean it only beside one of these enhanced codes; without: beside any. */
  status?: readonly string[];
  /**
   * As a server says it, lower case, without accents and apostrophes: `user unknown`. `a|b` is either word, `block*` any
   * word that begins so, `..` up to {@link GAP} words between, `@` an address. Words of a script without blanks
   * (`用户不存在`) are looked for anywhere.
   */
  phrases: readonly string[];
}

/** So many words may stand where a phrase has `..`. */
const GAP = 5;
/** Phrases whose first word is a beginning (`block*`) are found by so many letters of it. */
const KEY_LENGTH = 3;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

type Word = { exact: ReadonlySet<string>; starts: readonly string[]; afterGap: boolean };
type Phrase = { rank: number; words: readonly Word[] };

/** Lower case, without accents. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}

/** Finds which of many wordings a text has, in one walk over its words: no matter how many there are, and never backwards. */
export class PhraseBook {
  private readonly byWord = new Map<string, Phrase[]>();
  private readonly byBeginning = new Map<string, Phrase[]>();
  private readonly unspaced: { rank: number; text: string }[] = [];

  /** @param wordings in their order: the first that is found counts */
  constructor(private readonly wordings: readonly Wording[]) {
    wordings.forEach(({ phrases }, rank) => {
      for (const phrase of phrases) {
        if (UNSPACED.test(phrase)) this.unspaced.push({ rank, text: folded(phrase) });
        else this.add(rank, folded(phrase));
      }
    });
  }

  /**
   * @param words of the text, as {@link Wording.phrases} are written
   * @param status its enhanced code
   * @returns the first wording, in the order of the book, of which a phrase is found
   */
  find(words: readonly string[], status: string | null): Wording | undefined {
    let best = this.wordings.length;
    const isBetter = (rank: number) =>
      rank < best && (this.wordings[rank]?.status?.includes(status ?? '') ?? true);
    words.forEach((word, at) => {
      for (const found of [this.byWord.get(word), this.byBeginning.get(word.slice(0, KEY_LENGTH))])
        for (const phrase of found ?? [])
          if (isBetter(phrase.rank) && standsAt(words, at, phrase.words, 0)) best = phrase.rank;
      if (UNSPACED.test(word))
        for (const { rank, text } of this.unspaced) if (isBetter(rank) && word.includes(text)) best = rank;
    });
    return this.wordings[best];
  }

  private add(rank: number, text: string): void {
    const words: Word[] = [];
    let afterGap = false;
    for (const part of text.split(' ')) {
      if (part === '..') {
        afterGap = true;
        continue;
      }
      const choices = part.split('|');
      words.push({
        exact: new Set(choices.filter((choice) => !choice.endsWith('*'))),
        starts: choices.filter((choice) => choice.endsWith('*')).map((choice) => choice.slice(0, -1)),
        afterGap,
      });
      afterGap = false;
    }
    const [first] = words as [Word];
    for (const word of first.exact) push(this.byWord, word, { rank, words });
    for (const start of first.starts) push(this.byBeginning, start.slice(0, KEY_LENGTH), { rank, words });
  }
}

function push(phrases: Map<string, Phrase[]>, key: string, phrase: Phrase): void {
  const those = phrases.get(key);
  if (those) those.push(phrase);
  else phrases.set(key, [phrase]);
}

/** Whether the words of a phrase, from `next` on, stand in the text from `at` on. */
function standsAt(text: readonly string[], at: number, phrase: readonly Word[], next: number): boolean {
  const word = phrase[next];
  if (!word) return true;
  const last = word.afterGap ? at + GAP : at;
  for (let here = at; here <= last && here < text.length; here += 1)
    if (isWord(word, text[here] as string) && standsAt(text, here + 1, phrase, next + 1)) return true;
  return false;
}

function isWord({ exact, starts }: Word, word: string): boolean {
  return exact.has(word) || starts.some((start) => word.startsWith(start));
}
