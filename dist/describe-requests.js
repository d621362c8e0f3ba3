import {
  openJob,
  prepareRequest,
  requestsOf
} from "./shared-cached-source.js";
import "./shared-open-files.js";
import {
  systemClock
} from "./shared-clock.js";
import "./shared-jose.js";
import "./shared-text.js";
import "./shared-file-name.js";
import {
  Secret
} from "./shared-template.js";
import "./shared-node-fs.js";
import "./shared-version.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";

// src/deliveries/describe-requests.ts
var MASKED = new Secret("[secret]");
async function describeRequests(executor, name, options) {
  const action = executor.action(name);
  const context = { action, service: () => void 0, clock: systemClock, random: () => 0, directory: "." };
  const job = await openJob("00000000-0000-4000-8000-000000000000", context, options);
  const service = action.plan.service === void 0 ? void 0 : executor.service(action.plan.service, options.params);
  const values = { secret: () => MASKED, uuid: () => "", now: () => "" };
  const requests = requestsOf(action.plan, job.files).map(
    (_files, index) => prepareRequest(action.plan, job, index, values)
  );
  const base = service?.plan.serverUrl.display.replace(/\/$/, "") ?? "";
  const credential = [...service?.plan.removes.headers ?? []].map((header) => `${header}: [secret]`);
  return requests.map((request) => describe(request, base, credential)).join("\n");
}
function describe({ method, target, headers, body, files, idempotencyKey }, base, credential) {
  const url = target.kind === "path" ? base + target.path : target.url.href;
  const lines = [
    `${method} ${url}`,
    `Idempotency-Key: ${idempotencyKey.startsWith("00000000-0000-4000-8000") ? "(the id of the delivery)" : idempotencyKey}`,
    ...headers.map(([header, value]) => `${header}: ${value}`),
    ...credential,
    "",
    ...body.map((part) => describePart(part, files))
  ];
  return `${lines.join("\n")}
`;
}
function describePart(part, files) {
  if (part.kind === "bytes") return part.bytes.toString("utf8").trimEnd();
  const { name, size } = files[part.index];
  return `(${size} bytes of ${name})`;
}
export {
  describeRequests
};
