import type { ParsedMail } from 'mailparser';
import type { Schemas } from '#contract/paths.js';
import { answer, at } from '../support/client.js';
import { splitFormWords, type DemoArticle } from './article-source.js';
import type { Narrator } from './narrator.js';
import { Operator } from './operator.js';
import { linkIn, Reader, type ReceivedMail } from './reader.js';

type Article = Schemas['Article'];

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A sentence from the middle of the story, to look for in the mail. */
function someSentence(text: string): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map(squeeze)
    .filter((paragraph) => paragraph.length > 40);
  return (paragraphs[Math.floor(paragraphs.length / 2)] ?? squeeze(text)).slice(0, 60);
}

/** The main job, told from sign-up to one-click, on one article. */
export class Story {
  private readonly operator: Operator;
  private readonly anna: Reader;
  private readonly ben: Reader;

  constructor(
    url: string,
    apiKey: string,
    private readonly tell: Narrator,
  ) {
    this.operator = new Operator(url, apiKey);
    this.anna = new Reader(url, 'anna@reader.example', 'Anna');
    this.ben = new Reader(url, 'ben@reader.example', 'Ben');
  }

  async run(given: DemoArticle): Promise<ReceivedMail[]> {
    const { story, words } =
      given.format === 'text' ? splitFormWords(given.body) : { story: given.body, words: null };
    await this.operator.api.PATCH('/publication', {
      body: {
        name: 'The Demo Gazette',
        postalAddress: 'The Demo Gazette\n1 Example Street\nExample Town',
        ...(words ? { wording: words } : {}),
      },
    });
    const article = await this.publish({ ...given, body: story });
    if (words)
      this.tell.say(
        `The file ends with the words of its sign-up form; the publication now uses them: “${words.invitation}”`,
      );
    await this.signUp(this.anna, article, true);
    await this.signUp(this.ben, article, false);
    const digest = await answer(this.operator.api.POST('/digests', { body: { name: 'The Morning Digest' } }));
    const mail = await this.deliver(digest.id, article);
    await this.leave(mail);
    const last = await this.nextEdition(digest.id);
    await this.proof();
    return [mail, last];
  }

  private async publish(given: DemoArticle): Promise<Article> {
    this.tell.title('The operator adds the article');
    const article = await answer(this.operator.api.POST('/articles', { body: given }));
    this.tell.say(`“${article.title}”`);
    this.tell.say(article.pageUrl);
    return article;
  }

  private async signUp(reader: Reader, article: Article, inDetail: boolean): Promise<void> {
    this.tell.title(`${reader.name} signs up under the article`);
    const page = await reader.open(new URL(article.pageUrl).pathname);
    const fields = { email: reader.address, name: reader.name, pageUrl: article.pageUrl };
    if (inDetail) {
      this.tell.check(
        'the page shows the article',
        page.status === 200 && squeeze(page.body).includes('<form'),
      );
      this.tell.check(
        'under it: the form, with a box for agreeing to the terms',
        /name="terms"/.test(page.body) && /\/terms/.test(page.body),
      );
      const refused = await reader.submit('/subscribe', fields);
      this.tell.check(
        'without agreeing to the terms it is refused (422)',
        refused.status === 422,
        refused.status,
      );
    }
    const accepted = await reader.submit('/subscribe', { ...fields, terms: 'accepted' });
    this.tell.check(
      'with the terms it is taken',
      accepted.status >= 200 && accepted.status < 400,
      accepted.status,
    );
    const mail = await reader.nextMail();
    this.tell.say(`Mail: “${mail.subject ?? ''}”  ${mail.page}`);
    const link = linkIn(mail, 'confirm');
    if (inDetail) {
      await reader.open(link);
      const pending = await this.statusOf(reader);
      this.tell.check(
        'opening the link alone changes nothing (scanners open links)',
        pending === 'pending',
        pending,
      );
    }
    await reader.submit(link, {});
    const status = await this.statusOf(reader);
    this.tell.check('pressing the button confirms', status === 'active', status);
    await reader.nextMail(); // the welcome
  }

  private async statusOf(reader: Reader): Promise<string | undefined> {
    return (await this.operator.subscriber(reader.address))?.status;
  }

