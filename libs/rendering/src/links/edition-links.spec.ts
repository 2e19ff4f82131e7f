import { EditionCompiler } from '../edition/edition-compiler.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { composeVariant } from '../edition/variant.js';
import { articleView, editionInput, plateHere } from '../fixtures.js';
import { plateHeaders } from '../wire/plate-headers.js';
import { encodeEdition } from '../wire/encoded-edition.js';
import { wireChunks } from '../wire/plate.js';
import { asSent, asShown, linksOf } from './edition-links.js';

const BASE = 'https://news.example.org';
const article = articleView('1', {
  html: `<p><a href="https://other.example/?q=1&amp;r=2">Other</a>, <a href="mailto:a@other.example">mail</a>,
    <a href="${BASE}/archive/old">the archive</a>, <a href="${BASE}/a/2">ours</a>,
    <a href="https://same.example/x">https://same.example/x</a>.</p><pre>curl https://api.example/v1</pre>`,
});
const compile = () =>
  new EditionCompiler().compile(editionInput({ articles: [article, articleView('2'), articleView('3')] }));

/** As a freeze would. */
function withLinks(compiled: CompiledEdition): CompiledEdition {
  const links = linksOf(compiled).map((link, number) => ({
    ...link,
    target: `${link.url}#t`,
    href: `${BASE}/l/N${number}N`,
  }));
  return { ...compiled, links };
}

describe('the links of an edition', () => {
  it('are those to articles, in them and around them, once for each article', async () => {
    expect(linksOf(await compile())).toEqual([
      { articleId: null, url: BASE },
      { articleId: '1', url: `${BASE}/a/1` },
      { articleId: '1', url: 'https://other.example/?q=1&r=2' },
      { articleId: '1', url: `${BASE}/a/2` },
      { articleId: '1', url: 'https://same.example/x' },
      { articleId: '2', url: `${BASE}/a/2` },
      { articleId: '3', url: `${BASE}/a/3` },
    ]);
  });

  it('are replaced in both parts; those of the reader, of mails and of our own pages never are', async () => {
    const compiled = withLinks(await compile());
    const { html, text } = composeVariant(asSent(compiled), ['1']);
    for (const part of [html, text]) {
      expect(part).toContain(`${BASE}/l/N1N`);
      expect(part).toContain(`${BASE}/l/N2N`);
      expect(part).toContain(`${BASE}/archive/old`);
      expect(part).not.toContain('other.example/?q');
      expect(part).not.toContain(`${BASE}/a/`);
    }
    expect(html).toContain('mailto:a@other.example');
    expect(html.match(/XunsubscribeUrlXq/g)?.length).toBe(1);
    expect(html.match(/XpreferencesUrlXq/g)?.length).toBe(1);
    expect(text).toContain('curl https://api.example/v1');
    const shown = composeVariant(asShown(compiled), ['1']);
    expect(shown.html).toContain(`href="${BASE}/a/1#t"`);
    expect(shown.html).toContain('href="https://other.example/?q=1&amp;r=2#t"');
    expect(shown.text).toContain(`${BASE}/a/1#t`);
    expect(shown.html + shown.text).not.toContain('/l/N');
  });

  it('leave the rest byte for byte: putting them back gives what was compiled', async () => {
    const compiled = await compile();
    const linked = withLinks(compiled);
    const back = {
      ...asSent(linked),
      links: linked.links!.map(({ articleId, url, href }) => ({
        articleId,
        url: href,
        target: url,
        href: url,
      })),
    };
    const { links: _, ...restored } = asSent(back);
    expect({ ...restored, facts: compiled.facts, fragments: restored.fragments }).toEqual(compiled);
  });

  it('keep a mail the same whether it is joined or composed, and for every reader', async () => {
    const compiled = asSent(withLinks(await compile()));
    const headers = plateHeaders({
      from: { name: 'The Harbour Post', address: 'news@example.org' },
      replyTo: null,
      listId: null,
      list: true,
      date: new Date('2026-11-23T07:00:00Z'),
    });
    const plate = plateHere(encodeEdition(compiled), ['3', '1'], headers);
    const values = {
      greeting: 'Hello',
      address: 'a@b.example',
      unsubscribeUrl: `${BASE}/u`,
      preferencesUrl: `${BASE}/p`,
    };
    const wire = Buffer.concat(
      wireChunks(
        plate.stamp({ to: { name: '', address: 'a@b.example' }, messageId: '<1@example.org>', values }),
      ),
    ).toString();
    const joined = composeVariant(compiled, ['3', '1']);
    const decoded = wire.replace(/=\r\n/g, '').replace(/=3D/g, '=');
    for (const [href] of joined.html.matchAll(/https:\/\/news\.example\.org\/l\/N\d+N/g)) {
      expect(decoded).toContain(`href="${href}"`);
    }
    expect(joined.html).toContain('/l/N');
  });

  it('are none in an older content', async () => {
    const compiled = await compile();
    expect(asSent(compiled)).toBe(compiled);
    expect(asShown(compiled)).toBe(compiled);
  });

  it('never become a placeholder, whatever they look like', async () => {
    const posing = 'https://x.example/Xq0123456789abcdefghijklmnXunsubscribeUrlXq';
    const compiled = await new EditionCompiler().compile(
      editionInput({ articles: [articleView('1', { html: `<p><a href="${posing}&amp;a=1">x</a></p>` })] }),
    );
    const links = [{ articleId: '1', url: article.url, target: posing, href: posing }];
    const { html, text } = composeVariant(asSent({ ...compiled, links }), ['1']);
    expect(html.match(/Xq[0-9a-z]{24}XunsubscribeUrlXq/g)?.length).toBe(1);
    expect(text.match(/Xq[0-9a-z]{24}XunsubscribeUrlXq/g)?.length).toBe(1);
    expect(linksOf(compiled).map(({ url }) => url)).not.toContainEqual(expect.stringContaining('Xq'));
  });
});
