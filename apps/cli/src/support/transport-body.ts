import { readFileSync } from 'node:fs';
import type { Schemas } from '#contract/paths.js';
import { CliError } from './cli-error.js';

type Body = Schemas['TransportPatch'];
export type AuthMethod = Schemas['Transport']['auth']['method'];

/** The options of `transports create` and `update`, as they were typed. */
export interface TransportOptions {
  name?: string;
  host?: string;
  port?: string;
  security?: Body['security'];
  verify?: string;
  clientName?: string;
  auth?: AuthMethod;
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

/**
 * What the API is asked for. What was not typed is left out; `none` takes a limit, a plan or the rules away.
 * @param method how to sign in, when something about signing in was typed
 * @throws CliError when something typed cannot be read
 */
export function transportBody(
  options: TransportOptions,
  secret: string | undefined,
  method?: AuthMethod,
): Body {
  const { name, host, security, clientName, verify, enabled } = options;
  const limits = given({
    perSecond: limitOf(options.perSecond, '--per-second'),
    perHour: limitOf(options.perHour, '--per-hour'),
    perDay: limitOf(options.perDay, '--per-day'),
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
  method: AuthMethod,
): Body['auth'] {
  if (method === 'none') return { method };
  if (method === 'xoauth2')
    return given({ method, user, clientId, accessUrl, ...(secret === undefined ? {} : tokensOf(secret)) });
  return given({ method, user, password: secret });
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

/** `none` is no limit. */
function limitOf(text: string | undefined, option: string): number | null | undefined {
  return text === 'none' ? null : numberOf(text, option);
}

function numberOf(text: string | undefined, option: string): number | undefined {
  return text === undefined ? undefined : number(text, option);
}

function number(text: string, option: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new CliError(`${option} takes a number, not ${text}.`);
}

function yesOrNo(text: string | undefined, option: string): boolean | undefined {
  if (text === undefined || text === 'yes' || text === 'no')
    return text === undefined ? text : text === 'yes';
  throw new CliError(`${option} takes yes or no.`);
}

/** `START,GROWTH,CEILING` and, if wanted, `,YYYY-MM-DD`. */
function warmUpOf(text: string | undefined): Body['warmUp'] {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null;
  const [start = '', growth = '', ceiling, startedOn] = text.split(',').map((part) => part.trim());
  if (ceiling === undefined)
    throw new CliError('--warm-up takes START,GROWTH%,CEILING[,DAY]: 500,20,100000,2026-12-01');
  return given({
    startPerDay: number(start, '--warm-up'),
    growthPercent: number(growth.replace(/%$/, ''), '--warm-up'),
    ceilingPerDay: number(ceiling, '--warm-up'),
    startedOn,
  });
}

function rulesOf(path: string | undefined): Body['domainRules'] {
  if (path === undefined || path === 'none') return path === undefined ? undefined : null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Body['domainRules']; // the server checks it
  } catch (error) {
    throw new CliError(`--rules names a JSON file: ${(error as Error).message}`);
  }
}

/** Without what was not typed. */
function given<T extends object>(body: T): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
}
