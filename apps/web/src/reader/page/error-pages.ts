import { STATUS_CODES } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catalogue } from '#rendering/template/locales.js';
import { escapeHtml } from '#rendering/template/placeholders.js';
import { Pages } from './pages.js';

/** The page a browser sees when something went wrong. */
@Injectable()
export class ErrorPages {
  constructor(private readonly pages: Pages) {}

  /**
   * @param message in English; shown for a status that has no text of its own
   * @returns an HTML document, whatever state the stores are in
   */
  async render(status: number, message: string, request: FastifyRequest): Promise<string> {
    try {
      const context = await this.pages.context(request);
      const isKnown = catalogue(context.locale)[`pages.error.${status}.title`] !== undefined;
      const key = isKnown ? String(status) : status >= 500 ? '500' : '400';
      return this.pages.render(context, 'error', {
        title: this.pages.text(context, `error.${key}.title`),
        text: isKnown || status >= 500 ? this.pages.text(context, `error.${key}.text`) : message,
        status,
        isPrivate: true,
      });
    } catch {
      // The database may be what failed.
      return plainPage(status, message);
    }
  }
}

function plainPage(status: number, message: string): string {
  const title = escapeHtml(STATUS_CODES[status] ?? 'Error');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${escapeHtml(message)}</p></html>`;
}
