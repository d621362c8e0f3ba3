import {
  printable
} from "./shared-render-human.js";
import "./shared-runtime.js";

// src/compile/graph/graph-layout.ts
var CHAR = 7.3;
var ROW = 22;
var HEADER = 56;
var MARGIN = 24;
var PADDING = 12;
var GAP = 14;
var LANE = 120;
var ACCOUNT_HEIGHT = 44;
var HOST_HEIGHT = 30;
var LEGEND = 46;
var MIN_WIDTH = 860;
var MAX_CHARS = { name: 32, host: 42, account: 34 };
var WIDE = new RegExp("[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]|\\p{Emoji_Presentation}", "u");
function columnsOf(text2) {
  return [...text2].reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0);
}
function fit(text2, maxColumns) {
  if (columnsOf(text2) <= maxColumns) return text2;
  let cut = "";
  for (const char of text2) {
    if (columnsOf(cut + char) >= maxColumns) break;
    cut += char;
  }
  return `${cut}\u2026`;
}
function widest(texts, maxColumns) {
  return CHAR * Math.min(maxColumns, Math.max(4, ...texts.map(columnsOf)));
}
function accountLabel({ name, inPlace }) {
  return inPlace ? `${name} (in place)` : name;
}
function withActionRows(account) {
  const services = account.services.flatMap((service) => [
    service,
    ...(service.actions ?? []).map(({ request, ...action }) => ({
      ...action,
      name: `\u21B3 ${action.name}`,
      host: request,
      takes: []
    }))
  ]);
  return { ...account, services };
}
function layoutGraph({ accounts: plain, tokenHosts }) {
  const accounts = plain.map(withActionRows);
  const services = accounts.flatMap((account) => account.services);
  const nameWidth = widest(
    services.map(({ name }) => name),
    MAX_CHARS.name
  );
  const hostWidth = widest(
    services.map(({ host }) => host),
    MAX_CHARS.host
  );
  const nameX = MARGIN + PADDING;
  const hostX = nameX + nameWidth + 2 * CHAR;
  const servicesWidth = hostX + hostWidth + PADDING - MARGIN;
  const labels = accounts.flatMap((account) => [accountLabel(account), account.kind]);
  const accountX = MARGIN + servicesWidth + LANE;
  const accountWidth = widest(labels, MAX_CHARS.account) + 2 * PADDING;
  const blocks = placeBlocks(accounts, { servicesWidth, accountX, accountWidth });
  const hostsX = accountX + accountWidth + LANE;
  const hostsWidth = widest(tokenHosts, MAX_CHARS.host) + 2 * PADDING;
  const hosts = tokenHosts.map((name) => placeHost(name, blocks, { x: hostsX, width: hostsWidth }));
  const right = tokenHosts.length > 0 ? hostsX + hostsWidth : accountX + accountWidth;
  const bottom = Math.max(
    HEADER,
    ...blocks.map(({ box, services: own }) => Math.max(bottomOf(box), own ? bottomOf(own.box) : 0))
  );
  return {
    width: Math.max(MIN_WIDTH, Math.ceil(right + MARGIN)),
    height: Math.ceil(bottom + LEGEND + MARGIN),
    nameX,
    hostX,
    blocks,
    hosts
  };
}
function bottomOf({ y, height }) {
  return y + height;
}
function placeBlocks(accounts, columns) {
  let y = HEADER;
  return accounts.map((account) => {
    const listHeight = account.services.length === 0 ? 0 : account.services.length * ROW + PADDING;
    const height = Math.max(listHeight, ACCOUNT_HEIGHT);
    const middle = y + height / 2;
    const block = {
      account,
      box: { x: columns.accountX, y: middle - ACCOUNT_HEIGHT / 2, width: columns.accountWidth, height: ACCOUNT_HEIGHT },
      services: listHeight === 0 ? void 0 : placeServices(account.services, { middle, listHeight, width: columns.servicesWidth })
    };
    y += height + GAP;
    return block;
  });
}
function placeServices(services, { middle, listHeight, width }) {
  const top = middle - listHeight / 2;
  const rows = services.map((service, index) => ({ service, y: top + PADDING / 2 + (index + 0.5) * ROW }));
  return { box: { x: MARGIN, y: top, width, height: listHeight }, rows };
}
function placeHost(name, blocks, { x, width }) {
  const own = blocks.filter(({ account }) => account.tokenHost === name);
  const middle = (own[0].box.y + bottomOf(own.at(-1).box)) / 2;
  return { name, box: { x, y: middle - HOST_HEIGHT / 2, width, height: HOST_HEIGHT } };
}

