import { Injectable } from '@nestjs/common';
import type { SignInMethod } from '#database/schema/index.js';
import { DomainError } from '#kernel/errors/errors.js';
import { ANY_KEY, GuessLimiter } from '../accounts/guess-limiter.js';
import { OperatorService } from '../accounts/operator.service.js';
import { SignInTrail, type Attempt } from '../accounts/sign-in-trail.js';
import { AuditLog } from '../audit/audit.js';
import { ApiKeyService } from '../keys/api-key.service.js';
import type { Returned } from '../provider/oidc.service.js';
import { RefusedByProvider } from '../provider/refusal.js';
import { PasskeyService, type PasskeyProof } from '../second-factor/passkey.service.js';
import { TotpService } from '../second-factor/totp.service.js';
import type { Holder } from './session.repository.js';
import { SessionService, type Opened, type Origin, type SignedIn } from './session.service.js';
import type { ProofInput, SignInInput } from './sign-in.schemas.js';

function wrong(input: SignInInput | ProofInput): DomainError {
  if ('apiKey' in input) return new DomainError('unauthorized', 'The key is not valid.');
  if ('email' in input) return new DomainError('unauthorized', 'The address or the password is wrong.');
  return new DomainError('unauthorized', 'The password is wrong.');
}

const wrongCode = () => new DomainError('unauthorized', 'The code is wrong, or it was used already.');

