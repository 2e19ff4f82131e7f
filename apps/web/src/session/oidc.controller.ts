import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { OidcService } from '#operators/provider/oidc.service.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { rootPath } from '../reader/page/page-layout.js';
import { originOfCall, setSessionCookie } from './session-cookie.js';
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
    const { url, step } = await this.oidc.begin(again === 'true');
    void reply.setCookie(COOKIE, step, this.cookie).header('Cache-Control', 'no-store').redirect(url, 303);
  }

  /** Back from the provider. What went wrong is said on the sign-in page. */
  @Get('oidc/callback')
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    void reply.clearCookie(COOKIE, this.cookie).header('Cache-Control', 'no-store');
    const admin = `${rootPath(this.config.baseUrl)}/admin`;
    try {
      const at = request.url.indexOf('?');
      const query = at < 0 ? '' : request.url.slice(at);
      const operatorId = await this.oidc.finish(request.cookies[COOKIE] ?? '', query);
      const { token } = await this.sessions.signInAs(operatorId, 'oidc', originOfCall(request));
      setSessionCookie(reply, token, this.config.baseUrl.startsWith('https:'));
      void reply.redirect(admin, 303);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      void reply.redirect(`${admin}?problem=${encodeURIComponent(error.message)}`, 303);
    }
  }

  private get cookie() {
    const secure = this.config.baseUrl.startsWith('https:');
    return {
      path: rootPath(this.config.baseUrl) + PATH,
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: 600,
    } as const;
  }
}
