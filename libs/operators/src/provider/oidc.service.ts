import { Injectable } from '@nestjs/common';
import type { Configuration, IDToken, UserInfoResponse } from 'openid-client';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { SignInStepRepository } from '../second-factor/sign-in-step.repository.js';
import { decide, identityIn, type Identity } from './identity.js';
import { ProviderAccounts } from './provider-accounts.js';
import { RefusedByProvider } from './refusal.js';

/** Somebody who comes back from the provider. */
export interface Returned {
  operatorId: string;
  /** When the provider asked them last who they are. Epoch: it does not say, so it may be long ago. */
  provedAt: Date;
  /** The session that is to be made fresh; undefined: they sign in. */
  sessionId: string | undefined;
}

/** Who is signed in and proves it once more. */
export interface Asked {
  operatorId: string;
  sessionId: string;
}

const LONG_AGO = new Date(0);

/** How long somebody may take at the identity provider. */
const STEP_MS = 10 * 60_000;
const SCOPE = 'openid email profile';
const openId = () => import('openid-client');

/** Signing in at an identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce. */
@Injectable()
export class OidcService {
  private found: Promise<Configuration> | undefined;

  constructor(
    private readonly database: Database,
    private readonly steps: SignInStepRepository,
    private readonly accounts: ProviderAccounts,
    private readonly config: Config,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** What it is called; null: there is none. */
  get name(): string | null {
    return this.config.oidc?.name ?? null;
  }

  /**
   * Begins. The step belongs into a cookie: who comes back must be the browser that left.
   * @param again whether the provider must ask once more who it is: somebody who is signed in, or whoever it will be
   * @throws DomainError `not_found` without a provider; `unavailable` when it does not answer
   */
  async begin(again: Asked | boolean): Promise<{ url: string; step: string }> {
    const provider = await this.provider();
    const {
      buildAuthorizationUrl,
      calculatePKCECodeChallenge,
      randomNonce,
      randomPKCECodeVerifier,
      randomState,
    } = await openId();
    const now = this.clock.now();
    const data = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: this.callback,
      scope: SCOPE,
      code_challenge: await calculatePKCECodeChallenge(data.verifier),
      code_challenge_method: 'S256',
      state: data.state,
      nonce: data.nonce,
      ...(again ? { prompt: 'login', max_age: '0' } : {}),
    });
    const step = newId();
    const expiresAt = new Date(now.getTime() + STEP_MS);
    const asked = typeof again === 'object' ? again : undefined;
    await this.steps.insert(this.database.db, {
      id: step,
      kind: 'oidc',
      operatorId: asked?.operatorId ?? null,
      data: {
        ...data,
        ...(again ? { askedAt: now.toISOString() } : {}),
        ...(asked ? { sessionId: asked.sessionId } : {}),
      },
      expiresAt,
    });
    return { url: url.href, step };
  }

  /**
   * Ends it: of the answer of the provider makes an operator.
   * @param query of the callback, with its `?`
   * @param ip from where, for the audit
   * @throws RefusedByProvider when the answer is not to our question, is older than that, or is about somebody who may not come in
   */
  async finish(step: string, query: string, ip?: string): Promise<Returned> {
    const begun = isId(step) && (await this.steps.take(this.database.db, 'oidc', step, this.clock.now()));
    if (!begun) throw new RefusedByProvider('over');
    const identity = await this.identity(begun.data, query);
    const { oidc } = this.config;
    if (!oidc) throw notFound('identity provider');
    const operatorId = await this.accounts.operatorOf(identity, decide(identity, oidc), ip);
    if (begun.operatorId !== null && begun.operatorId !== operatorId) {
      throw new RefusedByProvider('other_person', identity.email);
    }
    return { operatorId, provedAt: identity.provedAt ?? LONG_AGO, sessionId: begun.data['sessionId'] };
  }

  private async identity(data: Record<string, string>, query: string): Promise<Identity> {
    const provider = await this.provider();
    const { authorizationCodeGrant, fetchUserInfo } = await openId();
    try {
      const tokens = await authorizationCodeGrant(provider, new URL(this.callback + query), {
        pkceCodeVerifier: data['verifier'] ?? '',
        expectedState: data['state'] ?? '',
        expectedNonce: data['nonce'] ?? '',
        idTokenExpected: true,
        ...this.sinceAsked(data),
      });
      const claims = tokens.claims() as IDToken;
      const more: Partial<UserInfoResponse> =
        provider.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await fetchUserInfo(provider, tokens.access_token, claims.sub);
      return identityIn({ ...more, ...claims }, this.config.oidc?.roles?.claim);
    } catch (error) {
      this.log.warn('the identity provider did not confirm a sign-in', { reason: (error as Error).message });
      throw new RefusedByProvider('unconfirmed', null, error);
    }
  }

  /** Asked to ask once more, the provider must have done so since (OpenID Connect Core §3.1.3.7, 13), and must say when. */
  private sinceAsked({ askedAt }: Record<string, string>): { maxAge?: number } {
    if (askedAt === undefined) return {};
    return { maxAge: Math.ceil((this.clock.now().getTime() - Date.parse(askedAt)) / 1000) };
  }

  private get callback(): string {
    return `${this.config.baseUrl}/api/session/oidc/callback`;
  }

  /** Its metadata, read once; a failure is tried again the next time. */
  private async provider(): Promise<Configuration> {
    const { oidc } = this.config;
    if (!oidc) throw notFound('identity provider');
    this.found ??= discover(oidc);
    try {
      return await this.found;
    } catch (error) {
      this.found = undefined;
      this.log.error('the identity provider does not answer', error);
      throw new RefusedByProvider('away', null, error);
    }
  }
}

async function discover({
  issuer,
  clientId,
  clientSecret,
}: NonNullable<Config['oidc']>): Promise<Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it unthinking
  const { allowInsecureRequests, ClientSecretBasic, discovery, None } = await openId();
  const url = new URL(issuer);
  // Only for one on the same machine or network, which whoever configures it knows.
  const options = url.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {};
  const how = clientSecret === null ? None() : ClientSecretBasic(clientSecret);
  return discovery(url, clientId, {}, how, options);
}
