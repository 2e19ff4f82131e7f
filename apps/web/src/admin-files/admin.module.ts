import { Module } from '@nestjs/common';
import { AdminController } from './admin.controller.js';

/** Serves the operator UI. */
@Module({ controllers: [AdminController] })
export class AdminModule {}
