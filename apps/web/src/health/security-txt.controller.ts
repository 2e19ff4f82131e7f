import { Controller, Get, Header } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';

/** It is made anew each time; RFC 9116 §2.5.5 recommends less than a year. */
const VALID_MS = 180 * 86_400_000;

/** Whom to tell of a weakness (RFC 9116). */
@Controller('.well-known/security.txt')
export class SecurityTxtController {
  constructor(
    private readonly publications: PublicationService,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async show(): Promise<string> {
    const publication = await this.publications.current();
    const contact = this.config.securityContact ?? `mailto:${publication.replyTo ?? publication.senderEmail}`;
    const lines = [
      `Contact: ${contact}`,
      `Expires: ${new Date(this.clock.now().getTime() + VALID_MS).toISOString()}`,
      `Preferred-Languages: ${publication.locale}`,
      `Canonical: ${publication.baseUrl.replace(/\/+$/, '')}/.well-known/security.txt`,
    ];
    return `${lines.join('\n')}\n`;
  }
}
