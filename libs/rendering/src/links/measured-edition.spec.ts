import { EditionCompiler } from '../edition/edition-compiler.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { composeVariant } from '../edition/variant.js';
import { articleView, editionInput } from '../fixtures.js';
import { composePlate, encodeEdition } from '../wire/encoded-edition.js';
import { plateHeaders } from '../wire/plate-headers.js';
import { wireChunks } from '../wire/plate.js';
import { variantLines } from '../edition/variant-lines.js';
import { chosenFragments } from '../edition/chosen-fragments.js';
import { splitAtPlaceholders } from '../template/placeholders.js';
import { asSent, linksOf } from './edition-links.js';
import { asMeasured } from './measured-edition.js';

const BASE = 'https://news.example.org';
const PICTURE = `${BASE}/o/EDITION.`;
/** What an older mail of ours had: quoted in an article it must stay words. */
const QUOTED = `Xq${'0'.repeat(24)}XmeasuredXq`;
const article = articleView('1', {
  title: `A story of ${QUOTED}`,
  html: `<p>${QUOTED} <a href="https://other.example/?q=1&amp;r=2">Other</a>, <a href="mailto:a@other.example">mail</a>,
    <a href="https://quoting.example/${QUOTED}">quoting</a>, <a href="${BASE}/archive/old">the archive</a></p>`,
});

async function frozen(): Promise<CompiledEdition> {
  const compiled = await new EditionCompiler().compile(
    editionInput({ articles: [article, articleView('2')] }),
  );
  const links = linksOf(compiled).map((link, number) => ({
    ...link,
    target: `${link.url}#t`,
    href: `${BASE}/l/N${number}N`,
  }));
  return { ...compiled, links };
}

/** With the reader's places filled in, and nothing else. */
const filled = (text: string, token: string) =>
  splitAtPlaceholders(text)
    .map((part) =>
      typeof part === 'string' ? part : part.placeholder === 'measured' ? token : `[${part.placeholder}]`,
    )
    .join('');

describe('an edition of measured readers', () => {
  it('is everybody’s but for what stands behind its links, and a picture at its end', async () => {
    const compiled = await frozen();
    const measured = asMeasured(compiled, PICTURE)!;
    const theirs = composeVariant(measured, ['1', '2']);
    const ours = composeVariant(asSent(compiled), ['1', '2']);
    const picture = `<img src="${PICTURE}TOKEN" width="1" height="1" alt="" style="border:0;display:block">`;
    for (const kind of ['html', 'text'] as const) {
      const mine = filled(theirs[kind], 'TOKEN');
      expect(mine).toMatch(/\/l\/N\d+N\.TOKEN/);
      expect(mine).not.toMatch(/\/l\/N\d+N(?!\.TOKEN)/);
      expect(mine.replaceAll('.TOKEN', '').replace(picture.replace('.TOKEN', ''), '')).toBe(
        filled(ours[kind], ''),
      );
    }
    expect(filled(theirs.html, 'TOKEN')).toContain(`${picture}</body>`);
    expect(theirs.html.match(/<img/g)?.length).toBe((ours.html.match(/<img/g)?.length ?? 0) + 1);
    expect(theirs.subject).toBe(ours.subject);
    expect(filled(theirs.html, 'TOKEN')).toMatch(/href="\[unsubscribeUrl\]"/);
  });

  it('is none where nothing is counted', async () => {
    const compiled = await frozen();
    const { links: _, ...plain } = compiled;
    expect(asMeasured(plain, PICTURE)).toBeUndefined();
    const tagged = { ...compiled, links: compiled.links!.map((link) => ({ ...link, href: link.target })) };
    expect(asMeasured(tagged, PICTURE)).toBeUndefined();
  });

  it('leaves a link alone that is not counted', async () => {
    const compiled = await frozen();
    const [first, ...others] = compiled.links!;
    const links = [{ ...first!, href: first!.target }, ...others];
    const { html } = composeVariant(asMeasured({ ...compiled, links }, PICTURE)!, ['1']);
    expect(filled(html, 'TOKEN')).toContain(`href="${BASE}#t"`);
  });

  it.each(['7bit', '8bit'] as const)(
    'differs between two readers in nothing but their tokens (%s)',
    async (form) => {
      const encoded = encodeEdition(asMeasured(await frozen(), PICTURE)!);
      const lines = variantLines(encoded.compiled, chosenFragments(encoded.compiled, ['1']));
      const headers = plateHeaders({
        from: { name: 'Post', address: 'news@news.example.org' },
        listId: null,
        list: false,
        date: new Date(0),
      });
      const plate = composePlate(encoded, ['1'], lines, headers);
      const stamp = (token: string) =>
        Buffer.concat(
          wireChunks(
            plate.stamp(
              {
                to: { name: '', address: 'ann@example.org' },
                messageId: '1@news.example.org',
                values: {
                  greeting: 'Hello,',
                  unsubscribeUrl: `${BASE}/unsubscribe/u`,
                  preferencesUrl: `${BASE}/preferences/p`,
                  address: 'ann@example.org',
                  measured: token,
                },
              },
              form,
            ),
          ),
        ).toString('latin1');
      const one = 'a'.repeat(43);
      const other = 'b'.repeat(43);
      expect(stamp(one)).not.toBe(stamp(other));
      expect(stamp(one).replaceAll(one, other)).toBe(stamp(other));
      expect(stamp(one).split(one).length - 1).toBeGreaterThan(5);
    },
  );
});
