import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import type { OperatorRow } from '../accounts/operator.repository.js';
import { PasskeyRepository, type StoredPasskey } from './passkey.repository.js';
import { SignInStepRepository, type SignInStep } from './sign-in-step.repository.js';

/** How long a browser may take to ask its holder. */
const STEP_MS = 5 * 60_000;
/** Somebody has a few devices. */
const MOST_PASSKEYS = 20;

/** base64url, as WebAuthn's JSON has it; an attestation takes a few KB. */
const bytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]*$/);
const credential = {
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(30).nullish(),
  clientExtensionResults: z.looseObject({}).default({}),
};

/** `POST /account/passkeys`: what `navigator.credentials.create` gave (RegistrationResponseJSON). */
export const passkeyInput = z
  .strictObject({
    name: z.string().trim().min(1).max(60).describe('So that it can be told from others: the device.'),
    step: z.string().max(60).describe('As the options had it.'),
    credential: z.looseObject({
      ...credential,
      response: z.looseObject({ clientDataJSON: bytes, attestationObject: bytes }),
    }),
  })
  .meta({ id: 'NewPasskey' });
export type PasskeyInput = z.output<typeof passkeyInput>;

/** `POST /api/session/passkey`: what `navigator.credentials.get` gave (AuthenticationResponseJSON). */
export const passkeyProof = z.strictObject({
  step: z.string().max(60),
  credential: z.looseObject({
    ...credential,
    response: z.looseObject({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes }),
  }),
});
export type PasskeyProof = z.output<typeof passkeyProof>;

/** Takes a fifth of a second to load, which is for who uses it. */
const webAuthn = () => import('@simplewebauthn/server');

/** Passkeys: registered, and asked for instead of a password. They ask their holder for a PIN or a finger, so they are two factors in one. */
@Injectable()
export class PasskeyService {
  constructor(
    private readonly database: Database,
    private readonly passkeys: PasskeyRepository,
    private readonly steps: SignInStepRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  list(operatorId: string): Promise<StoredPasskey[]> {
    return this.passkeys.list(this.database.db, operatorId);
  }

  /** What the browser is to be asked: `{ step, publicKey }`. */
  async beginRegistration({ id, email, name }: OperatorRow) {
    const { generateRegistrationOptions } = await webAuthn();
    const publicKey = await generateRegistrationOptions({
      rpName: 'Broadsheet',
      rpID: this.site.hostname,
      userID: new TextEncoder().encode(id),
      userName: email,
      userDisplayName: name || email,
      attestationType: 'none',
      excludeCredentials: (await this.list(id)).map(known),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { step: await this.remember('new-passkey', publicKey.challenge, id), publicKey };
  }

  /** @throws DomainError `invalid_input`; `conflict` when it is known, or there are too many */
  async register({ id: operatorId }: OperatorRow, { name, step, credential }: PasskeyInput) {
    const { verifyRegistrationResponse } = await webAuthn();
    const begun = await this.taken('new-passkey', step);
    if (begun?.operatorId !== operatorId) throw invalidField('step', 'over', 'It took too long; try again.');
    const verified = await verifyRegistrationResponse({
      response: credential as unknown as RegistrationResponseJSON,
      ...this.expected(begun),
    }).catch(() => undefined);
    if (!verified?.verified)
      throw invalidField('credential', 'invalid', 'This passkey does not prove itself.');
    if ((await this.list(operatorId)).length >= MOST_PASSKEYS) {
      throw new DomainError('conflict', `An account has at most ${MOST_PASSKEYS} passkeys.`);
    }
    const its = verified.registrationInfo.credential;
    const row = {
      id: newId(),
      operatorId,
      name,
      credentialId: its.id,
      publicKey: Buffer.from(its.publicKey),
      counter: its.counter,
      transports: its.transports ?? [],
      createdAt: this.clock.now(),
      lastUsedAt: null,
    };
    if (!(await this.passkeys.insert(this.database.db, row))) {
      throw new DomainError('conflict', 'This passkey is known already.');
    }
    return row;
  }

  /** What the browser of somebody who signs in is to be asked; who it is, the passkey says. */
  async beginSignIn() {
    const { generateAuthenticationOptions } = await webAuthn();
    const publicKey = await generateAuthenticationOptions({
      rpID: this.site.hostname,
      userVerification: 'required',
    });
    return { step: await this.remember('passkey', publicKey.challenge, null), publicKey };
  }

  /**
   * @returns the id of the operator whose passkey it is
   * @throws DomainError `unauthorized` when it proves nothing, or its counter says that it is a copy
   */
  async check({ step, credential }: PasskeyProof): Promise<string> {
    const refusal = new DomainError('unauthorized', 'This passkey is not known here, or it took too long.');
    const begun = await this.taken('passkey', step);
    const stored = await this.passkeys.findByCredential(this.database.db, credential.id);
    if (!begun || !stored) throw refusal;
    const { verifyAuthenticationResponse } = await webAuthn();
    const verified = await verifyAuthenticationResponse({
      response: credential as unknown as AuthenticationResponseJSON,
      ...this.expected(begun),
      credential: { ...known(stored), publicKey: new Uint8Array(stored.publicKey), counter: stored.counter },
    }).catch(() => undefined);
    if (!verified?.verified) throw refusal;
    const { newCounter } = verified.authenticationInfo;
    await this.passkeys.used(this.database.db, stored.id, newCounter, this.clock.now());
    return stored.operatorId;
  }

  /** Whose it is, whether or not it proves anything. @param credentialId base64url */
  async ownerOf(credentialId: string): Promise<string | undefined> {
    return (await this.passkeys.findByCredential(this.database.db, credentialId))?.operatorId;
  }

  /** @throws DomainError `not_found` */
  async remove(operatorId: string, id: string): Promise<void> {
    const isGone = isId(id) && (await this.passkeys.delete(this.database.db, operatorId, id));
    if (!isGone) throw notFound('passkey');
  }

  async removeAll(operatorId: string, tx: Executor = this.database.db): Promise<void> {
    await this.passkeys.delete(tx, operatorId);
  }

  private get site(): URL {
    return new URL(this.config.baseUrl);
  }

  private expected({ data }: SignInStep) {
    return {
      expectedChallenge: data['challenge'] ?? '',
      expectedOrigin: this.site.origin,
      expectedRPID: this.site.hostname,
      requireUserVerification: true,
    };
  }

  private async remember(kind: SignInStep['kind'], challenge: string, operatorId: string | null) {
    const id = newId();
    const expiresAt = new Date(this.clock.now().getTime() + STEP_MS);
    await this.steps.insert(this.database.db, { id, kind, operatorId, data: { challenge }, expiresAt });
    return id;
  }

  private async taken(kind: SignInStep['kind'], id: string): Promise<SignInStep | undefined> {
    return isId(id) ? this.steps.take(this.database.db, kind, id, this.clock.now()) : undefined;
  }
}

function known({ credentialId, transports }: StoredPasskey) {
  return { id: credentialId, transports };
}
