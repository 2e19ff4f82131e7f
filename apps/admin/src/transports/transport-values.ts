import type { Schemas } from '#contract/paths.js';
import type { Transport } from '../api/types';
import { wanted, type Amount } from '../ui/use-api-form';

/** One row of the rules: as it is typed. */
export interface RuleValues {
  domains: string;
  connections: Amount;
  perSecond: Amount;
}

/** The form of a transport. Its names are the fields of the API. */
export interface TransportValues {
  name: string;
  host: string;
  port: Amount;
  security: Transport['security'];
  verifyCertificate: boolean;
  clientName: string;
  auth: {
    method: Transport['auth']['method'];
    user: string;
    password: string;
    clientId: string;
    clientSecret: string;
    refreshToken: string;
    accessUrl: string;
  };
  weight: Amount;
  connections: Amount;
  limits: { perSecond: Amount; perHour: Amount; perDay: Amount };
  warmsUp: boolean;
  warmUp: { startPerDay: Amount; growthPercent: Amount; ceilingPerDay: Amount; startedOn: string };
  hasRules: boolean;
  domainRules: RuleValues[];
  enabled: boolean;
}

export const EMPTY_RULE: RuleValues = { domains: '', connections: '', perSecond: '' };

/** A port that nobody chose goes with the kind of security. */
export function usualPort(security: Transport['security']): number {
  return security === 'tls' ? 465 : 587;
}

/** What the form shows. @param transport none: a new one */
export function valuesOf(transport?: Transport): TransportValues {
  const { limits, warmUp, domainRules } = transport ?? {};
  return {
    name: transport?.name ?? '',
    host: transport?.host ?? '',
    port: transport?.port ?? usualPort('starttls'),
    security: transport?.security ?? 'starttls',
    verifyCertificate: transport?.verifyCertificate ?? true,
    clientName: transport?.clientName ?? '',
    auth: {
      method: transport?.auth.method ?? 'password',
      user: transport?.auth.user ?? '',
      password: '',
      clientId: '',
      clientSecret: '',
      refreshToken: '',
      accessUrl: '',
    },
    weight: transport?.weight ?? 1,
    connections: transport?.connections ?? '',
    limits: {
      perSecond: limits?.perSecond ?? '',
      perHour: limits?.perHour ?? '',
      perDay: limits?.perDay ?? '',
    },
    warmsUp: Boolean(warmUp),
    warmUp: {
      startPerDay: warmUp?.startPerDay ?? 500,
      growthPercent: warmUp?.growthPercent ?? 20,
      ceilingPerDay: warmUp?.ceilingPerDay ?? 50_000,
      startedOn: warmUp?.startedOn ?? new Date().toISOString().slice(0, 10),
    },
    hasRules: Boolean(domainRules),
    domainRules: domainRules?.map(({ domains, connections, perSecond }) => ({
      domains: domains.join(' '),
      connections: connections ?? '',
      perSecond: perSecond ?? '',
    })) ?? [EMPTY_RULE],
    enabled: transport?.enabled ?? true,
  };
}

/** What the API is sent. */
export function bodyOf(values: TransportValues): Schemas['NewTransport'] {
  const { name, host, port, security, verifyCertificate, clientName, connections } = values;
  return {
    name,
    host,
    port: orLeftOut(port),
    security,
    verifyCertificate,
    clientName: clientName || null,
    auth: authOf(values),
    connections: orLeftOut(connections),
    ...paceOf(values),
  };
}

/** A secret left empty is left as it is. */
function authOf({ auth }: TransportValues): Schemas['NewTransport']['auth'] {
  const { method, user } = auth;
  const typed = (name: 'clientId' | 'clientSecret' | 'refreshToken' | 'accessUrl' | 'password') =>
    auth[name] || undefined;
  if (method === 'none') return { method };
  if (method === 'password') return { method, user, password: typed('password') };
  return {
    method,
    user,
    clientId: typed('clientId'),
    clientSecret: typed('clientSecret'),
    refreshToken: typed('refreshToken'),
    accessUrl: typed('accessUrl'),
  };
}

/** All that may change of the environment's transport. */
export function paceOf({ limits, warmUp, ...values }: TransportValues): Schemas['TransportPatch'] {
  return {
    weight: orLeftOut(values.weight),
    limits: {
      perSecond: orNull(limits.perSecond),
      perHour: orNull(limits.perHour),
      perDay: orNull(limits.perDay),
    },
    warmUp: values.warmsUp
      ? {
          startPerDay: wanted(warmUp.startPerDay),
          growthPercent: wanted(warmUp.growthPercent),
          ceilingPerDay: wanted(warmUp.ceilingPerDay),
          startedOn: warmUp.startedOn || undefined,
        }
      : null,
    domainRules: values.hasRules
      ? values.domainRules.map(({ domains, connections, perSecond }) => ({
          domains: domains.split(/[\s,;]+/).filter((domain) => domain !== ''),
          connections: orNull(connections),
          perSecond: orNull(perSecond),
        }))
      : null,
    enabled: values.enabled,
  };
}

const orNull = (amount: Amount) => (amount === '' ? null : amount);
const orLeftOut = (amount: Amount) => (amount === '' ? undefined : amount);