/**
 * Signing in, and proving once more who one is: by password, key, passkey or at the identity provider. All of it is in the log and in the audit,
 * what succeeds and what fails.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly sessions: SessionService,
    private readonly operators: OperatorService,
    private readonly keys: ApiKeyService,
    private readonly guesses: GuessLimiter,
    private readonly totp: TotpService,
    private readonly passkeys: PasskeyService,
    private readonly trail: SignInTrail,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Signs in. Only what was checked and is wrong counts as a guess.
   * @param client who tries: guesses are counted by it
   * @returns the token for the cookie, which is stored nowhere
   * @throws DomainError `unauthorized`, the same for an unknown address and a wrong password; `second_factor_required` after the right
   *   password of whoever has one; `rate_limited`; `unavailable` when too many sign in at once
   */
  async signIn(input: SignInInput, client: string, from: Origin = {}): Promise<Opened> {
    const [account, attempt]: [string, Attempt] =
      'apiKey' in input ? [ANY_KEY, { by: 'key' }] : [input.email, { by: 'password', email: input.email }];
    const opened = await this.trail.of(attempt, client, () =>
      this.guesses.tried(account, client, async (isKnown) => {
        const holder = await this.holderOf(input, isKnown, from);
        const it = await this.sessions.open(holder, 'apiKey' in input ? 'key' : 'password', from);
        if (!it) throw wrong(input); // replaced or revoked since it was checked
        return it;
      }),
    );
    await this.note(opened.who, from);
    return opened;
  }

  /**
   * Signs in by passkey; of who is signed in already it makes the session fresh.
   * @param current who is signed in
   * @returns no token where the session goes on
   * @throws DomainError `unauthorized`
   */
  async signInByPasskey(
    proof: PasskeyProof,
    current: SignedIn | null,
    client: string,
    from: Origin = {},
  ): Promise<Partial<Opened> & Pick<Opened, 'who'>> {
    const about = async (): Promise<Attempt> => ({
      by: 'passkey',
      operatorId: await this.passkeys.ownerOf(proof.credential.id),
    });
    const operatorId = await this.trail.of(about, client, () => this.passkeys.check(proof));
    if (current?.operatorId !== operatorId) return this.signInAs(operatorId, 'passkey', from);
    await this.markProved(current, from);
    return { who: current };
  }

  /**
   * Signs in whoever comes back from the identity provider, or makes the session fresh that asked.
   * @param finish reads the provider's answer
   * @returns the token; undefined where the session goes on
   * @throws RefusedByProvider; DomainError `unauthorized` when they may not sign in any more
   */
  async signInByProvider(
    finish: () => Promise<Returned>,
    client: string,
    from: Origin = {},
  ): Promise<string | undefined> {
    const about = (error: unknown): Attempt => ({
      by: 'oidc',
      email: (error instanceof RefusedByProvider && error.email) || undefined,
    });
    const returned = await this.trail.of(about, client, finish);
    const { operatorId, provedAt, sessionId } = returned;
    if (sessionId === undefined) return (await this.signInAs(operatorId, 'oidc', from, provedAt)).token;
    const who = await this.sessions.readById(sessionId);
    if (!who) throw new RefusedByProvider('over'); // signed out meanwhile
    await this.markProved(who, from, provedAt);
    return undefined;
  }

  /**
   * Signs in an operator who has proved otherwise who they are: by passkey, at the identity provider, by a link.
   * @param provedAt when, if that was not now
   * @throws DomainError `unauthorized` when they may not sign in any more
   */
  async signInAs(
    operatorId: string,
    method: SignInMethod,
    from: Origin = {},
    provedAt?: Date,
  ): Promise<Opened> {
    const opened = await this.sessions.open({ operatorId }, method, from, provedAt);
    if (!opened) throw new DomainError('unauthorized', 'This account may not sign in.');
    await this.note(opened.who, from);
    return opened;
  }

  /**
   * Makes a session fresh: its holder proves once more who they are. Counts as a guess like a sign-in does.
   * @throws DomainError `unauthorized`; `rate_limited`
   */
  async prove(caller: SignedIn, input: ProofInput, client: string, from: Origin = {}): Promise<void> {
    const account = caller.operatorId ? caller.name : ANY_KEY;
    const attempt = { by: wayOf(input), operatorId: caller.operatorId };
    await this.trail.of(attempt, client, () =>
      this.guesses.tried(account, client, (isKnown) => this.insistOnProof(caller, input, isKnown, from)),
    );
    await this.markProved(caller, from);
  }

  private async markProved(caller: SignedIn, { ip }: Origin, provedAt?: Date): Promise<void> {
    await this.sessions.prove(caller, provedAt);
    await this.audit.note(caller, 'sign-in proved', 'sessions', caller.session?.id ?? null, { client: ip });
    this.trail.proved(caller);
  }

  private async insistOnProof(
    caller: SignedIn,
    input: ProofInput,
    isKnown: boolean,
    { ip }: Origin,
  ): Promise<void> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`, ip);
      if (caller.operatorId || keyId !== caller.keyId) throw wrong(input);
    } else if ('code' in input) {
      if (!caller.operatorId || !(await this.totp.isRight(caller.operatorId, input.code))) throw wrongCode();
    } else {
      const found = await this.operators.verify(caller.name, input.password, isKnown);
      if (!found || found.id !== caller.operatorId) throw wrong(input);
    }
  }

  private async note(who: SignedIn, { ip }: Origin): Promise<void> {
    await this.audit.note(who, 'sign-in', 'sessions', who.session?.id ?? null, { client: ip });
    this.trail.succeeded(who);
  }

  /** The caller whose password or key it is. */
  private async holderOf(input: SignInInput, isKnown: boolean, { ip }: Origin): Promise<Holder> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`, ip);
      return { apiKeyId: keyId };
    }
    const found = await this.operators.verify(input.email, input.password, isKnown);
    if (!found) throw wrong(input);
    if (found.needsCode) {
      if (input.code === undefined) {
        throw new DomainError('second_factor_required', 'Give the code of your authenticator app too.');
      }
      if (!(await this.totp.isRight(found.id, input.code))) throw wrongCode();
    }
    return { operatorId: found.id, passwordHash: found.passwordHash };
  }
}

function wayOf(input: ProofInput): Attempt['by'] {
  if ('apiKey' in input) return 'key';
  return 'code' in input ? 'code' : 'password';
}
