// What a header may hold.

/** RFC 9110 section 5.5: no control characters, which would start another header. */
export function isHeaderValue(text: string): boolean {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(text)
}
