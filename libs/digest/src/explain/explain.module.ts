import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestContentModule } from '../content/content.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { SelectionModule } from '../selection/selection.module.js';
import { ExplainRepository } from './explain.repository.js';
import { ExplainService } from './explain.service.js';
import { PlanRepository } from './plan.repository.js';
import { PlanService } from './plan.service.js';

/** Why a reader gets what, and what will happen. */
@Module({
  imports: [DigestContentModule, DigestModelModule, PublicationModule, RenderingModule, SelectionModule],
  providers: [ExplainRepository, ExplainService, PlanRepository, PlanService],
  exports: [ExplainService, PlanService],
})
export class ExplainModule {}
