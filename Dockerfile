# One image for every role; its command selects the role (worker, api, ingest, migrate). The target `dev` also contains the
# commands of a clone that need no local servers, for example `simulate`; the production image does not.
#
# Debian rather than Alpine, because the native part of the Temporal SDK is built for glibc. The tag is exact, but its
# publisher can move it. To pin the content too, add the digest from `docker buildx imagetools inspect node:24.20.0-bookworm-slim`:
# node:24.20.0-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24.20.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No dependency needs its install script, here or in the image.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY bin ./bin
COPY scripts ./scripts
COPY dev ./dev
COPY src ./src
RUN node bin/wikigauge.mjs build && mv dist/dev dist-dev

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are only needed to bundle workflows, which the build stage has done. Removing the Temporal SDK's native
# files for other systems saves 110 MB of 320.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM ${NODE_IMAGE} AS production
ENV NODE_ENV=production
WORKDIR /app
# Without package-lock.json: bin/wikigauge.mjs treats a folder that has one as a clone, and would install and build there.
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The base image's user `node`, by number, because Kubernetes can only verify a numeric user as non-root. No role writes
# under /app.
USER 1000:1000
# The API, the metrics of a worker, and those of an API.
EXPOSE 5000 9464 9465
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["--help"]

FROM production AS dev
COPY --from=build /app/dist-dev ./dist/dev
ENTRYPOINT ["node", "dist/dev/cli.js"]

# The last stage is what a build without a target produces: the production image.
FROM production
