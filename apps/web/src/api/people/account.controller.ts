import { Body, Delete, Get, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PublicationService } from '#audience/publication/publication.service.js';
import { permissionsOf, type Caller as ApiCaller } from '#operators/rights/caller.js';
import { PasskeyService, passkeyInput, type PasskeyInput } from '#operators/second-factor/passkey.service.js';
import { TotpService } from '#operators/second-factor/totp.service.js';
import {
  accountPatch,
  type AccountPatch,
  OwnAccountService,
  passwordChange,
  type PasswordChange,
} from '#operators/team/own-account.service.js';
import { Caller } from '../../http/auth.guard.js';
import { clientKey } from '#kernel/input/client-key.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { accountView, passkeyOptions, passkeyView, recoveryCodes, totpStart } from '../responses/people.js';

const codeInput = z.strictObject({ code: z.string().min(6).max(10) }).meta({ id: 'TotpCode' });

/** What operators see to themselves. A key has no account: its calls are refused. */
@ApiController('account')
export class AccountController {
  constructor(
    private readonly accounts: OwnAccountService,
    private readonly totp: TotpService,
    private readonly passkeys: PasskeyService,
    private readonly publications: PublicationService,
  ) {}

  @Get()
  @Endpoint({ summary: 'Your account', returns: accountView, problems: [403] })
  async get(@Caller() caller: ApiCaller) {
    const row = await this.accounts.row(caller);
    const { id, email, name, role } = row;
    return {
      id,
      email,
      name,
      role,
      permissions: permissionsOf(caller),
      hasPassword: row.passwordHash !== null,
      hasTotp: row.totpSince !== null,
      recoveryCodesLeft: await this.totp.codesLeft(row.id),
      passkeys: await this.passkeys.list(row.id),
    };
  }

  @Patch()
  @Endpoint({ summary: 'Change your name', returns: accountView, problems: [403] })
  async patch(@Caller() caller: ApiCaller, @Body({ schema: accountPatch }) body: AccountPatch) {
    await this.accounts.rename(caller, body);
    return this.get(caller);
  }

  @Post('password')
  @Endpoint({
    summary: 'Change your password; all your other sessions end',
    status: 204,
    notes: 'within',
    problems: [403, 429, 503],
  })
  async password(
    @Caller() caller: ApiCaller,
    @Body({ schema: passwordChange }) body: PasswordChange,
    @Req() request: FastifyRequest,
  ) {
    await this.accounts.changePassword(caller, body, clientKey(request.ip));
  }

  @Post('totp')
  @Endpoint({
    summary: 'Begin with an authenticator app; it counts once its first code is given',
    status: 201,
    returns: totpStart,
    shownOnce: ['secret', 'uri'],
    problems: [403, 409],
  })
  async beginTotp(@Caller() caller: ApiCaller) {
    const { id } = await this.accounts.row(caller);
    return this.totp.begin(id, (await this.publications.current()).name);
  }

  @Post('totp/confirm')
  @Endpoint({
    summary: 'Turn the authenticator app on with its first code; answers with recovery codes',
    returns: recoveryCodes,
    shownOnce: ['codes'],
    problems: [403, 409, 429],
  })
  async confirmTotp(
    @Caller() caller: ApiCaller,
    @Body({ schema: codeInput }) { code }: z.output<typeof codeInput>,
    @Req() request: FastifyRequest,
  ) {
    return { codes: await this.accounts.confirmTotp(caller, code, clientKey(request.ip)) };
  }

  @Delete('totp')
  @Endpoint({ summary: 'Remove the authenticator app', status: 204, problems: [403] })
  async removeTotp(@Caller() caller: ApiCaller) {
    await this.totp.remove((await this.accounts.row(caller)).id);
  }

  @Post('recovery-codes')
  @Endpoint({
    summary: 'Make new recovery codes; those before work no more',
    status: 201,
    returns: recoveryCodes,
    shownOnce: ['codes'],
    problems: [403, 409],
  })
  async renewCodes(@Caller() caller: ApiCaller) {
    const { id } = await this.accounts.row(caller);
    return { codes: await this.totp.renewCodes(id) };
  }

  @Post('passkeys/options')
  @Endpoint({
    summary: 'What the browser needs to make a passkey (WebAuthn)',
    returns: passkeyOptions,
    shownOnce: ['step', 'publicKey'],
    problems: [403],
  })
  async passkeyOptions(@Caller() caller: ApiCaller) {
    return this.passkeys.beginRegistration(await this.accounts.row(caller));
  }

  @Post('passkeys')
  @Endpoint({
    summary: 'Add the passkey that the browser made',
    status: 201,
    returns: passkeyView,
    problems: [403, 409],
  })
  async addPasskey(@Caller() caller: ApiCaller, @Body({ schema: passkeyInput }) body: PasskeyInput) {
    return this.passkeys.register(await this.accounts.row(caller), body);
  }

  @Delete('passkeys/:id')
  @Endpoint({ summary: 'Remove a passkey', status: 204, problems: [403] })
  async removePasskey(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.passkeys.remove((await this.accounts.row(caller)).id, id);
  }
}
