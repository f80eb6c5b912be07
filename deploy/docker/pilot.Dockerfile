# The control plane: `npm run build`, then
#   docker build -f deploy/docker/pilot.Dockerfile -t coxswain/pilot:0.1.0 .
# dist/ holds the program as one file with everything that it needs; nothing is installed here.

FROM node:24.21.0-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY bin ./bin
COPY proto ./proto
COPY dist ./dist

# Istio's number for proxies and the control plane; the file system may be read-only, but for /tmp.
USER 1337:1337
# Without a bound, V8 lets what is young grow to 64 MiB three times: 85 MiB more at the peak, for no less CPU (docs/performance.md).
ENTRYPOINT ["node", "--max-semi-space-size=16", "/app/bin/coxswain.mjs"]
