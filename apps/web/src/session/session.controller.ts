import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { permissionsOf } from '#operators/rights/caller.js';
import { PasskeyService, passkeyProof, type PasskeyProof } from '#operators/second-factor/passkey.service.js';
import { SessionService, type SignedIn } from '#operators/sessions/session.service.js';
import {
  proofInput,
  signInInput,
  type ProofInput,
  type SignInInput,
} from '#operators/sessions/sign-in.schemas.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
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
    private readonly signIns: SignInService,
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
    const opened = await this.signIns.signIn(input, clientKey(request.ip), originOfCall(request));
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
    await this.sessions.end(sessionToken(request, this.https) ?? '', originOfCall(request));
    clearSessionCookie(reply, this.https);
  }

  /** Who is signed in proves once more that it is them. */
  @Post('fresh')
  @HttpCode(204)
  async prove(@Req() request: FastifyRequest, @Body({ schema: proofInput }) input: ProofInput) {
    const caller = await this.caller(request);
    await this.signIns.prove(caller, input, clientKey(request.ip), originOfCall(request));
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
    const known = await this.sessions.read(sessionToken(request, this.https) ?? '', request.ip);
    const client = clientKey(request.ip);
    const { token, who } = await this.signIns.signInByPasskey(input, known, client, originOfCall(request));
    if (token !== undefined) setSessionCookie(reply, token, this.https);
    return sessionView(who);
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
