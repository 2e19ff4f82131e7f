import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

export interface EndpointDocs {
  summary: string;
  /** Status of success; 200 unless said. */
  status?: number;
  /** Another status of success, with the same body; the handler sets it. */
  otherStatus?: number;
  /** Schema of the body of success. */
  returns?: z.ZodType;
  /** Media type of success, when it is not JSON. */
  produces?: string;
  /** Media type of the request, when it is not JSON. */
  consumes?: string;
  /** Fields of the answer that are stored nowhere, nor noted: a repeat with the same Idempotency-Key is answered without them. */
  shownOnce?: readonly string[];
  /** `within`: the service notes the change in the audit, in the same transaction. Unset: it is noted when the service is done. */
  notes?: 'within';
  /** Problem statuses worth naming besides 401 and 422. */
  problems?: number[];
  /** Fields of the request's body that are noted in the audit log: texts, without addresses. */
  audits?: string[];
}

export const ENDPOINT_METADATA = Symbol('endpoint');

/**
 * Documents an endpoint of the operator API and sets its status. The OpenAPI document is made from these. What it needs of its caller
 * stands in one table: `libs/operators/src/rights/routes.ts`.
 */
export function Endpoint(docs: EndpointDocs): MethodDecorator {
  return applyDecorators(SetMetadata(ENDPOINT_METADATA, docs), HttpCode(docs.status ?? 200));
}
