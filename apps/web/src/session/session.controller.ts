import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { permissionsOf } from '#operators/rights/caller.js';
import { PasskeyService, passkeyProof, type PasskeyProof } from '#operators/second-factor/passkey.service.js';
import {
  proofInput,
  SessionService,
  signInInput,
  type ProofInput,
  type SignedIn,
  type SignInInput,
} from '#operators/sessions/session.service.js';
import { clientKey } from '#kernel/input/client-key.js';
import { clearSessionCookie, originOfCall, sessionToken, setSessionCookie } from './session-cookie.js';
import { StepLimiter } from './step-limiter.js';

/** What the operator UI is told of who is signed in. */
export function sessionView(who: SignedIn) {
  return {
    role: who.role,
    name: who.name,
    isOperator: Boolean(who.operatorId),
    permissions: permissionsOf(who),
  };
}

/** Sign-in of the operator UI. */
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly passkeys: PasskeyService,
    private readonly steps: StepLimiter,
    private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: signInInput }) input: SignInInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const opened = await this.sessions.signIn(input, clientKey(request.ip), originOfCall(request));
    setSessionCookie(reply, opened.token, this.https);
    return sessionView(opened.who);
  }

  @Get()
  async who(@Req() request: FastifyRequest) {
    return sessionView(await this.caller(request));
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.sessions.end(sessionToken(request, this.https) ?? '');
    clearSessionCookie(reply, this.https);
  }

  /** Who is signed in proves once more that it is them. */
  @Post('fresh')
  @HttpCode(204)
  async prove(@Req() request: FastifyRequest, @Body({ schema: proofInput }) input: ProofInput) {
    await this.sessions.prove(await this.caller(request), input, clientKey(request.ip));
  }

  @Post('passkey/options')
  @HttpCode(200)
  async passkeyOptions(@Req() request: FastifyRequest) {
    await this.steps.consume(request.ip);
    return this.passkeys.beginSignIn();
  }

  /** Signs in by passkey; of who is signed in already it makes the session fresh. */
  @Post('passkey')
  @HttpCode(200)
  async passkey(
    @Req() request: FastifyRequest,
    @Body({ schema: passkeyProof }) input: PasskeyProof,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const operatorId = await this.passkeys.check(input);
    const known = await this.sessions.read(sessionToken(request, this.https) ?? '', request.ip);
    if (known?.operatorId === operatorId) {
      await this.sessions.markProved(known);
      return sessionView(known);
    }
    const opened = await this.sessions.signInAs(operatorId, 'passkey', originOfCall(request));
    setSessionCookie(reply, opened.token, this.https);
    return sessionView(opened.who);
  }

  private async caller(request: FastifyRequest): Promise<SignedIn> {
    const who = await this.sessions.read(sessionToken(request, this.https) ?? '', request.ip);
    if (!who) throw new DomainError('unauthorized', 'Sign in first.');
    return who;
  }

  private get https(): boolean {
    return this.config.baseUrl.startsWith('https:');
  }
}
