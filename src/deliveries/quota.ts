// How much of `daemon.state.maxSize` is taken: what is stored, and what is on its way in.
import { AppError } from '../base/error.ts'

export class Quota {
  readonly #maxBytes: () => number
  readonly #incoming = new Map<string, number>()
  #stored = 0

  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes
  }

  /** Throws AppError `storage_full` when so many bytes more do not fit. */
  checkRoom(bytes: number): void {
    const incoming = [...this.#incoming.values()].reduce((sum, size) => sum + size, 0)
    if (this.#stored + incoming + bytes <= this.#maxBytes()) return
    throw new AppError(
      'storage_full',
      'the files of waiting deliveries fill `daemon.state.maxSize`; nothing was accepted',
    )
  }

  /** Throws AppError `storage_full`. */
  receive(id: string, bytes: number): void {
    this.checkRoom(bytes)
    this.#incoming.set(id, (this.#incoming.get(id) ?? 0) + bytes)
  }

  /** Gives its bytes. */
  kept(id: string): number {
    const bytes = this.#incoming.get(id) ?? 0
    this.#stored += bytes
    this.#incoming.delete(id)
    return bytes
  }

  dropped(id: string): void {
    this.#incoming.delete(id)
  }

  removed(bytes: number): void {
    this.#stored = Math.max(0, this.#stored - bytes)
  }

  /** As it was counted. */
  set(storedBytes: number): void {
    this.#stored = storedBytes
  }
}
