import { Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { ConsentVerifier } from '#audience/consent/consent-verifier.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { consentVerification } from '../responses/audience.js';

const verifyQuery = z.strictObject({
  head: z
    .string()
    .regex(/^\d+:[0-9a-f]{64}$/, 'must look like 12:HASH, as an earlier verification printed it')
    .optional()
    .describe('Number and hash of a seal noted earlier; finds a tail that was cut off since.'),
});
type VerifyQuery = z.output<typeof verifyQuery>;

@ApiController('consents')
export class ConsentsController {
  constructor(private readonly verifier: ConsentVerifier) {}

  @Get('verify')
  @Endpoint({
    summary: 'Check every row and seal of the consent ledger',
    returns: consentVerification,
  })
  async verify(@Query({ schema: verifyQuery }) { head }: VerifyQuery) {
    const [number, sha256] = head?.split(':') ?? [];
    return this.verifier.verify(sha256 ? { expectHead: { number: Number(number), sha256 } } : {});
  }
}
