import type { Publication } from '#audience/publication/publication.service.js';
import { invalidField } from '#kernel/errors/errors.js';
import type { DigestRow } from '../model/digest.repository.js';
import { closesAt, slotsBetween, type SlotTime } from '../schedule/slot-times.js';
import { toFloating } from '../schedule/zone-time.js';
import { groupsAt, groupsOfSlot, type DueGroup } from '../selection/reader-groups.js';
import type { CountedGroup } from './plan.repository.js';

/** Readers with the same send time. */
export interface PlannedTime {
  at: Date;
  zones: string[];
  /** Active subscribers. */
  readers: number;
  groups: DueGroup[];
}

/** Every cron fires within so long, 29 February at the latest. */
const FARTHEST_MS = 9 * 366 * 24 * 3_600_000;

/**
 * The first slot of a digest's schedule from an instant on; a local one by the publication's clocks. Null: it has no schedule.
 * @throws DomainError `invalid_input` naming `at` when none comes
 */
export function slotFrom(digest: DigestRow, publication: Publication, at: Date): SlotTime | null {
  const { cron, readerLocal } = digest;
  if (cron === null) return null;
  const schedule = { cron, readerLocal, timeZone: digest.timeZone ?? publication.timeZone };
  const from = readerLocal ? toFloating(at, publication.timeZone) : at;
  const before = new Date(from.getTime() - 1);
  const [slot] = slotsBetween(schedule, before, new Date(from.getTime() + FARTHEST_MS), 1);
  if (!slot) throw invalidField('at', 'none', 'The schedule has no time from then on.');
  return slot;
}

/** The waves of a slot, or the one of an edition by hand, in the order of their times. */
export function wavesOf(
  slot: SlotTime | null,
  groups: readonly CountedGroup[],
  at: Date,
  fallback: string,
): PlannedTime[] {
  const countOf = (zone: string, hour: number | null) =>
    groups
      .filter((one) => one.zone === zone && (slot === null || one.hour === hour))
      .reduce((sum, { readers }) => sum + readers, 0);
  const due = slot
    ? allOfSlot(slot, groups, fallback)
    : groupsAt([...new Set(groups.map(({ zone }) => zone))], at, fallback);
  const waves = new Map<number, PlannedTime>();
  for (const group of due) {
    const wave = waves.get(group.at.getTime()) ?? { at: group.at, zones: [], readers: 0, groups: [] };
    wave.groups.push(group);
    wave.readers += countOf(group.zone, group.hour);
    if (!wave.zones.includes(group.zone)) wave.zones.push(group.zone);
    waves.set(group.at.getTime(), wave);
  }
  return [...waves.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Every group of a slot, wave after wave. */
function allOfSlot(slot: SlotTime, groups: readonly CountedGroup[], fallback: string): DueGroup[] {
  const all: DueGroup[] = [];
  for (let lastWaveAt: Date | null = null; ;) {
    const { due, nextAt } = groupsOfSlot(slot, groups, { now: closesAt(slot), lastWaveAt }, fallback);
    all.push(...due);
    if (due.length === 0 || !nextAt) return all;
    lastWaveAt = new Date(Math.max(...due.map((group) => group.at.getTime())));
  }
}
