import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import { freePort } from './free-port.js';

/** Whom the provider knows: what it says of them. */
export type Claims = Record<string, unknown>;

interface OidcProvider {
  callback(): (request: unknown, response: unknown) => void;
}
type ProviderClass = new (issuer: string, configuration: object) => OidcProvider;

/** A real OpenID provider (the library `oidc-provider`), whose people sign in by name and consent at once. */
export class IdentityProvider {
  readonly people = new Map<string, Claims>();

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<IdentityProvider> {
    const issuer = `http://127.0.0.1:${await freePort()}`;
    const server = createServer();
    server.listen(Number(new URL(issuer).port), '127.0.0.1');
    await once(server, 'listening');
    return new IdentityProvider(issuer, server);
  }

  /** @param callback of the client, whose id is `broadsheet` and whose secret is {@link SECRET} */
  async serve(callback: string): Promise<void> {
    const library: string = 'oidc-provider'; // it brings no types
    const { default: Provider } = (await import(library)) as { default: ProviderClass };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: 'broadsheet',
          client_secret: SECRET,
          redirect_uris: [callback],
          grant_types: ['authorization_code'],
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'test' }] },
      cookies: { keys: ['a key of the tests'] },
      pkce: { required: () => true },
      claims: { email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      features: { devInteractions: { enabled: true } },
      findAccount: (_: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, ...this.people.get(sub) }),
      }),
    });
    this.server.on('request', provider.callback());
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /**
   * Goes through its pages as a browser does: signs in and consents.
   * @param url of the authorization endpoint, as the client gives it
   * @returns where it sends the browser: the client's callback
   */
  async signIn(url: string, login: string): Promise<string> {
    const jar = new Map<string, string>();
    let next = url;
    let form: URLSearchParams | undefined;
    for (let hops = 0; hops < 20; hops++) {
      const response = await fetch(next, {
        redirect: 'manual',
        method: form ? 'POST' : 'GET',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { body: form } : {}),
      });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      const to = response.headers.get('location');
      if (to !== null) {
        next = new URL(to, next).href;
        if (!next.startsWith(this.issuer)) return next;
        form = undefined;
        continue;
      }
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      if (!action) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 300)}`);
      next = new URL(action, next).href;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
    }
    throw new Error('The provider goes round in circles.');
  }
}

export const SECRET = 'a secret of the client at the provider';
