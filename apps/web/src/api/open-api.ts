import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Config } from '#kernel/config/config.js';
import { endpointsOf } from '../http/endpoints.js';
import { apiDocument, type ApiDocument } from './document/api-document.js';

/** The OpenAPI document of the API as it runs here. */
@Injectable()
export class OpenApi {
  private document: ApiDocument | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: Config,
  ) {}

  get(): ApiDocument {
    this.document ??= this.made();
    return this.document;
  }

  private made(): ApiDocument {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype);
    return apiDocument(endpointsOf(controllers), { baseUrl: this.config.baseUrl });
  }
}
