import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export type Json = Record<string, unknown>;

const HOME = '#/components/schemas/';

/**
 * Writes schemas as JSON Schema. Those that have an `id` in their `meta` are written once, under their name, and referred to
 * wherever they occur.
 */
export class NamedSchemas {
  private readonly named = new Map<string, Json>();

  /**
   * @param io what is said of a value: what may be sent (`input`), or what comes back (`output`)
   * @returns the schema in place, or the reference to its name
   * @throws Error when two that are not the same have one name
   */
  write(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === 'date')
          Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      },
    }) as Json & { $defs?: Record<string, Json> };
    for (const [name, definition] of Object.entries($defs)) this.keep(name, atHome(definition));
    return atHome(json);
  }

  /** Those that were met so far, by name. */
  all(): Record<string, Json> {
    return Object.fromEntries([...this.named].sort(([a], [b]) => a.localeCompare(b)));
  }

  private keep(name: string, definition: Json): void {
    const known = this.named.get(name);
    if (known && !isDeepStrictEqual(known, definition))
      throw new Error(
        `Two schemas of the API are called ${name}, or it differs when sent and when answered.`,
      );
    this.named.set(name, definition);
  }
}

/** zod refers to `#/$defs/Name`; in OpenAPI the same lives elsewhere. */
function atHome(json: Json): Json {
  return JSON.parse(JSON.stringify(json), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', HOME) : value,
  ) as Json;
}
