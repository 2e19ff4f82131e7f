import { Injectable } from '@nestjs/common';
import { ForecastRepository } from './forecast.repository.js';
import { predictFinish } from './predict-finish.js';

/** When an edition that is yet to be sent would be done. */
export interface ExpectedEnd {
  /** Null: not known, or not within 60 days. */
  finishAt: Date | null;
  /** Messages a second of the last edition; null: there was none of more than a handful. */
  perSecond: number | null;
}

/** Foretells an edition before it is sent, by the transports' limits and how fast the last one went. */
@Injectable()
export class ExpectedEnds {
  constructor(private readonly repository: ForecastRepository) {}

  async of(from: Date, messages: number): Promise<ExpectedEnd> {
    const perSecond = await this.repository.lastRate();
    const prediction = predictFinish({ from, messages, perSecond }, await this.repository.capacities(from));
    return { finishAt: prediction instanceof Date ? prediction : null, perSecond };
  }
}
