# One image for every role: the command says which (worker, api, ingest, migrate). The target `dev` also has the commands
# of a clone that need no local servers, such as `simulate`; the production image has none of them.
#
# Debian and not Alpine: the native part of the Temporal SDK is built for glibc. The tag is exact, yet its publisher can
# move it. To pin the bytes too, add the digest that `docker buildx imagetools inspect node:24.20.0-bookworm-slim` prints:
# node:24.20.0-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24.20.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Nothing that we depend on needs its install script, here or in the image.
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
# The optional packages are a compiler's, and the workflows are bundled already. Of the SDK's native part, the files for other systems go too: 110 MB of 320.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM ${NODE_IMAGE} AS production
ENV NODE_ENV=production
WORKDIR /app
# No package-lock.json: bin/wikigauge.mjs takes a folder that has one for a clone, and would install and build there.
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The base image's user `node`, by number: Kubernetes can tell only so that it is not root. No role writes under /app.
USER 1000:1000
EXPOSE 5000
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["--help"]

FROM production AS dev
COPY --from=build /app/dist-dev ./dist/dev
ENTRYPOINT ["node", "dist/dev/cli.js"]

# Last, so that a build without a target makes the production image.
FROM production
