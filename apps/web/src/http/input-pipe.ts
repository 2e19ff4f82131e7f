import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { z } from 'zod';
import { validate } from '#kernel/input/validate.js';

/**
 * Checks what a controller takes against the schema of its parameter, `@Body({ schema: articleInput }) body: ArticleInput`, for every
 * route; the same schema documents it. A parameter without a schema is given as it came.
 *
 * It is Nest's pipe with our own check: that says where it is wrong by all fields and codes, refuses what the database cannot hold, and
 * does not silently drop keys such as `constructor`, which a reader's attributes may have.
 */
@Injectable()
export class InputPipe extends StandardSchemaValidationPipe {
  /** @throws DomainError `invalid_input` naming every field at fault */
  override transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type } = metadata;
    if (!schema || !this.toValidate(metadata)) return Promise.resolve(value);
    return Promise.resolve().then(() => validate(schema as z.ZodType<T>, value, type));
  }
}