  private async deliver(digestId: string, article: Article): Promise<ReceivedMail> {
    this.tell.title('The operator sends an edition');
    const edition = await this.operator.sendEdition(digestId, article.id);
    this.tell.check(
      'two recipients, two accepted',
      edition.counts.recipients === 2 && edition.counts.accepted === 2,
      edition.counts,
    );
    const mail = await this.anna.nextMail();
    this.tell.say(`Mail: “${mail.subject ?? ''}”  ${mail.page}`);
    for (const name of [
      'From',
      'To',
      'Subject',
      'List-Id',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'Message-ID',
    ]) {
      this.tell.say(`  ${headerLine(mail.source, name)}`);
    }
    this.checkMail(mail, article, await this.anna.targetsOf(mail));
    return mail;
  }

  private checkMail(mail: ParsedMail & { source: string }, article: Article, targets: string[]): void {
    const sentence = someSentence(article.text);
    const plain = squeeze(mail.text ?? '');
    this.tell.check('the text part holds the story, letter for letter', plain.includes(sentence), sentence);
    this.tell.check('the HTML part links to the article', targets.includes(article.pageUrl));
    const oneClick = headerLine(mail.source, 'List-Unsubscribe');
    this.tell.check(
      'one-click headers (RFC 8058)',
      oneClick.includes('/unsubscribe/') && /List-Unsubscribe=One-Click/.test(mail.source),
    );
    this.tell.check(
      'preferences and postal address in the footer',
      linkIn(mail, 'preferences') !== '' && plain.includes('1 Example Street'),
    );
  }

  private async leave(mail: ReceivedMail): Promise<void> {
    this.tell.title('Anna leaves with one click');
    const link = /<([^>]+)>/.exec(headerLine(mail.source, 'List-Unsubscribe'))?.[1] ?? '';
    const answer = await this.anna.submit(link, { 'List-Unsubscribe': 'One-Click' });
    this.tell.check(
      '200, no redirect, no cookie',
      answer.status === 200 && !answer.headers.get('set-cookie'),
      answer.status,
    );
    const status = await this.statusOf(this.anna);
    this.tell.check('she is unsubscribed', status === 'unsubscribed', status);
  }

  private async nextEdition(digestId: string): Promise<ReceivedMail> {
    this.tell.title('The next edition skips her');
    const second = await answer(
      this.operator.api.POST('/articles', {
        body: {
          title: 'A second story for the next edition',
          body: 'The demo wrote this one. It goes to everyone who is still here.',
          format: 'text',
        },
      }),
    );
    const edition = await this.operator.sendEdition(digestId, second.id);
    this.tell.check(
      'one recipient, one accepted',
      edition.counts.recipients === 1 && edition.counts.accepted === 1,
      edition.counts,
    );
    const editions = (await this.ben.newMails()).filter((mail) => headerLine(mail.source, 'List-Id') !== '');
    this.tell.check('Ben has both editions', editions.length === 2, editions.length);
    const toAnna = await this.anna.newMails();
    this.tell.check(
      'Anna has nothing new',
      toAnna.length === 0,
      toAnna.map((mail) => mail.subject),
    );
    return editions.at(-1) as ReceivedMail;
  }

  private async proof(): Promise<void> {
    this.tell.title('The proof of consent');
    const found = await answer(this.operator.api.GET('/consents/verify'));
    this.tell.check(`the ledger's ${found.rows} rows are whole`, found.ok);
    const anna = await this.operator.subscriber(this.anna.address);
    const consents = await answer(this.operator.api.GET('/subscribers/{id}/consents', at(anna?.id ?? '')));
    for (const row of [...consents.data].reverse())
      this.tell.say(
        `  ${row.submittedAt}  ${row.kind}, ${row.method}${row.sentence ? `: “${row.sentence}”` : ''}`,
      );
  }
}

/** A header of a message with its folded lines joined, or an empty text. */
function headerLine(source: string, name: string): string {
  const head = source.split(/\r?\n\r?\n/)[0] ?? '';
  return (
    new RegExp(`^${name}:.*(?:\\r?\\n[ \\t].*)*`, 'im').exec(head)?.[0].replace(/\r?\n[ \t]+/g, ' ') ?? ''
  );
}
