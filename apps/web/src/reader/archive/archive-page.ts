import { direction, translate } from '#rendering/template/locales.js';
import { escapeHtml } from '#rendering/template/placeholders.js';

export interface ArchiveFrame {
  locale: string;
  /** Of the document: the subject and the publication. */
  title: string;
  publication: string;
  date: string;
  canonical: string;
  paths: { front: string; archive: string; subscribe: string };
}

const STYLE = `<style>
.archive-bar{padding:10px 16px;background:#1c1a17;color:#fffefa;font:14px/1.5 Helvetica,Arial,sans-serif;text-align:center}
.archive-bar p{margin:0}
.archive-bar a{display:inline-block;margin:0 10px;padding:5px 0;color:#fffefa!important;text-decoration:underline}
.archive-bar a:focus-visible{outline:3px solid #fffefa;outline-offset:2px}
</style>`;

/**
 * Puts a bar above an edition's document that says what it is and leads to the rest of the site.
 *
 * The document is the mail as it was sent; the page's policy (security-headers.ts) lets nothing in it run.
 */
export function framedEdition(html: string, frame: ArchiveFrame): string {
  const t = (key: string, vars?: Record<string, string>) =>
    escapeHtml(translate(frame.locale, `pages.${key}`, vars));
  const link = (path: string, text: string) => `<a href="${escapeHtml(path)}">${text}</a>`;
  const head = `<link rel="canonical" href="${escapeHtml(frame.canonical)}">${STYLE}`;
  const bar =
    `<div class="archive-bar" role="banner" lang="${frame.locale}" dir="${direction(frame.locale)}">` +
    `<p><strong>${escapeHtml(frame.publication)}</strong> · ${t('archive.bar', { date: frame.date })}</p>` +
    `<p>${link(frame.paths.front, t('nav.front'))} ${link(frame.paths.archive, t('archive.all'))} ` +
    `${link(frame.paths.subscribe, t('nav.subscribe'))}</p></div>`;
  const title = `<title>${escapeHtml(frame.title)}</title>`;
  return after(
    after(
      html.replace(/<title>[^<]*<\/title>/i, () => title),
      /<head[^>]*>/i,
      head,
    ),
    /<body[^>]*>/i,
    bar,
  );
}

/** Adds a text after a tag, or in front of all if there is no such tag. */
function after(html: string, tag: RegExp, added: string): string {
  return tag.test(html) ? html.replace(tag, (found) => found + added) : added + html;
}
