const WORDS =
  'harbour council winter ferry market library bridge orchard teacher budget river museum station bakery lantern weather railway garden school theatre'.split(
    ' ',
  );

/** Made-up sentences, the same in every run. */
function sentence(seed: number): string {
  const words = Array.from(
    { length: 12 },
    (_, i) => WORDS[(seed * 7 + i * 3 + ((seed * i) % 5)) % WORDS.length],
  );
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** An article of so many paragraphs, as the API takes it. */
export function benchArticle(index: number, paragraphs: number) {
  const body = Array.from({ length: paragraphs }, (_, p) =>
    Array.from({ length: 4 }, (_, s) => sentence(index * 100 + p * 4 + s)).join(' '),
  ).join('\n\n');
  return { title: `${sentence(index).slice(0, 50)} ${index}`, body, format: 'text' as const };
}
