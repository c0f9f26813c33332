# syntax=docker/dockerfile:1
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-slim
# Needs tokens, client certificates or DETRAILS_INSECURE=1: it listens on more than loopback (docs/operations.md).
ENV NODE_ENV=production DETRAILS_HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE NOTICE openapi.yaml ./
COPY data data
COPY examples examples
COPY src src
# `node` in this image; a number, so that Kubernetes can tell that it is not root. Nothing below /app is written.
USER 1000:1000
EXPOSE 8080
# Asks itself, with whichever certificate it has.
HEALTHCHECK --interval=10s --timeout=2s --start-period=10s CMD ["node", "-e", "\
const { DETRAILS_TLS_CERT_FILE: cert, DETRAILS_PORT: port = 8080 } = process.env;\
const options = { port, path: '/livez', rejectUnauthorized: false };\
require(cert ? 'https' : 'http').get(options, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1))\
.on('error', () => process.exit(1));"]
# The flags of `npm start` (docs/decisions/0003).
ENTRYPOINT ["node", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--heap-growing-percent=30", "src/cli.ts"]
CMD ["serve"]
