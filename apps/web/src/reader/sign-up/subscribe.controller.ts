import { Controller, Get, Options, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { signUpInput, SignUpService, type SignUpInput } from '#audience/reader/sign-up.service.js';
import { validate } from '#kernel/input/validate.js';
import { Config } from '#kernel/config/config.js';
import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { MailboxDoor } from '../../http/mailbox-door.js';
import { isJson, readForm, textOf, wantsJson, type FormFields } from '../../http/form-body.js';
import { Pages, type PageContext } from '../page/pages.js';
import { letAnyOriginRead, sendPage } from '../../http/reply.js';
import { SignUpForms, type SignUpFormState } from './sign-up-forms.js';
import { formOf, inputOf, isTrapped, pageUrlOf, sawOtherWords } from './sign-up-post.js';

/** Signing up. Public and without cookies, so other sites may post to it (the embedded form does). */
@Controller('subscribe')
export class SubscribeController {
  constructor(
    private readonly mailbox: MailboxDoor,
    private readonly pages: Pages,
    private readonly forms: SignUpForms,
    private readonly signUps: SignUpService,
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.sendForm(reply, await this.pages.context(request), 'subscribe', {});
  }

  @Options()
  async preflight(@Res() reply: FastifyReply): Promise<void> {
    await letAnyOriginRead(reply)
      .headers({
        'Access-Control-Allow-Methods': 'POST, OPTIONS',
        'Access-Control-Allow-Headers': 'Content-Type',
        'Access-Control-Max-Age': '86400',
      })
      .status(204)
      .send();
  }

  @Post()
  async signUp(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const fields = await readForm(request);
    const context = await this.pages.context(request, undefined, textOf(fields, 'locale'));
    const pageUrl = pageUrlOf(fields, this.facts(request));
    try {
      await this.write(request, fields, context, pageUrl);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid_input') throw error;
      this.metrics.signUps.inc({ result: 'invalid' });
      if (wantsJson(request)) throw error;
      const kind = textOf(fields, 'form') === 'article' ? 'article' : 'subscribe';
      await this.sendForm(reply, context, kind, { pageUrl, values: fields, errors: error.errors ?? [] }, 422);
      return;
    }
    if (wantsJson(request)) await reply.status(202).send({ status: 'pending' });
    else await this.sendPending(request, reply, context, textOf(fields, 'email') ?? '');
  }

  private async write(
    request: FastifyRequest,
    fields: FormFields,
    context: PageContext,
    pageUrl: string | undefined,
  ): Promise<void> {
    if (isTrapped(fields)) {
      this.metrics.signUps.inc({ result: 'trapped' });
      return;
    }
    const { wording, terms } = await this.forms.view(context, 'article');
    if (sawOtherWords(fields, wording.sentence, terms.version)) {
      throw invalidField(
        'terms',
        'changed',
        'The terms have changed since the form was loaded; read and accept them again.',
      );
    }
    const form = formOf(fields, isJson(request));
    const input = inputOf(fields, form, context.locale, pageUrl);
    await this.signUps.signUp(validate<SignUpInput>(signUpInput, input), {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      form,
      method: isJson(request) ? 'json' : 'form',
      sentence: wording.sentence,
      measurementSentence: wording.measurement,
    });
    this.metrics.signUps.inc({ result: 'accepted' });
  }

  private async sendForm(
    reply: FastifyReply,
    context: PageContext,
    kind: 'article' | 'subscribe',
    state: SignUpFormState,
    status = 200,
  ): Promise<void> {
    const form = await this.forms.view(context, kind, state);
    const title = this.pages.text(context, 'subscribe.title', { publication: context.publication.name });
    await sendPage(reply, this.pages.render(context, 'subscribe', { title, form }), status);
  }

  private async sendPending(
    request: FastifyRequest,
    reply: FastifyReply,
    context: PageContext,
    email: string,
  ): Promise<void> {
    const title = this.pages.text(context, 'pending.title');
    const hasMailbox = await this.mailbox.isForReader(request);
    const page = this.pages.render(context, 'pending', {
      title,
      email: email.trim(),
      hasMailbox,
      isPrivate: true,
    });
    await sendPage(reply, page);
  }

  private facts(request: FastifyRequest) {
    return { referer: request.headers.referer, origin: new URL(this.config.baseUrl).origin };
  }
}
