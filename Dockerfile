# One image for every process: web (the default), worker, standalone and the CLI. See docs/install.md.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build

FROM node:${NODE_VERSION}-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:${NODE_VERSION}-slim
# The semi-space: Node 24 would let the young generation grow to 128 MB (docs/scale.md). Its lower bound cannot stand here.
ENV NODE_OPTIONS=--max-semi-space-size=16
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json
WORKDIR /app
# Where the embedded stores live, or a worker's journals: put a volume here.
RUN mkdir /data && chown node:node /data && chmod 700 /data
COPY package.json package-lock.json LICENSE ./
COPY scripts scripts
COPY templates templates
COPY apps/web/public apps/web/public
COPY libs/database/migrations libs/database/migrations
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
# For web and standalone. A worker answers on WORKER_PORT instead: docker-compose.yml asks it there.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--min-semi-space-size=16", "scripts/start.mjs", "web"]
