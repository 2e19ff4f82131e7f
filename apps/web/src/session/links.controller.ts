import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Config } from '#kernel/config/config.js';
import { LinkAccess } from '#operators/accounts/link-access.service.js';
import { newPassword } from '#operators/accounts/password.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
import { personName } from '#operators/team/team.schemas.js';
import { clientKey } from '#kernel/input/client-key.js';
import { guardToken } from '../http/reply.js';
import { sessionView } from './session.controller.js';
import { originOfCall, setSessionCookie } from './session-cookie.js';

const acceptance = z.strictObject({ name: personName.optional(), password: newPassword });
const resetRequest = z.strictObject({ email: z.string().min(1).max(320) });
const resetInput = z.strictObject({ password: newPassword });

/** What links of mails do for operators who cannot sign in yet, or not any more. Opening one changes nothing. */
@Controller('api')
export class LinksController {
  constructor(
    private readonly links: LinkAccess,
    private readonly signIns: SignInService,
    private readonly config: Config,
  ) {}

  @Get('invitations/:token')
  async invitation(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply) {
    guardToken(reply);
    return this.links.invitation(token);
  }

  /** Accepts it, and signs in. */
  @Post('invitations/:token')
  @HttpCode(200)
  async accept(
    @Param('token') token: string,
    @Body({ schema: acceptance }) body: z.output<typeof acceptance>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const operatorId = await this.links.accept(token, body, request.ip);
    const opened = await this.signIns.signInAs(operatorId, 'link', originOfCall(request));
    setSessionCookie(reply, opened.token, this.config.baseUrl.startsWith('https:'));
    return sessionView(opened.who);
  }

  /** The same answer whether or not there is such an operator. */
  @Post('password-resets')
  @HttpCode(202)
  async requestReset(
    @Body({ schema: resetRequest }) { email }: z.output<typeof resetRequest>,
    @Req() request: FastifyRequest,
  ) {
    await this.links.requestReset(email, clientKey(request.ip), request.ip);
    return { status: 'pending' };
  }

  @Get('password-resets/:token')
  async reset(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply) {
    guardToken(reply);
    return this.links.resetFor(token);
  }

  /** Sets it, and does not sign in: a second factor is still asked for. */
  @Post('password-resets/:token')
  @HttpCode(204)
  async setPassword(
    @Param('token') token: string,
    @Body({ schema: resetInput }) { password }: z.output<typeof resetInput>,
    @Req() request: FastifyRequest,
  ) {
    await this.links.reset(token, password, request.ip);
  }
}
