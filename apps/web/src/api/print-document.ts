import 'reflect-metadata';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { endpointsOf } from '../http/endpoints.js';
import { ApiModule } from './api.module.js';
import { apiDocument } from './document/api-document.js';

/** Run by itself it prints the OpenAPI document as the code has it. Nothing is started: no server, no database. */
const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, ApiModule) as unknown[];
const document = apiDocument(endpointsOf(controllers), { baseUrl: 'http://localhost:3000' });
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
