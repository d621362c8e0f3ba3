import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);

// src/compile/link-local.ts
function isLinkLocal(host) {
  const plain = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "").replace(/\.+$/, "").toLowerCase();
  const written = plain.includes(":") ? `[${plain}]` : plain;
  if (!URL.canParse(`http://${written}`)) return false;
  const { hostname } = new URL(`http://${written}`);
  if (NAMES.has(hostname)) return true;
  return hostname.startsWith("[") ? isLinkLocal6(hostname.slice(1, -1)) : hostname.startsWith("169.254.");
}
var NAMES = /* @__PURE__ */ new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
  "[fd00:ec2::254]",
  "[fd00:ec2::23]",
  "[fd20:ce::254]",
  "[fd00:c1::a9fe:a9fe]",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192"
]);
function isLinkLocal6(address) {
  const groups = groupsOf(address);
  if ((groups[0] & 65472) === 65152) return true;
  const within = embedded(groups);
  return within !== void 0 && isLinkLocal(within.flatMap((group) => [group >> 8, group & 255]).join("."));
}
function groupsOf(address) {
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...missing, ...tail].map((group) => Number.parseInt(group, 16));
}
var PREFIXES = ["0,0,0,0,0,0", "0,0,0,0,0,65535", "0,0,0,0,65535,0", "100,65435,0,0,0,0"];
function embedded(groups) {
  if (groups[0] === 8194) return groups.slice(1, 3);
  return PREFIXES.includes(groups.slice(0, 6).join()) ? groups.slice(6) : void 0;
}

export {
  isLinkLocal
};
