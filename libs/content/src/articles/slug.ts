/** A slug is a part of a URL that people read and mail; longer ones wrap. */
export const MAX_SLUG = 80;

/** Letters that canonical decomposition does not take apart, as libraries romanise them (ISO 9, ELOT 743, simplified). */
const ROMAN: Record<string, string> = Object.fromEntries(
  (
    "ß:ss æ:ae œ:oe ø:o đ:d ð:d þ:th ł:l ı:i ŋ:ng ħ:h ŧ:t ĸ:k ſ:s ə:a ’: ': ‘: ʼ: " +
    'а:a б:b в:v г:g ґ:g д:d е:e ё:yo є:ye ж:zh з:z и:i і:i ї:yi й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ' +
    'ў:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz ' +
    'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

function romanise(character: string): string {
  const known = ROMAN[character];
  if (known !== undefined) return known;
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(bare, (part) => ROMAN[part] ?? part).join('');
}

/**
 * A title as a part of a URL: lower-case ASCII letters, digits and single hyphens, at most {@link MAX_SLUG}
 * characters, cut at a word. Latin, Cyrillic and Greek are romanised; what else there is, is left out.
 * @param fallback what to take when nothing readable is left: `article-3f9a1c2e`
 */
export function slugify(title: string, fallback: string): string {
  const letters = Array.from(title.normalize('NFC').toLowerCase(), romanise).join('').toLowerCase();
  const slug = letters
    .replace(/&/g, ' and ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return cutSlug(slug, MAX_SLUG) || fallback;
}

function cutSlug(slug: string, limit: number): string {
  if (slug.length <= limit) return slug;
  const room = slug.slice(0, limit);
  const atWord = slug[limit] === '-' ? room : room.slice(0, room.lastIndexOf('-'));
  return (atWord.length > limit / 2 ? atWord : room).replace(/-+$/, '');
}

/**
 * The first of `slug`, `slug-2`, `slug-3` … that is not taken.
 * @param taken every slug in use that begins with the stem of this one
 */
export function freeSlug(slug: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = cutSlug(slug, MAX_SLUG - suffix.length) + suffix;
    if (!used.has(candidate)) return candidate;
  }
}

/** What every candidate of {@link freeSlug} begins with, so that a query can find those in use. */
export function slugStem(slug: string): string {
  const longestSuffix = '-99999'.length;
  return slug.length <= MAX_SLUG - longestSuffix ? slug : slug.slice(0, MAX_SLUG / 2 - longestSuffix);
}
