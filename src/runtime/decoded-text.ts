// A small body with its Content-Encoding -> its text, within a bound.
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** Empty for what cannot be decoded, or is larger than `maxBytes` then. */
export function decodedText(bytes: Buffer, encoding: string, maxBytes: number): string {
  const limit = { maxOutputLength: maxBytes }
  try {
    switch (encoding.toLowerCase()) {
      case '':
      case 'identity':
        return bytes.toString()
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, limit).toString()
      case 'deflate':
        return inflateSync(bytes, limit).toString()
      case 'br':
        return brotliDecompressSync(bytes, limit).toString()
      default:
        return ''
    }
  } catch {
    return ''
  }
}
