import { z } from 'zod';
import { HOOK_PROVIDER_NAMES, HOOK_PROVIDERS, type HookProviderName } from '../../hooks/hook-providers.js';

function inputOf(name: HookProviderName) {
  return z
    .strictObject({ provider: z.literal(name), settings: HOOK_PROVIDERS[name].settings })
    .meta({ id: `${name.charAt(0).toUpperCase()}${name.slice(1)}Hook` });
}

const [first, ...others] = HOOK_PROVIDER_NAMES;

/** What an operator says of a transport's webhook: whose it is, and how it is proved. */
export const transportHookInput = z
  .discriminatedUnion('provider', [inputOf(first), ...others.map(inputOf)])
  .meta({ id: 'TransportHookInput' });
export type TransportHookInput = z.output<typeof transportHookInput>;
