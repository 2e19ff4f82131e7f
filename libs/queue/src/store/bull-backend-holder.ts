import { Inject, Injectable } from '@nestjs/common';
import type { BullBackend } from './bull-backend.js';

export const BULL_BACKEND = Symbol('BULL_BACKEND');

/** Gives the chosen backend a class to be injected by. */
@Injectable()
export class BullBackendHolder {
  constructor(@Inject(BULL_BACKEND) readonly backend: BullBackend) {}
}
