import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** Asked for once in a test file: every application there is the same code. */
let contract: Promise<Contract> | undefined;

/**
 * Holds an answer of the operator API against the OpenAPI document that the application itself gives.
 * @param path below `/api/v1`, with its query
 * @throws Error naming the call and what differs
 */
export async function insistOnContract(
  siteUrl: string,
  call: { method: string; path: string },
  answer: { status: number; mediaType: string; body: unknown },
): Promise<void> {
  contract ??= fetch(new URL('/api/openapi.json', siteUrl)).then(
    async (response) => new Contract((await response.json()) as Document),
  );
  (await contract).insist(call, answer);
}

class Contract {
  // A format or a word of a schema that Ajv does not know would be a promise that nobody keeps.
  private readonly ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  private readonly components: Document['components'];
  private readonly known = new Map<string, ValidateFunction>();
  private readonly routes: { pattern: RegExp; operations: Record<string, Operation> }[];

  constructor(document: Document) {
    addFormats.default(this.ajv);
    this.components = document.components;
    this.ajv.addKeyword('components'); // what `#/components/schemas/Article` in an answer's schema refers to
    this.routes = Object.entries(document.paths)
      // What is named itself comes before what any name fits.
      .sort(([a], [b]) => a.split('{').length - b.split('{').length)
      .map(([path, operations]) => {
        const pattern = path.replace(/\{\w+\}/g, '[^/]+');
        return { pattern: new RegExp(`^${pattern}$`), operations };
      });
  }

  insist(
    { method, path }: { method: string; path: string },
    { status, mediaType, body }: { status: number; mediaType: string; body: unknown },
  ): void {
    const call = `${method} ${path} → ${status}`;
    const route = this.routes.find(({ pattern }) => pattern.test(`/api/v1${path.split('?')[0]}`));
    const operation = route?.operations[method.toLowerCase()];
    if (!operation) {
      if (status === 404 || status === 405) return;
      throw new Error(`${call}: the OpenAPI document has no such operation.`);
    }
    const isProblem = status >= 400;
    const documented = operation.responses[String(status)];
    if (!documented && !isProblem) throw new Error(`${call}: the OpenAPI document has no such answer.`);
    const schema = isProblem ? this.components.schemas['Problem'] : documented?.content?.[mediaType]?.schema;
    if (!schema) return;
    const key = `${method} ${route.pattern.source} ${isProblem ? 'problem' : status}`;
    const check = this.known.get(key) ?? this.ajv.compile({ ...schema, components: this.components });
    this.known.set(key, check);
    if (!check(body))
      throw new Error(`${call} is not as the OpenAPI document says: ${this.ajv.errorsText(check.errors)}`);
  }
}
