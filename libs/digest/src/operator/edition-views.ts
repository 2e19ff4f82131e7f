import { Injectable } from '@nestjs/common';
import { articleState, type ArticleState } from '#content/articles/article-state.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type {
  Approval,
  EditionKind,
  EditionStatus,
  PausedBy,
  Section,
  Selection,
} from '#database/schema/index.js';
import {
  EditionRepository,
  NO_DELIVERIES,
  type DeliveryCounts,
  type EditionRow,
} from '../model/edition.repository.js';

/** One issue of a digest, as operators see it. */
export interface Edition {
  id: string;
  digestId: string;
  slug: string;
  status: EditionStatus;
  /** Why it is paused or failed. */
  statusReason: string | null;
  /** Null: it is not paused. */
  pausedBy: PausedBy | null;
  kind: EditionKind;
  selection: Selection;
  /** The slot it was made for; null: by hand. */
  slotId: string | null;
  /** Null: it needs none. */
  approval: Approval | null;
  approvedAt: Date | null;
  /** When its next wave is due; null: none is to come. */
  nextWaveAt: Date | null;
  /** Liquid; null: the digest's. */
  subject: string | null;
  articleIds: string[];
  /** The same with the section that each is in, and how it stands now. */
  stories: { articleId: string; title: string; section: Section | null; state: ArticleState }[];
  preheader: string | null;
  /** Markdown. */
  intro: string | null;
  /** Goes up with each change of what is in it. */
  version: number;
  /** Sent, and until then it can be taken back; null: it can not. */
  heldUntil: Date | null;
  sendAt: Date | null;
  deadline: Date | null;
  /** When the last message will be accepted, as far as one can tell; null: not known, or finished. */
  predictedFinishAt: Date | null;
  /** Outcomes a second, lately; null: not known, or finished. */
  perSecond: number | null;
  /** The deadline was missed, or will be by the prediction. */
  late: boolean;
  warnings: string[];
  counts: DeliveryCounts;
  startedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Makes of rows what operators see. */
@Injectable()
export class EditionViews {
  constructor(
    private readonly database: Database,
    private readonly repository: EditionRepository,
    private readonly clock: Clock,
  ) {}

  async one(row: EditionRow): Promise<Edition> {
    const [edition] = await this.many([row]);
    return edition as Edition;
  }

  /** Costs two queries, however many rows there are. */
  async many(rows: EditionRow[]): Promise<Edition[]> {
    const ids = rows.map((row) => row.id);
    const counts = await this.repository.countsOf(this.database.db, ids);
    const stories = await this.repository.storiesOf(this.database.db, ids);
    const now = this.clock.now();
    return rows.map(
      ({
        publicationId: _publicationId,
        recipients: _recipients,
        batches: _batches,
        introHtml: _introHtml,
        forecast,
        lateSince,
        ...row
      }) => ({
        ...row,
        perSecond: row.finishedAt ? null : (forecast?.perSecond ?? null),
        predictedFinishAt: row.finishedAt ? null : row.predictedFinishAt,
        late: row.finishedAt
          ? row.deadline !== null && row.finishedAt > row.deadline
          : lateSince !== null && row.deadline !== null,
        articleIds: (stories.get(row.id) ?? []).map(({ articleId }) => articleId),
        stories: (stories.get(row.id) ?? []).map(({ standing, ...story }) => ({
          ...story,
          state: articleState(standing, now),
        })),
        counts: counts.get(row.id) ?? { ...NO_DELIVERIES },
      }),
    );
  }
}
