import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eq } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { publishedRecord, receivedReport } from '#database/schema/index.js';
import { Alarms } from '#feedback/alarms/alarms.js';
import { AlarmsModule } from '#feedback/alarms/alarms.module.js';
import type { Finding } from '#feedback/alarms/finding.js';
import { DeliverabilityModule } from '#feedback/deliverability/deliverability.module.js';
import { DeliverabilityService } from '#feedback/deliverability/deliverability.service.js';
import { ReportedSources } from '#feedback/deliverability/sources/reported-sources.js';
import { RecordTick } from '#feedback/deliverability/watch/record.tick.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { onEachDatabase } from '../support/databases.js';
import { DnsServer, type DnsZone } from '../support/dns-server.js';
import { silentLog, testConfig, TEST_SECRET } from '../support/test-config.js';
import { RecordingQueue } from './delivery.harness.js';

const HOUR = 3_600_000;
const ZONE: DnsZone = {
  'news.example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'], MX: ['10 mail.example.org', '10 b.example.org'] },
  'mail.example.org': { A: ['192.0.2.1'] },
  'b.example.org': { A: ['192.0.2.2'] },
  '_dmarc.news.example.org': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@news.example.org'] },
};

@Global()
@Module({})
class Surroundings {
  static of(values: { provide: unknown; useValue: unknown }[]): DynamicModule {
    const providers = [
      ...(values as { provide: typeof Clock; useValue: Clock }[]),
      Outbox,
      OutboxRepository,
      RunningJobs,
    ];
    return { module: Surroundings, providers, exports: providers };
  }
}

/** What alarms are raised, in place of the service that mails them. */
class Told {
  readonly findings: Finding[] = [];
  isBroken = false;
  raise(_tx: null, finding: Finding): Promise<string[]> {
    this.findings.push(finding);
    return this.isBroken ? Promise.reject(new Error('not today')) : Promise.resolve([]);
  }
  get reasons() {
    return this.findings.map(({ detail }) => detail['reason']);
  }
}

