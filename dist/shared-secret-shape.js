// src/config/definitions/secret-shape.ts
var PREFIXES = /^(?:sk_|pk_|rk_|whsec_|gh[opsur]_|github_pat_|glpat|xox[abprs]|AKIA|ASIA|AIza|ya29|eyJ|SG_|npm_|hf_|dop_v1_)[A-Za-z0-9_]{8,}/;
function looksLikeSecret(text) {
  if (PREFIXES.test(text)) return true;
  const words = text.split("_");
  return words.some((word) => word.length >= 20 && /\d/.test(word) && (/^[a-f0-9]+$/.test(word) || isMixed(word)));
}
function isMixed(word) {
  const kinds = [...word].map((char) => /\d/.test(char) ? "digit" : /[a-z]/.test(char) ? "lower" : "upper");
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return new Set(kinds).size > 1 && changes > word.length / 4;
}

export {
  looksLikeSecret
};
