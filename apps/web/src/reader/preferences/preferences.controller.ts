import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PreferencesService, type PreferencesReading } from '#audience/reader/preferences.service.js';
import { preferencesInput, type PreferencesInput } from '#audience/choices/preferences.schemas.js';
import { validate } from '#kernel/input/validate.js';
import { DomainError, type FieldError } from '#kernel/errors/errors.js';
import { Config } from '#kernel/config/config.js';
import { ClickCounter } from '#feedback/clicks/click-counter.js';
import { visitorOf } from '../links/visitor.js';
import { MailboxDoor } from '../../http/mailbox-door.js';
import { readForm, textOf, type FormFields } from '../../http/form-body.js';
import { rootPath } from '../page/page-layout.js';
import { Pages } from '../page/pages.js';
import { preferencesOf, preferencesView } from './preferences-form.js';
import { guardToken, sendPage } from '../../http/reply.js';
import { SignUpLimiter } from '../../http/sign-up-limiter.js';
import { UnsubscribePages } from '../unsubscribe/unsubscribe-pages.js';

/** What a reader gets, opened by the link at the foot of every mail. */
@Controller('preferences/:token')
export class PreferencesController {
  constructor(
    private readonly mailbox: MailboxDoor,
    private readonly pages: Pages,
    private readonly preferences: PreferencesService,
    private readonly unsubscribed: UnsubscribePages,
    private readonly limiter: SignUpLimiter,
    private readonly config: Config,
    private readonly clicks: ClickCounter,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
    @Query('saved') saved?: string,
  ): Promise<void> {
    guardToken(reply);
    const reading = await this.preferences.view(token);
    if (reading.state !== 'invalid') await this.clicks.page('preferences', visitorOf(request));
    await this.send(request, reply, reading, { isSaved: saved === '1' });
  }

  /** `action`: `save`, `leave`, `unmeasure` or `send-link`. */
  @Post()
  async act(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    guardToken(reply);
    this.clicks.acted(visitorOf(request));
    const fields = await readForm(request);
    const action = textOf(fields, 'action');
    if (action === 'send-link') {
      await this.limiter.consume(request.ip);
      const { state } = await this.preferences.sendLink(token);
      await this.sendNotice(request, reply, state);
    } else if (action === 'leave') {
      await this.orExplain(request, reply, token, () => this.leave(request, reply, token));
    } else if (action === 'unmeasure') {
      await this.orExplain(request, reply, token, () => this.unmeasure(request, reply, token));
    } else {
      await this.orExplain(request, reply, token, () => this.save(request, reply, token, fields), fields);
    }
  }

  private async leave(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
    const { subscriber } = await this.preferences.leaveAll(token, fromOf(request));
    await this.unsubscribed.send(request, reply, 'done', subscriber);
  }

  /** Of a reader in whatever state: where there is no form any more, there is still this. */
  private async unmeasure(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
    await this.preferences.update(token, { measurement: false }, { ...fromOf(request), sentence: null });
    await reply.redirect(this.pathOf(token), 303);
  }

  private async save(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    fields: FormFields,
  ): Promise<void> {
    const wanted = validate<PreferencesInput>(preferencesInput, preferencesOf(fields));
    const context = await this.pages.context(request, undefined, textOf(fields, 'askedIn'));
    const sentence = this.pages.text(context, 'preferences.measurement_box');
    await this.preferences.update(token, wanted, { ...fromOf(request), sentence });
    await reply.redirect(`${this.pathOf(token)}?saved=1`, 303);
  }

  private pathOf(token: string): string {
    return `${rootPath(this.config.baseUrl)}/preferences/${token}`;
  }

  /** Shows what is wrong on the page itself: an ended link or subscription has one of its own, which the reading finds. */
  private async orExplain(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    action: () => Promise<void>,
    posted?: FormFields,
  ): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const errors = error.code === 'invalid_input' ? (error.errors ?? []) : [];
      const reading = await this.preferences.view(token);
      await this.send(request, reply, reading, { errors, posted, status: error.status });
    }
  }

  private async send(
    request: FastifyRequest,
    reply: FastifyReply,
    reading: PreferencesReading,
    {
      isSaved = false,
      errors = [],
      posted,
      status = 200,
    }: { isSaved?: boolean; errors?: FieldError[]; posted?: FormFields | undefined; status?: number },
  ): Promise<void> {
    guardToken(reply);
    if (reading.state !== 'ok') {
      await this.sendNotice(request, reply, reading.state);
      return;
    }
    const context = await this.pages.context(request, reading.preferences.locale);
    const view = preferencesView(reading.preferences, context.locale, { posted, errors });
    if (view.hasEnded) {
      const { locale, measurement } = reading.preferences;
      await this.sendNotice(request, reply, 'ended', { locale, isMeasured: measurement?.agreed ?? false });
      return;
    }
    const page = this.pages.render(context, 'preferences', {
      title: this.pages.text(context, 'preferences.title'),
      isPrivate: true,
      preferences: view,
      isSaved,
    });
    await sendPage(reply, page, status);
  }

  private async sendNotice(
    request: FastifyRequest,
    reply: FastifyReply,
    state: 'expired' | 'invalid' | 'sent' | 'ended',
    { locale, isMeasured = false }: { locale?: string; isMeasured?: boolean } = {},
  ): Promise<void> {
    guardToken(reply);
    const context = await this.pages.context(request, locale);
    const page = this.pages.render(context, 'preferences-notice', {
      title: this.pages.text(context, `preferences.${state}.title`),
      isPrivate: true,
      state,
      isMeasured,
      hasMailbox: await this.mailbox.isForReader(request),
    });
    const status = { expired: 410, invalid: 404, sent: 200, ended: 200 }[state];
    await sendPage(reply, page, status);
  }
}

function fromOf(request: FastifyRequest) {
  return { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
}
