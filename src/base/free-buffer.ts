// Memory of a buffer, given back now and not when garbage is collected: of a large body that would be much, and late.

/** For a chunk that nothing reads any more, nor writes from. One that is a part of a larger buffer is left as it is. */
export function freeBuffer({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && byteLength === buffer.byteLength) (buffer as ArrayBuffer).transfer(0)
}
