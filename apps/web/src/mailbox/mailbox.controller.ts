import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mayDo } from '#operators/rights/caller.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { formatTime } from '../reader/page/format-time.js';
import { Pages } from '../reader/page/pages.js';
import { callerOf } from '../http/auth.guard.js';
import { sendPage } from '../http/reply.js';
import { isStorable } from '../http/storable.js';
import { mailboxView, withLinksOutside } from './mailbox-view.js';
import { MailboxRepository, type MailboxItem } from './mailbox.repository.js';

/** As many as anybody looks through; tools that want more ask with `before`. */
const LIST_LIMIT = 10_000;
const PAGE_LIMIT = 100;

/** A message's HTML runs nothing and asks nobody; only a click of the reader leaves it. */
const FRAME_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src https: http: data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

interface ListQuery {
  to?: string;
  before?: string;
  limit?: string;
}

/**
 * The built-in mailbox: the mail of an installation that has no way out yet. With one there is nothing here. Who may read it is
 * decided at the front door; whoever may not see to operators does not see the mails that make one.
 */
@Controller('mailbox')
export class MailboxController {
  constructor(
    private readonly mailbox: MailboxRepository,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: ListQuery,
  ): Promise<void> {
    const items = await this.items(request, query, PAGE_LIMIT);
    const context = await this.pages.context(request);
    const page = this.pages.render(context, 'mailbox', {
      title: this.pages.text(context, 'mailbox.title'),
      isPrivate: true,
      to: typeof query.to === 'string' ? query.to : '',
      olderThan: items.length === PAGE_LIMIT ? (items.at(-1)?.id ?? '') : '',
      messages: items.map((item) => ({
        ...item,
        ...this.times(item, context.locale, context.publication.timeZone),
      })),
    });
    await sendPage(reply, page);
  }

  @Get('messages')
  async json(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: ListQuery,
  ): Promise<void> {
    await reply.send(await this.items(request, query, LIST_LIMIT));
  }

  /** `:name` is the id, with `.eml` for the source or `.html` for the framed HTML part, or bare for the page. */
  @Get('messages/:name')
  async message(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('name') name: string,
  ): Promise<void> {
    const [, id = '', kind = ''] = /^([^.]+)(?:\.(eml|html))?$/.exec(name) ?? [];
    const found = isId(id) ? await this.mailbox.find(id, seesAccounts(request)) : undefined;
    if (!found) throw notFound('message');
    if (kind === 'eml') {
      await reply.type('message/rfc822').send(found.raw);
      return;
    }
    const view = await mailboxView(found.raw);
    if (kind === 'html') {
      if (view.html === null) throw notFound('HTML part');
      void reply.header('Content-Security-Policy', FRAME_POLICY).header('Referrer-Policy', 'no-referrer');
      await reply.type('text/html; charset=utf-8').send(withLinksOutside(view.html));
      return;
    }
    const context = await this.pages.context(request);
    const times = this.times(found, context.locale, context.publication.timeZone);
    const { id: messageId, to, from, subject } = found;
    const message = { id: messageId, to, from, subject, ...times, ...view, hasHtml: view.html !== null };
    await sendPage(
      reply,
      this.pages.render(context, 'mailbox-message', { title: subject, isPrivate: true, message }),
    );
  }

  private async items(
    request: FastifyRequest,
    { to, before, limit }: ListQuery,
    most: number,
  ): Promise<MailboxItem[]> {
    const wanted = /^\d{1,6}$/.test(String(limit)) ? Math.min(Math.max(Number(limit), 1), most) : most;
    return this.mailbox.list({
      to: isStorable(to) && to !== '' ? to : undefined,
      before: typeof before === 'string' && isId(before) ? before : undefined,
      limit: wanted,
      withAccounts: seesAccounts(request),
    });
  }

  private times({ receivedAt }: MailboxItem, locale: string, timeZone: string) {
    return { time: formatTime(locale, receivedAt, timeZone), dateTime: receivedAt.toISOString() };
  }
}

function seesAccounts(request: FastifyRequest): boolean {
  const caller = callerOf(request);
  return caller !== undefined && mayDo(caller, 'operators:manage');
}
