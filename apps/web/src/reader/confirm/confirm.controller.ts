import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConfirmationService } from '#audience/reader/confirmation.service.js';
import { linkEnd, preferencesTokenTtl } from '#audience/reader/link-lifetimes.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { MailboxDoor } from '../../http/mailbox-door.js';
import { readForm, textOf } from '../../http/form-body.js';
import { maskAddress } from '#kernel/input/mask-address.js';
import { rootPath } from '../page/page-layout.js';
import { Pages } from '../page/pages.js';
import { guardToken, sendPage } from '../../http/reply.js';
import { SignUpLimiter } from '../../http/sign-up-limiter.js';

type State = 'ready' | 'confirmed' | 'already' | 'expired' | 'sent' | 'invalid';

interface Shown {
  state: State;
  subscriber?: { id: string; email: string; locale: string } | undefined;
  /** What is confirmed is also that they are measured. */
  measured?: boolean;
}

/** The link of the confirmation mail. Looking changes nothing: link scanners fetch every URL. */
@Controller('confirm/:token')
export class ConfirmController {
  constructor(
    private readonly mailbox: MailboxDoor,
    private readonly pages: Pages,
    private readonly confirmations: ConfirmationService,
    private readonly limiter: SignUpLimiter,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    await this.send(request, reply, await this.confirmations.peek(token));
  }

  @Post()
  async act(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    const fields = await readForm(request);
    if (textOf(fields, 'action') === 'resend') {
      await this.limiter.consume(request.ip);
      const { subscriber } = await this.confirmations.peek(token);
      const { state } = await this.confirmations.resend(token);
      await this.send(request, reply, { state, subscriber });
      return;
    }
    const from = { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
    await this.send(request, reply, await this.confirmations.confirm(token, from));
  }

  private async send(
    request: FastifyRequest,
    reply: FastifyReply,
    { state, subscriber, measured = false }: Shown,
  ): Promise<void> {
    guardToken(reply);
    const context = await this.pages.context(request, subscriber?.locale);
    const page = this.pages.render(context, 'confirm', {
      title: this.pages.text(context, `confirm.${state}.title`),
      isPrivate: true,
      state,
      measured,
      address: subscriber ? maskAddress(subscriber.email) : '',
      preferencesPath: state === 'confirmed' && subscriber ? this.preferencesPath(subscriber.id) : '',
      hasMailbox: await this.mailbox.isForReader(request),
    });
    await sendPage(reply, page, state === 'invalid' ? 404 : state === 'expired' ? 410 : 200);
  }

  private preferencesPath(subscriberId: string): string {
    const expiresAt = linkEnd(this.clock.now(), preferencesTokenTtl);
    return `${rootPath(this.config.baseUrl)}/preferences/${this.signer.sign('preferences', { subscriberId, expiresAt })}`;
  }
}