// src/compile/graph/graph-svg.ts
var STYLE = `
    svg.bearerd { color-scheme: light dark; font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
    svg.bearerd .ground { fill: #ffffff } svg.bearerd text { fill: #1f2328 } svg.bearerd .dim { fill: #59636e }
    svg.bearerd .head { font-weight: bold } svg.bearerd rect.service { fill: #f6f8fa; stroke: #b7c0c9 }
    svg.bearerd rect.account { fill: #ddf4ff; stroke: #0969da } svg.bearerd rect.host { fill: #dafbe1; stroke: #1a7f37 }
    svg.bearerd path { fill: none; stroke: #59636e; stroke-width: 1.3 } svg.bearerd path.feed { stroke: #bc4c00; stroke-dasharray: 5 4 }
    svg.bearerd marker path { fill: #59636e; stroke: none } svg.bearerd #feed-end path { fill: #bc4c00 }
    @media (prefers-color-scheme: dark) {
      svg.bearerd .ground { fill: #0d1117 } svg.bearerd text { fill: #f0f6fc } svg.bearerd .dim { fill: #9aa4ae }
      svg.bearerd rect.service { fill: #161b22; stroke: #4b535d }
      svg.bearerd rect.account { fill: #10233d; stroke: #4493f8 } svg.bearerd rect.host { fill: #0f2a1a; stroke: #3fb950 }
      svg.bearerd path { stroke: #9aa4ae } svg.bearerd path.feed { stroke: #f0883e }
      svg.bearerd marker path { fill: #9aa4ae } svg.bearerd #feed-end path { fill: #f0883e }
    }
  `;