onEachDatabase('the watch over DNS records', (open) => {
  let database: Database;
  let dns: DnsServer;
  let clock: SettableClock;
  let told: Told;
  let modules: TestingModule[];

  /** A process of the installation. */
  const start = async (sender = 'post@news.example.org') => {
    const config = testConfig({
      mailFrom: { name: 'The Post', address: sender },
      dns: { servers: [dns.address], blockLists: [] },
    });
    const keyring = new Keyring([TEST_SECRET]);
    const module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: Config, useValue: config },
          { provide: Database, useValue: database },
          { provide: JobQueue, useValue: new RecordingQueue() },
          { provide: Keyring, useValue: keyring },
          { provide: Log, useValue: silentLog() },
          { provide: Metrics, useValue: new Metrics() },
          { provide: TokenSigner, useValue: new TokenSigner(keyring) },
        ]),
        DeliverabilityModule,
      ],
    })
      .overrideModule(AlarmsModule)
      .useModule({ module: Told, providers: [{ provide: Alarms, useValue: told }], exports: [Alarms] })
      .compile();
    await module.get(PublicationService, { strict: false }).ensure();
    modules.push(module);
    return module;
  };
  const tick = async (...hours: number[]) => {
    for (const hour of hours) {
      clock.set(new Date(clock.now().getTime() + hour * HOUR));
      await Promise.all(modules.map((module) => module.get(RecordTick).run()));
    }
  };

  beforeAll(async () => {
    database = await open();
    dns = await DnsServer.start(ZONE);
  });
  afterAll(() => dns.stop());
  beforeEach(async () => {
    await database.db.delete(publishedRecord);
    await database.db.delete(receivedReport);
    dns.zone = ZONE;
    dns.asked.length = 0;
    clock = new SettableClock('2027-01-05T09:30:00.000Z');
    told = new Told();
    modules = [];
  });

  it('looks once a day, and a day after the start for the first time', async () => {
    await start();
    await tick(0, 1, 22.9);
    expect(dns.asked).toEqual([]);
    await tick(0.2);
    const asked = dns.asked.length;
    expect(asked).toBeGreaterThan(0);
    await tick(0.1, 12, 11.8);
    expect(dns.asked).toHaveLength(asked);
    await tick(0.2);
    expect(dns.asked).toHaveLength(2 * asked);
    expect(told.findings).toEqual([]);
  });

  it('tells of a record that changed once, though two workers look', async () => {
    await start();
    await start();
    await tick(0, 24);
    const changed = {
      TXT: ['v=spf1 include:other.example -all'],
      MX: ['10 mail.example.org', '10 b.example.org'],
    };
    dns.zone = { ...ZONE, 'news.example.org': changed };
    await tick(1);
    expect(told.findings).toEqual([]);
    await tick(24, 24, 24);
    expect(told.findings).toMatchObject([
      {
        cause: 'records_changed',
        subject: 'news.example.org',
        detail: {
          reason:
            'spf of news.example.org: "v=spf1 ip4:192.0.2.1 -all" became "v=spf1 include:other.example -all".',
        },
      },
    ]);
  });

  it('takes no silence for a change, and sees a change behind it', async () => {
    await start();
    await tick(0, 24);
    dns.zone = { ...ZONE, '_dmarc.news.example.org': 'SERVFAIL', 'news.example.org': 'REFUSED' };
    await tick(24);
    expect(told.findings).toEqual([]);
    dns.zone = {
      ...ZONE,
      'news.example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'], MX: ['5 b.example.org'] },
    };
    await tick(24);
    expect(told.reasons).toEqual([
      'mx of news.example.org: "10 b.example.org, 10 mail.example.org" became "5 b.example.org".',
    ]);
  });

  it('takes mail servers in another order for the same', async () => {
    await start();
    await tick(0, 24);
    const turned = {
      ...(ZONE['news.example.org'] as object),
      MX: ['10 b.example.org', '10 mail.example.org'],
    };
    dns.zone = { ...ZONE, 'news.example.org': turned };
    await tick(24);
    expect(told.findings).toEqual([]);
  });

  it('tells it again ten minutes later when it could not be told', async () => {
    const module = await start();
    await tick(0, 24);
    dns.zone = { ...ZONE, 'news.example.org': {} };
    told.isBroken = true;
    await expect(tick(24)).rejects.toThrow('not today');
    told.isBroken = false;
    await tick(0.1);
    expect(told.findings).toHaveLength(1);
    await tick(0.1, 24);
    expect(told.findings).toHaveLength(2);
    expect(told.findings[0]).toEqual(told.findings[1]);
    const { id } = await module.get(PublicationService, { strict: false }).current();
    const rows = await database.db
      .select()
      .from(publishedRecord)
      .where(eq(publishedRecord.publicationId, id));
    expect(rows.map(({ check }) => check).sort()).toEqual([
      '',
      'dmarc news.example.org',
      'mx news.example.org',
      'spf news.example.org',
    ]);
  });

  it('forgets what is no longer asked', async () => {
    const module = await start();
    await tick(0, 24);
    const publications = module.get(PublicationService, { strict: false });
    await publications.update({ senderEmail: 'post@example.org' });
    try {
      await tick(24);
      const rows = await database.db.select().from(publishedRecord);
      expect(rows.filter(({ check }) => check.includes('news.example.org'))).toEqual([]);
      expect(told.findings).toEqual([]);
    } finally {
      await publications.update({ senderEmail: 'post@news.example.org' });
    }
  });

  it('gives what was found for a minute', async () => {
    const service = (await start()).get(DeliverabilityService);
    const [first, second] = await Promise.all([service.check(), service.check()]);
    const asked = dns.asked.length;
    expect(second).toBe(first);
    expect(first.map(({ check }) => check)).toContain('spf_transport');
    clock.set(new Date(clock.now().getTime() + 59_000));
    await service.check();
    expect(dns.asked).toHaveLength(asked);
    clock.set(new Date(clock.now().getTime() + 1_000));
    await service.check();
    expect(dns.asked).toHaveLength(2 * asked);
  });

  it('says that nothing is known of transports where there is none', async () => {
    const lines = await (await start()).get(DeliverabilityService).check();
    const about = lines.filter(({ about }) => about === 'transports');
    expect(about.map(({ check, state }) => [check, state])).toEqual([
      ['spf_transport', 'unknown'],
      ['tls_transport', 'unknown'],
      ['ptr', 'unknown'],
    ]);
  });

  describe('the sources that receivers report', () => {
    const report = async (publicationId: string, endsAt: string, rows: unknown[], more: object = {}) => {
      const row = { id: newId(), publicationId, kind: 'dmarc' as const, organisation: 'one.example', rows };
      const times = { startsAt: new Date(endsAt), endsAt: new Date(endsAt), receivedAt: new Date(endsAt) };
      const made = { ...row, ...times, reportId: row.id, domain: 'news.example.org', ...more };
      await database.db.insert(receivedReport).values(made);
    };
    const source = (sourceIp: string, count: number, dkim: string, spf: string, disposition = 'none') => ({
      sourceIp,
      count,
      dkim,
      spf,
      disposition,
      headerFrom: 'news.example.org',
    });

    it('are summed up over reports, most messages first', async () => {
      const module = await start();
      const { id } = await module.get(PublicationService, { strict: false }).current();
      await report(id, '2027-01-04T00:00:00Z', [
        source('192.0.2.1', 40, 'pass', 'pass'),
        source('192.0.2.1', 2, 'fail', 'pass'),
        source('198.51.100.9', 50, 'fail', 'fail', 'reject'),
      ]);
      await report(id, '2027-01-05T00:00:00Z', [source('192.0.2.1', 10, 'fail', 'fail')], {
        organisation: 'two.example',
      });
      await report(id, '2026-12-01T00:00:00Z', [source('192.0.2.1', 1000, 'pass', 'pass')]);
      await report(id, '2027-01-05T00:00:00Z', [{ policyType: 'sts' }], { kind: 'tls' });
      const sources = module.get(ReportedSources);
      expect(await sources.list(30)).toEqual([
        {
          sourceIp: '192.0.2.1',
          messages: 52,
          passed: 42,
          failed: 10,
          dkimPassed: 40,
          spfPassed: 42,
          stopped: 0,
          reporters: 2,
          lastAt: new Date('2027-01-05T00:00:00Z'),
        },
        {
          sourceIp: '198.51.100.9',
          messages: 50,
          passed: 0,
          failed: 50,
          dkimPassed: 0,
          spfPassed: 0,
          stopped: 50,
          reporters: 1,
          lastAt: new Date('2027-01-04T00:00:00Z'),
        },
      ]);
      expect((await sources.list(1)).map(({ sourceIp, messages }) => [sourceIp, messages])).toEqual([
        ['192.0.2.1', 10],
      ]);
    });

    it('stay numbers that JSON has, whatever a report claims', async () => {
      const module = await start();
      const { id } = await module.get(PublicationService, { strict: false }).current();
      const most = Number.MAX_SAFE_INTEGER;
      await report(id, '2027-01-05T00:00:00Z', [
        source('192.0.2.1', most, 'pass', 'pass'),
        source('192.0.2.1', most, 'pass', 'pass'),
      ]);
      expect(await module.get(ReportedSources).list(30)).toMatchObject([{ messages: most, passed: most }]);
    });
  });
});
