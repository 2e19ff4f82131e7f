import { Module } from '@nestjs/common';
import { WayInRepository } from './way-in.repository.js';

/** How it stands with the ways in: web shows it, the worker notes it. */
@Module({ providers: [WayInRepository], exports: [WayInRepository] })
export class WaysModule {}