function renderGraphSvg(graph) {
  const layout = layoutGraph(graph);
  const { width, height } = layout;
  const targets = targetsOf(layout);
  const open = `<svg xmlns="http://www.w3.org/2000/svg" class="bearerd" role="img" aria-labelledby="title description"`;
  return [
    `${open} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `  <title id="title">${escapeXml(titleOf(graph))}</title>`,
    `  <desc id="description">${escapeXml(descriptionOf(graph))}</desc>`,
    `  <style>${STYLE}</style>`,
    `  <defs>${arrowHead("end")}${arrowHead("feed-end")}</defs>`,
    `  <rect class="ground" width="${width}" height="${height}"/>`,
    ...heads(layout),
    ...layout.blocks.flatMap((block) => edges(block, targets)),
    ...layout.blocks.flatMap((block) => blockElements(block, layout)),
    ...layout.hosts.flatMap(({ name, box }) => [
      rectangle(box, "host"),
      text(fit(name, MAX_CHARS.host), { x: box.x + 12, y: box.y + 19 }, { full: name })
    ]),
    ...legend(layout),
    "</svg>\n"
  ].join("\n");
}
function escapeXml(value) {
  const references = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return printable(value).toWellFormed().replace(/[&<>"]/g, (char) => references[char]).replace(/[\ufffe\uffff]/g, "\uFFFD");
}
function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
function titleOf({ accounts, tokenHosts }) {
  const services = accounts.reduce((sum, account) => sum + account.services.length, 0);
  return [count(services, "service"), count(accounts.length, "account"), count(tokenHosts.length, "token host")].join(
    ", "
  );
}
function descriptionOf({ accounts }) {
  const sentences = accounts.map((account) => {
    const opens = account.services.length > 0 ? account.services.map(({ name }) => name).join(", ") : "no service";
    const tokens = account.tokenHost === void 0 ? "" : `, with tokens from ${account.tokenHost}`;
    const fed = account.fedBy.length > 0 ? `, fed by ${account.fedBy.join(", ")}` : "";
    return `Account ${accountLabel(account)} (${account.kind}) opens ${opens}${tokens}${fed}.`;
  });
  return sentences.join(" ");
}
function arrowHead(id) {
  const box = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"';
  return `<marker id="${id}" ${box}><path d="M0 0L8 4L0 8z"/></marker>`;
}
function text(value, at, { className, full } = {}) {
  const attributes = `x="${round(at.x)}" y="${round(at.y)}"${className ? ` class="${className}"` : ""}`;
  const tooltip = full !== void 0 && full !== value ? `<title>${escapeXml(full)}</title>` : "";
  return `  <text ${attributes}>${tooltip}${escapeXml(value)}</text>`;
}
function round(number) {
  return Math.round(number * 10) / 10;
}
function rectangle({ x, y, width, height }, className) {
  const radius = className === "host" ? 15 : 6;
  return `  <rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}
function heads({ blocks, hosts }) {
  const y = HEADER - 20;
  const head = (value, x) => text(value, { x, y }, { className: "head" });
  if (blocks.length === 0) return [head("no services", MARGIN)];
  const host = hosts[0] ? [head("Token hosts", hosts[0].box.x)] : [];
  return [head("Services", MARGIN), head("Accounts", blocks[0].box.x), ...host];
}
function blockElements({ account, box, services }, { nameX, hostX }) {
  const label = accountLabel(account);
  const full = account.title === void 0 ? label : `${label}: ${account.title}`;
  const rows = (services?.rows ?? []).flatMap(({ service, y }) => {
    const whole = service.title === void 0 ? service.name : `${service.name}: ${service.title}`;
    return [
      text(fit(service.name, MAX_CHARS.name), { x: nameX, y: y + 4 }, { full: whole }),
      text(fit(service.host, MAX_CHARS.host), { x: hostX, y: y + 4 }, { className: "dim", full: service.host })
    ];
  });
  return [
    ...services ? [rectangle(services.box, "service")] : [],
    ...rows,
    rectangle(box, "account"),
    text(fit(label, MAX_CHARS.account), { x: box.x + 12, y: box.y + 18 }, { full }),
    text(
      fit(account.kind, MAX_CHARS.account),
      { x: box.x + 12, y: box.y + 34 },
      { className: "dim", full: account.kind }
    )
  ];
}
function middleOf({ y, height }) {
  return y + height / 2;
}
function targetsOf({ blocks, hosts }) {
  return {
    accounts: new Map(blocks.map((block) => [block.account.key, block.box])),
    hosts: new Map(hosts.map(({ name, box }) => [name, box]))
  };
}
function edges({ account, box, services }, { accounts, hosts }) {
  const host = account.tokenHost === void 0 ? void 0 : hosts.get(account.tokenHost);
  const opens = services ? [curve(rightOf(services.box), leftOf(box), "end")] : [];
  const asks = host ? [curve(rightOf(box), leftOf(host), "end")] : [];
  const feeds = account.fedBy.map((key) => loop(box, accounts.get(key)));
  const takes = (services?.rows ?? []).flatMap(
    ({ service, y }) => service.takes.map(
      (key) => curve({ x: services.box.x + services.box.width, y }, lowerLeftOf(accounts.get(key)), "feed-end")
    )
  );
  return [...opens, ...asks, ...feeds, ...takes];
}
function rightOf(box) {
  return { x: box.x + box.width, y: middleOf(box) };
}
function leftOf(box) {
  return { x: box.x, y: middleOf(box) };
}
function lowerLeftOf(box) {
  return { x: box.x, y: box.y + box.height - 8 };
}
function curve(from, to, end) {
  const bend = (to.x - from.x) / 2;
  const className = end === "feed-end" ? ' class="feed"' : "";
  const path = `M${point(from)}C${point({ x: from.x + bend, y: from.y })} ${point({ x: to.x - bend, y: to.y })} ${point(to)}`;
  return `  <path${className} d="${path}" marker-end="url(#${end})"/>`;
}
function loop(from, to) {
  const below = to.y > from.y;
  const start = { x: from.x, y: from.y + (below ? from.height - 8 : 8) };
  const target = { x: to.x, y: to.y + (below ? 8 : to.height - 8) };
  const bend = Math.min(90, 24 + Math.abs(target.y - start.y) / 6);
  const path = `M${point(start)}C${point({ x: start.x - bend, y: start.y })} ${point({ x: target.x - bend, y: target.y })} ${point(target)}`;
  return `  <path class="feed" d="${path}" marker-end="url(#feed-end)"/>`;
}
function point({ x, y }) {
  return `${round(x)} ${round(y)}`;
}
function legend({ blocks, height }) {
  const y = height - MARGIN;
  const feeds = blocks.some(
    ({ account }) => account.fedBy.length > 0 || account.services.some(({ takes }) => takes.length > 0)
  );
  const solid = "opened by an account, which asks for tokens";
  const dashed = "takes the bearer of another account as its secret";
  const second = MARGIN + 48 + CHAR * solid.length + 40;
  const line = (x, end) => curve({ x, y: y - 4 }, { x: x + 36, y: y - 4 }, end);
  const first = [line(MARGIN, "end"), text(solid, { x: MARGIN + 48, y }, { className: "dim" })];
  return feeds ? [...first, line(second, "feed-end"), text(dashed, { x: second + 48, y }, { className: "dim" })] : first;
}
export {
  renderGraphSvg
};
