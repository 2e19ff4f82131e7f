import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { changedFindings, isKnown } from '../changed-findings.js';
import type { Check, CheckName } from '../check.js';
import { DeliverabilityService } from '../deliverability.service.js';
import { asciiDomain } from '../dns/names.js';
import { isNearBy } from '../dns/near-by.js';
import { PublishedRecordRepository, type PublishedRecord } from './published-record.repository.js';
import { RecordChanges } from './record-changes.js';

const DAY_MS = 86_400_000;
/** Much longer than a look takes: then whoever had the turn has died, and the next may have it. */
const TURN_MS = 10 * 60_000;

/** Looks once a day whether SPF, DKIM, DMARC and MX are published as they were. */
@Injectable()
@OnTick({ order: 95 })
export class RecordTick implements TickTask {
  readonly name = 'records';

  constructor(
    private readonly publications: PublicationService,
    private readonly deliverability: DeliverabilityService,
    private readonly records: PublishedRecordRepository,
    private readonly changes: RecordChanges,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const { id: publicationId, senderEmail } = await this.publications.current();
    const domain = asciiDomain(senderEmail.slice(senderEmail.lastIndexOf('@') + 1));
    if (isNearBy(domain)) return; // nothing is published for it
    const now = this.clock.now();
    const before = new Date(now.getTime() - DAY_MS);
    const next = new Date(before.getTime() + TURN_MS);
    if (!(await this.records.takeTurn(publicationId, { now, before, next }))) return;

    const lines = await this.deliverability.published();
    const known = (await this.records.known(publicationId)).map(lineOf);
    const changes = changedFindings(known, lines);
    // First, so that no change is lost when noting it fails.
    if (changes.length > 0) await this.changes.changed({ publicationId, domain, changes });
    const found = lines.filter(isKnown).map((line) => ({ check: keyOf(line), found: line.found }));
    await this.records.note(publicationId, { found, asked: lines.map(keyOf), now });
  }
}

const keyOf = ({ check, about }: Check) => `${check} ${about}`;

function lineOf({ check, found }: PublishedRecord): Check {
  const gap = check.indexOf(' ');
  const name = check.slice(0, gap) as CheckName;
  return { check: name, about: check.slice(gap + 1), state: 'ok', found, publish: '', why: '' };
}
