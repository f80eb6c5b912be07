# Envoy and our agent, for gateways: `npm run build`, then
#   docker build -f deploy/docker/proxyv2.Dockerfile -t coxswain/proxyv2:0.1.0 .

FROM envoyproxy/envoy:distroless-v1.40.0 AS envoy

FROM node:24.21.0-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app
# The agent takes the Envoy that it finds on PATH.
COPY --from=envoy /usr/local/bin/envoy /usr/local/bin/envoy
COPY package.json LICENSE ./
COPY bin ./bin
COPY proto ./proto
COPY dist ./dist

# The bootstrap is written to /tmp.
USER 1337:1337
ENTRYPOINT ["node", "/app/bin/coxswain.mjs"]
