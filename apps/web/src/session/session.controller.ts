import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { SessionService, signInInput, type SignInInput } from '#operators/sessions/session.service.js';
import { clientKey } from '#kernel/input/client-key.js';
import { clearSessionCookie, requireOwnPage, sessionToken, setSessionCookie } from './session-cookie.js';

/** Sign-in of the operator UI. */
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: signInInput }) input: SignInInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { token, who } = await this.sessions.signIn(input, clientKey(request.ip));
    setSessionCookie(reply, token, this.https);
    return { role: who.role, name: who.name };
  }

  @Get()
  async who(@Req() request: FastifyRequest) {
    const who = await this.sessions.read(sessionToken(request, this.https) ?? '');
    if (!who) throw new DomainError('unauthorized', 'Sign in first.');
    return { role: who.role, name: who.name };
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    requireOwnPage(request);
    await this.sessions.end(sessionToken(request, this.https) ?? '');
    clearSessionCookie(reply, this.https);
  }

  private get https(): boolean {
    return this.config.baseUrl.startsWith('https:');
  }
}
