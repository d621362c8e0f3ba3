// src/base/error.ts
var AppError = class extends Error {
  name = "AppError";
  code;
  details;
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
};
function isStateError(error) {
  return error instanceof AppError && (error.code === "state_unavailable" || error.code === "state_refused");
}
function appErrorIn(error) {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++)
    if (current instanceof AppError) return current;
  return void 0;
}
function systemErrorCode(error) {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    const nested = current instanceof AggregateError ? current.errors[0] : void 0;
    const code = current.code ?? nested?.code;
    if (typeof code === "string") return code;
  }
  return void 0;
}
function errorFacts(error) {
  const code = systemErrorCode(error);
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  return {
    error: error instanceof AppError ? error.message : error.name.replace(/\W/g, ""),
    ...code !== void 0 && /^[A-Z_0-9]{1,40}$/.test(code) && { errorCode: code },
    stack: (error.stack ?? "").split("\n").filter((line) => /^ {4}at (?:[\w.<>#[\] ]+ )?\(?(?:file|node):[^\s)]*\)?$/.test(line))
  };
}

export {
  AppError,
  isStateError,
  appErrorIn,
  systemErrorCode,
  errorFacts
};
