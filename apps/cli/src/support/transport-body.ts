import { readFileSync } from 'node:fs';
import { CliError } from './cli-error.js';

/** The options of `transports create` and `update`, as they were typed. */
export interface TransportOptions {
  name?: string;
  host?: string;
  port?: string;
  security?: string;
  verify?: string;
  clientName?: string;
  auth?: string;
  user?: string;
  clientId?: string;
  accessUrl?: string;
  weight?: string;
  connections?: string;
  perSecond?: string;
  perHour?: string;
  perDay?: string;
  warmUp?: string;
  rules?: string;
  enabled?: string;
}

type Body = Record<string, unknown>;

/**
 * What the API is asked for. What was not typed is left out; `none` takes a limit, a plan or the rules away.
 * @param method how to sign in, when something about signing in was typed
 * @throws CliError when something typed cannot be read
 */
export function transportBody(options: TransportOptions, secret: string | undefined, method?: string): Body {
  const { name, host, security, clientName, verify, enabled } = options;
  const limits = given({
    perSecond: numberOf(options.perSecond, '--per-second'),
    perHour: numberOf(options.perHour, '--per-hour'),
    perDay: numberOf(options.perDay, '--per-day'),
  });
  return given({
    name,
    host,
    security,
    port: numberOf(options.port, '--port'),
    verifyCertificate: yesOrNo(verify, '--verify'),
    clientName: clientName === 'none' ? null : clientName,
    auth: method === undefined ? undefined : authBody(options, secret, method),
    weight: numberOf(options.weight, '--weight'),
    connections: numberOf(options.connections, '--connections'),
    limits: Object.keys(limits).length > 0 ? limits : undefined,
    warmUp: warmUpOf(options.warmUp),
    domainRules: rulesOf(options.rules),
    enabled: yesOrNo(enabled, '--enabled'),
  });
}

/** Whether something about signing in was typed. */
export function isAboutAuth(options: TransportOptions): boolean {
  return [options.auth, options.user, options.clientId, options.accessUrl].some((one) => one !== undefined);
}

function authBody(
  { user, clientId, accessUrl }: TransportOptions,
  secret: string | undefined,
  method: string,
) {
  if (method === 'xoauth2') {
    return given({ method, user, clientId, accessUrl, ...(secret === undefined ? {} : tokensOf(secret)) });
  }
  return given({ method, ...(method === 'none' ? {} : { user, password: secret }) });
}

/** @param secret JSON: `{"clientSecret": …, "refreshToken": …}`, or `{"accessToken": …}` */
function tokensOf(secret: string): object {
  try {
    const tokens: unknown = JSON.parse(secret);
    if (typeof tokens === 'object' && tokens !== null) return tokens;
  } catch {
    // said below, without repeating it
  }
  throw new CliError(
    'The secret of xoauth2 is JSON: {"clientSecret": …, "refreshToken": …} or {"accessToken": …}.',
  );
}

function numberOf(text: string | undefined, option: string): number | null | undefined {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new CliError(`${option} takes a number, not ${text}.`);
}

function yesOrNo(text: string | undefined, option: string): boolean | undefined {
  if (text === undefined || text === 'yes' || text === 'no')
    return text === undefined ? text : text === 'yes';
  throw new CliError(`${option} takes yes or no.`);
}

/** `START,GROWTH,CEILING` and, if wanted, `,YYYY-MM-DD`. */
function warmUpOf(text: string | undefined): object | null | undefined {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null;
  const [start, growth, ceiling, startedOn] = text.split(',').map((part) => part.trim());
  if (ceiling === undefined)
    throw new CliError('--warm-up takes START,GROWTH%,CEILING[,DAY]: 500,20,100000,2026-12-01');
  return given({
    startPerDay: numberOf(start, '--warm-up'),
    growthPercent: numberOf(growth?.replace(/%$/, ''), '--warm-up'),
    ceilingPerDay: numberOf(ceiling, '--warm-up'),
    startedOn,
  });
}

function rulesOf(path: string | undefined): unknown {
  if (path === undefined || path === 'none') return path === undefined ? undefined : null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError(`--rules names a JSON file: ${(error as Error).message}`);
  }
}

function given(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
