import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The Prometheus metrics of one process (https://prometheus.io/docs/practices/naming/). Labels never hold a person. */
export class Metrics {
  readonly registry = new Registry();

  readonly mjmlCompiles = new Counter({
    name: 'broadsheet_mjml_compiles_total',
    help: 'MJML compiles, by template. An edition costs one per locale, whatever its audience.',
    labelNames: ['template'],
    registers: [this.registry],
  });
  readonly sandboxEnds = new Counter({
    name: 'broadsheet_sandbox_ended_total',
    help: "Tasks on foreign or operators' input that were ended: for time, memory, because too many waited, or their process died.",
    labelNames: ['sandbox', 'task', 'reason'],
    registers: [this.registry],
  });
  readonly deliveries = new Counter({
    name: 'broadsheet_delivery_outcomes_total',
    help: 'Outcomes of tries to deliver an edition to a reader.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly mails = new Counter({
    name: 'broadsheet_mail_outcomes_total',
    help: 'Outcomes of tries to send a single mail, by kind.',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });
  readonly smtpConnections = new Gauge({
    name: 'broadsheet_smtp_connections',
    help: 'SMTP connections open now.',
    registers: [this.registry],
  });
  readonly lateEditions = new Gauge({
    name: 'broadsheet_editions_late',
    help: 'Editions that will miss their deadline, by the prediction, or have.',
    registers: [this.registry],
  });
  readonly openAlarms = new Gauge({
    name: 'broadsheet_alarms',
    help: 'Alarms that are open: nobody has seen them, and they are not gone.',
    labelNames: ['cause'],
    registers: [this.registry],
  });
  readonly signUps = new Counter({
    name: 'broadsheet_sign_ups_total',
    help: 'Sign-up posts, by result.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly hookEvents = new Counter({
    name: 'broadsheet_hook_events_total',
    help: 'Events that providers told by webhook, each once, by provider and what it is to us.',
    labelNames: ['provider', 'kind'],
    registers: [this.registry],
  });
  readonly httpSeconds = new Histogram({
    name: 'broadsheet_http_request_seconds',
    help: 'HTTP requests, by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  private readonly outcomes = new Map<string, Counter.Internal>();

  /** Counts the outcome of a try to deliver an edition. Looking up a label costs more than counting. */
  countDelivery(outcome: string): void {
    let counter = this.outcomes.get(outcome);
    if (!counter) this.outcomes.set(outcome, (counter = this.deliveries.labels({ outcome })));
    counter.inc();
  }

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
