import { Body, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  TemplateCheckService,
  templateCheckInput,
  type TemplateCheckInput,
} from '#digest/preview/template-check.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';

const reportView = z
  .object({
    accepted: z.boolean().describe('A digest may be given it.'),
    problems: z
      .array(
        z.object({
          line: z
            .int()
            .nullable()
            .describe('Of the template; null: it is about all of it, or about the MJML made of it.'),
          code: z.string(),
          message: z.string().describe('What is wrong and what to do, with the place.'),
        }),
      )
      .describe('None when it is accepted.'),
  })
  .meta({ id: 'TemplateReport' });

@ApiController('templates')
export class TemplatesController {
  constructor(private readonly checks: TemplateCheckService) {}

  @Post('check')
  @Endpoint({
    summary: 'Whether a digest could be given a template, and if not, why; nothing is written',
    status: 200,
    returns: reportView,
    problems: [503],
  })
  check(@Body({ schema: templateCheckInput }) body: TemplateCheckInput) {
    return this.checks.check(body);
  }
}
