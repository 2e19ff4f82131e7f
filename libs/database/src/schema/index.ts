export * from './audience.js';
export * from './content.js';
export * from './delivery.js';
export * from './digest.js';
export * from './feed.js';
export * from './feedback.js';
export * from './publication.js';
export * from './transport.js';
