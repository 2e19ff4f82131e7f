import type { SlotStatus } from '#database/schema/index.js';
import { closesAt, opensAt, type SlotTime } from '../schedule/slot-times.js';
import type { SlotRow } from '../model/slot.repository.js';

/** When a slot is, as it is shown. */
export interface SlotTimes {
  /** An instant, `2026-11-23T07:00:00.000Z`; if `local`, what readers' clocks show: `2026-11-23T07:00:00`. */
  at: string;
  local: boolean;
  /** When its first readers are due. */
  opensAt: Date;
  /** After this nobody is due any more. */
  closesAt: Date;
}

/** A slot as operators see it. */
export interface Slot extends SlotTimes {
  id: string;
  digestId: string;
  status: SlotStatus;
  editionId: string | null;
  reason: string | null;
  decidedAt: Date | null;
  createdAt: Date;
}

export function timesOf(slot: Pick<SlotTime, 'at' | 'local'>): SlotTimes {
  const at = slot.at.toISOString();
  return {
    at: slot.local ? at.slice(0, at.indexOf('.')) : at,
    local: slot.local,
    opensAt: opensAt(slot),
    closesAt: closesAt(slot),
  };
}

export function slotView(row: SlotRow): Slot {
  const { id, digestId, status, editionId, reason, decidedAt, createdAt } = row;
  return { id, digestId, ...timesOf(row), status, editionId, reason, decidedAt, createdAt };
}
