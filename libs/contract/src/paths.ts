import type { components, paths } from './operator-api.js';

/** What lies below `/api/v1`, by its path from there: `/articles/{id}`. For openapi-fetch. */
export type ApiPaths = {
  [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path];
};

/** What is sent and answered, by its name: `Schemas['Article']`. */
export type Schemas = components['schemas'];
