import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { clientKey } from '#kernel/input/client-key.js';
import { OidcService, type Asked } from '#operators/provider/oidc.service.js';
import { RefusedByProvider } from '#operators/provider/refusal.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
import { rootPath } from '../reader/page/page-layout.js';
import { originOfCall, sessionToken, setSessionCookie } from './session-cookie.js';
import { StepLimiter } from './step-limiter.js';

/** Of the browser that left for the provider; it comes back from another site, so it is not `strict`. */
const COOKIE = 'broadsheet-oidc';
const PATH = '/api/session/oidc';

/** What the sign-in page offers, and the way to the identity provider and back. */
@Controller('api/session')
export class OidcController {
  constructor(
    private readonly oidc: OidcService,
    private readonly sessions: SessionService,
    private readonly signIns: SignInService,
    private readonly steps: StepLimiter,
    private readonly config: Config,
  ) {}

  @Get('ways')
  ways() {
    return { oidc: this.oidc.name };
  }

  @Get('oidc')
  async begin(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('again') again?: string,
  ): Promise<void> {
    await this.steps.consume(request.ip);
    const { url, step } = await this.oidc.begin(again === 'true' && (await this.whoAsks(request)));
    void reply.setCookie(COOKIE, step, this.cookie).header('Cache-Control', 'no-store').redirect(url, 303);
  }

  /** Back from the provider. What went wrong is said on the sign-in page, by a word for it. */
  @Get('oidc/callback')
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    void reply.clearCookie(COOKIE, this.cookie).header('Cache-Control', 'no-store');
    const admin = `${rootPath(this.config.baseUrl)}/admin`;
    try {
      const at = request.url.indexOf('?');
      const query = at < 0 ? '' : request.url.slice(at);
      const token = await this.signIns.signInByProvider(
        () => this.oidc.finish(request.cookies[COOKIE] ?? '', query, request.ip),
        clientKey(request.ip),
        originOfCall(request),
      );
      if (token !== undefined) setSessionCookie(reply, token, this.https);
      void reply.redirect(admin, 303);
    } catch (error) {
      if (!(error instanceof RefusedByProvider)) throw error;
      void reply.redirect(`${admin}?problem=${error.refusal}`, 303);
    }
  }

  /** Who is signed in proves it once more; nobody: the provider is to ask all the same. */
  private async whoAsks(request: FastifyRequest): Promise<Asked | true> {
    const who = await this.sessions.read(sessionToken(request, this.https) ?? '', request.ip);
    return who?.operatorId && who.session ? { operatorId: who.operatorId, sessionId: who.session.id } : true;
  }

  private get https(): boolean {
    return this.config.baseUrl.startsWith('https:');
  }

  private get cookie() {
    return {
      path: rootPath(this.config.baseUrl) + PATH,
      httpOnly: true,
      sameSite: 'lax',
      secure: this.https,
      maxAge: 600,
    } as const;
  }
}
