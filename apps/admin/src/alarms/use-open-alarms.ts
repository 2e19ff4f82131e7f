import { useList } from '../api/queries';
import type { Alarm } from '../api/types';

const LOOKED_AT = 50;

/** Alarms that nobody has seen. */
export function useOpenAlarms(): Alarm[] {
  return useList('/alarms', { state: 'open' }, { limit: LOOKED_AT }).rows ?? [];
}
