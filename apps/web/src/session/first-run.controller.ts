import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { publicationPatch } from '#audience/publication/publication.schema.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TermsService, termsInput } from '#audience/publication/terms.service.js';
import { digestInput } from '#digest/model/digest.schemas.js';
import { DigestService } from '#digest/operator/digest.service.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newPassword } from '#operators/accounts/password.js';
import { FirstRun } from '#operators/first-run/first-run.service.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
import { operatorEmail, personName } from '#operators/team/team.schemas.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { guardToken } from '../http/reply.js';
import { sessionView } from './session.controller.js';
import { originOfCall, setSessionCookie } from './session-cookie.js';

const { name, senderName, senderEmail, replyTo, postalAddress, locale, timeZone } = publicationPatch.shape;

/** `POST /api/first-run/:token`: all that an installation needs to send. */
const firstRunInput = z.strictObject({
  owner: z.strictObject({ email: operatorEmail, name: personName.default(''), password: newPassword }),
  publication: z.strictObject({
    name: name.unwrap(),
    senderName,
    senderEmail,
    replyTo,
    postalAddress: postalAddress.unwrap(),
    locale,
    timeZone,
  }),
  terms: termsInput.optional().describe('None: those it comes with stay.'),
  digest: digestInput.optional(),
  testMail: z.boolean().default(true).describe('Whether a first mail goes to the owner.'),
});

/** The first minutes of an installation: the page behind the link that its start prints. */
@Controller('api/first-run')
export class FirstRunController {
  constructor(
    private readonly firstRun: FirstRun,
    private readonly publications: PublicationService,
    private readonly terms: TermsService,
    private readonly digests: DigestService,
    private readonly signIns: SignInService,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** What the page begins with. */
  @Get(':token')
  async begin(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply) {
    guardToken(reply);
    await this.firstRun.insist(token);
    const { name, senderName, senderEmail, locale, timeZone } = await this.publications.current();
    return {
      publication: { name, senderName, senderEmail, locale, timeZone },
      terms: (await this.terms.current()).text,
    };
  }

  /** All input was looked at before the link is used; who it made the owner can mend the rest in the settings. */
  @Post(':token')
  @HttpCode(201)
  async run(
    @Param('token') token: string,
    @Body({ schema: firstRunInput }) input: z.output<typeof firstRunInput>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id, publicationId } = await this.firstRun.makeOwner(token, input.owner, request.ip);
    const opened = await this.signIns.signInAs(id, 'link', originOfCall(request));
    setSessionCookie(reply, opened.token, this.config.baseUrl.startsWith('https:'));
    await this.publications.update(input.publication);
    if (input.terms) await this.terms.publish(input.terms);
    const digest = input.digest ? await this.digests.create(input.digest) : null;
    if (input.testMail) await this.sendFirstMail(publicationId, input.owner.email);
    return { ...sessionView(opened.who), digestId: digest?.id ?? null };
  }

  private async sendFirstMail(publicationId: string, address: string): Promise<void> {
    const payload = { at: this.clock.now().toISOString() };
    const mailId = await this.database.transaction((tx) =>
      this.outbox.write(tx, { publicationId, kind: 'first-mail', address, payload }),
    );
    await this.outbox.announce(mailId);
  }
}
